/** The listener while its acceptance is on its way: its fingerprint for the signing machine, and the first certificates when they come back. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Errand, Errands } from '../../design/Errands.tsx';
import { navigate } from '../../routing/path.ts';
import { OwnFingerprint } from './OwnFingerprint.tsx';
import { TakeCertificates, type TakeCertificatesProps } from './TakeCertificates.tsx';

export const CarryAcceptance = ({ link, came, onCame }: TakeCertificatesProps): ReactNode => (
  <Errands label="Steps of the pairing">
    <Errand title="Carry the acceptance to the signing machine" standing="done">
      <p className="muted">Is it lost? Take the same invitation again, and the same acceptance is written once more.</p>
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => {
            navigate('/courier?pair=listener');
          }}
        >
          Write it again
        </Button>
      </div>
    </Errand>
    <Errand title="Have it confirmed there" where={`At ${link.peer?.name ?? 'the signing machine'}`}>
      <p>The signing machine asks for the fingerprint of this one, and writes the first certificates:</p>
      <OwnFingerprint own={link.own} />
    </Errand>
    <Errand title="Take the file that came back">
      <TakeCertificates link={link} came={came} onCame={onCame} />
    </Errand>
  </Errands>
);
