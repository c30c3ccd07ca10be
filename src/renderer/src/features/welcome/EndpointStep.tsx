/** The first SCEP URL: what gets a device its certificate, which cryptography is taken, and what a certificate is for. */
import { Button, Select } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { useChannel, useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { type Choice, ChoiceCards } from '../../design/ChoiceCards.tsx';
import { CopyLine } from '../../design/CopyLine.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { Answered } from '../../design/Page.tsx';
import { StepFrame } from './StepFrame.tsx';
import styles from './welcome.module.css';

type Endpoint = Output<'endpoints.list'>['items'][number];
type Profile = Output<'profiles.list'>['items'][number];

const AUTHORIZATIONS: readonly Choice<Endpoint['authorization']>[] = [
  { value: 'challenge-or-hold', title: 'A challenge, or you', tag: 'Recommended', text: 'With a one-time challenge that you made, a device gets its certificate at once; without one it waits for your approval.' },
  { value: 'hold', title: 'Always you', text: 'Every first request waits for you, and you compare its fingerprint with what the device shows.' },
  { value: 'challenge-only', title: 'A challenge only', text: 'A device without a valid challenge is turned away. For management systems that bring one.' },
];

const COMPATIBILITIES: readonly Choice<Endpoint['compatibility']>[] = [
  { value: 'standard', title: 'Standard', tag: 'Recommended', text: 'AES and SHA-2, and for older devices 3DES and SHA-1 on the way. Certificates are SHA-256 always.' },
  { value: 'strict', title: 'Strict', text: 'AES and SHA-2 only. Many printers, switches and older routers cannot do it.' },
  { value: 'legacy', title: 'Legacy', text: 'Also single DES, MD5 and RSA-1024, which can be broken. Only for devices that can do no better.' },
];

/** The profiles that come with the product; others are told by their name. */
const PROFILES: Readonly<Record<string, string>> = {
  device: 'A device proves who it is: Wi-Fi, VPN, 802.1X',
  user: 'A person proves who they are, and signs or encrypts e-mail',
  'tls-server': 'A device serves web pages or another TLS service by its name',
};

export function EndpointStep({ onDone, onBack }: { readonly onDone: () => void; readonly onBack: () => void }): ReactNode {
  const endpoints = useChannel('endpoints.list', { limit: 500 });
  const profiles = useChannel('profiles.list', { limit: 500 });
  return (
    <Answered query={endpoints}>
      {({ items }) => (
        <Answered query={profiles}>
          {(page) => {
            const endpoint = items.find(({ path }) => path === '/scep') ?? items[0];
            return endpoint === undefined ? <NoEndpoint onDone={onDone} /> : <EndpointForm key={endpoint.id} endpoint={endpoint} profiles={page.items} onDone={onDone} onBack={onBack} />;
          }}
        </Answered>
      )}
    </Answered>
  );
}

interface EndpointFormProps {
  readonly endpoint: Endpoint;
  readonly profiles: readonly Profile[];
  readonly onDone: () => void;
  readonly onBack: () => void;
}

function EndpointForm({ endpoint, profiles, onDone, onBack }: EndpointFormProps): ReactNode {
  const [authorization, setAuthorization] = useState(endpoint.authorization);
  const [compatibility, setCompatibility] = useState(endpoint.compatibility);
  const [profileId, setProfileId] = useState(endpoint.profileId);
  const save = useVerb('endpoints.save', {
    touches: ['endpoints.list'],
    onDone: () => {
      announce('The endpoint is saved');
      onDone();
    },
  });
  const changed = authorization !== endpoint.authorization || compatibility !== endpoint.compatibility || profileId !== endpoint.profileId;
  return (
    <StepFrame
      title="How do devices get a certificate?"
      lead="An endpoint is the URL that you give to devices, with the rules that hold there. This is your first; you can add others with rules of their own."
      onSubmit={() => {
        if (changed) save.mutate({ id: endpoint.id, version: endpoint.version, authorization, compatibility, profileId });
        else onDone();
      }}
      foot={
        <>
          <Button type="submit" loading={save.isPending}>
            Continue
          </Button>
          <Button variant="subtle" color="slate" onClick={onBack}>
            Back
          </Button>
        </>
      }
    >
      {endpoint.url !== null && <CopyLine value={endpoint.url} label="Copy the SCEP URL" />}
      <ChoiceCards label="What a device needs" choices={AUTHORIZATIONS} value={authorization} onChange={setAuthorization} />
      <ChoiceCards label="Cryptography on the way" choices={COMPATIBILITIES} value={compatibility} onChange={setCompatibility} />
      {compatibility === 'legacy' && (
        <Note tone="warning" title="Legacy cryptography can be broken">
          Whoever records the network can read the challenges that are sent here. Keep this endpoint only as long as a device needs it.
        </Note>
      )}
      <Select
        label="What the certificates are for"
        description={PROFILES[profileId] === undefined ? undefined : `${PROFILES[profileId]}.`}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={profiles.map(({ id, name }) => ({ value: id, label: name }))}
        allowDeselect={false}
        maw={420}
        value={profileId}
        onChange={(chosen) => {
          if (chosen !== null) setProfileId(chosen);
        }}
      />
      {save.error !== null && <ProblemNote problem={save.error.problem} />}
    </StepFrame>
  );
}

const NoEndpoint = ({ onDone }: { readonly onDone: () => void }): ReactNode => (
  <StepFrame title="There is no endpoint" lead="It was removed. Devices have no URL to enrol at until you make another one under Endpoints." foot={<Button onClick={onDone}>Continue</Button>}>
    <p className={styles.quiet}>You can finish here and come back to it.</p>
  </StepFrame>
);
