/** A listener's authority comes by courier: the first run goes on there. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { navigate } from '../../routing/path.ts';
import { StepFrame } from './StepFrame.tsx';

export const ToCourier = ({ onBack }: { readonly onBack: () => void }): ReactNode => (
  <StepFrame
    title="Pair with the signing machine"
    lead="The CA’s certificate comes from the signing machine, on a stick. Its key stays there."
    foot={
      <>
        <Button
          onClick={() => {
            navigate('/courier?pair=listener');
          }}
        >
          Take the invitation
        </Button>
        <Button variant="subtle" color="slate" onClick={onBack}>
          Back
        </Button>
      </>
    }
  >
    <p className="muted">On the signing machine: Courier, “The signing machine”, and write the invitation. You can close this window meanwhile.</p>
  </StepFrame>
);
