/** What kind of CA it is to be. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ChoiceCards, type Choice } from '../../design/ChoiceCards.tsx';
import type { Kind } from './steps.ts';
import { StepFrame } from './StepFrame.tsx';

const CHOICES: readonly Choice<Kind>[] = [
  {
    value: 'one',
    title: 'One CA',
    tag: 'Recommended',
    icon: 'authority',
    text: 'A single CA that signs every certificate. Devices trust this one certificate and nothing else.',
    aside: 'Costs nothing more. If its key is ever lost or stolen, every device has to trust a new CA.',
  },
  {
    value: 'hierarchy',
    title: 'Root and issuing CA',
    icon: 'certificate',
    text: 'A root that devices trust, and an issuing CA beneath it that does the daily work.',
    aside: 'The issuing CA can be replaced without touching the devices. Some simple devices cannot follow a chain, and both keys lie here.',
  },
  {
    value: 'offline',
    title: 'Issuing CA under a root elsewhere',
    icon: 'link',
    text: 'Your root stays where it is, offline or in another program, and signs this CA once.',
    aside: 'The safest. You carry a file to the root and its answer back; devices cannot enrol until then.',
  },
  {
    value: 'import',
    title: 'A CA that I already have',
    icon: 'download',
    text: 'Bring its certificate and private key, as PKCS #12 or PEM files. Devices that trust it go on doing so.',
    aside: 'You need the private key in a file. Revocations made elsewhere before are not known here.',
  },
];

export function KindStep({ chosen, onDone }: { readonly chosen: Kind | undefined; readonly onDone: (kind: Kind) => void }): ReactNode {
  const [kind, setKind] = useState<Kind>(chosen ?? 'one');
  return (
    <StepFrame
      title="What kind of CA do you want?"
      lead="A certificate authority (CA) signs the certificates by which your devices prove who they are. For an office, one is enough; you can add others later."
      onSubmit={() => {
        onDone(kind);
      }}
      foot={<Button type="submit">Continue</Button>}
    >
      <ChoiceCards label="Kind of CA" hideLabel choices={CHOICES} value={kind} onChange={setKind} />
    </StepFrame>
  );
}
