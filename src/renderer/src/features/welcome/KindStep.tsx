/** What kind of CA it is to be. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ChoiceCards, type Choice } from '../../design/ChoiceCards.tsx';
import type { Kind } from './steps.ts';
import { StepFrame } from './StepFrame.tsx';

const NEW: readonly Choice<Kind>[] = [
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
];

/** A CA that exists already comes here, or is listened for. */
const EXISTING: readonly Choice<Kind>[] = [
  {
    value: 'import',
    title: 'A CA that I already have',
    icon: 'download',
    text: 'Bring its key and certificate, with what it issued and revoked: from openssl ca, XCA, step-ca, micromdm, AD CS, or as PKCS #12 and PEM.',
    aside: 'You need the private key in a file. Devices go on renewing; a dry run shows first what comes.',
  },
  {
    value: 'restore',
    title: 'Restore from a backup',
    icon: 'undo',
    text: 'A Countersign that ran elsewhere, or was lost, goes on here with everything that it had. You need the file and its passphrase.',
  },
  {
    value: 'listener',
    title: 'Listen for a CA on an offline machine',
    icon: 'stick',
    text: 'This computer meets the devices and never holds the CA key: requests go to the signing machine on a stick. Begin there.',
  },
];

export interface KindStepProps {
  readonly chosen: Kind | undefined;
  /** Nothing is in the data folder: only there can a backup be restored. */
  readonly empty: boolean;
  readonly onDone: (kind: Kind) => void;
}

export function KindStep({ chosen, empty, onDone }: KindStepProps): ReactNode {
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
      <ChoiceCards label="A new CA" choices={NEW} value={kind} onChange={setKind} />
      <ChoiceCards label="A CA that exists already" choices={EXISTING.filter(({ value }) => empty || value !== 'restore')} value={kind} onChange={setKind} />
    </StepFrame>
  );
}
