/** The listener while its acceptance is on its way: its fingerprint for the signing machine, and the first certificates when they come back. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Errand, Errands } from '../../design/Errands.tsx';
import { SaveButton } from '../../design/SaveButton.tsx';
import { navigate } from '../../routing/path.ts';
import { OwnFingerprint } from './OwnFingerprint.tsx';
import { pairingFile } from './pairingFiles.ts';
import { TakeCertificates, type TakeCertificatesProps } from './TakeCertificates.tsx';

export const CarryAcceptance = ({ link, came, onCame }: TakeCertificatesProps): ReactNode => (
  <Errands label="Steps of the pairing">
    <Errand title="Carry the acceptance to the signing machine" standing="done">
      <Again link={link.id} />
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

/** As long as this window has it; after that, from the invitation. */
function Again({ link }: { readonly link: string }): ReactNode {
  const acceptance = pairingFile(link);
  return acceptance !== undefined ? (
    <div>
      <SaveButton size="xs" files={() => Promise.resolve([acceptance])}>
        Save it once more
      </SaveButton>
    </div>
  ) : (
    <>
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
    </>
  );
}
