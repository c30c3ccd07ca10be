/** Commands and facts by which a first device enrols, with a one-time challenge that is made and shown here once. */
import { Button, SegmentedControl, Tabs } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { useChannel, useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { CopyLine } from '../../design/CopyLine.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { Facts } from '../../design/Page.tsx';
import { Countdown } from '../../design/Time.tsx';
import { useKeptFocus } from '../../design/useKeptFocus.ts';
import { BRING_ROOT, CERTMONGER_AGAIN, type EnrolmentFacts, SHOW_KEY, certmonger, reachTest, scepclient, strongSwan } from './clientCommands.ts';
import styles from './welcome.module.css';

type Endpoint = Output<'endpoints.list'>['items'][number];
type Made = Output<'challenges.create'>;

/** Stands in the commands until there is a challenge. */
const BLANK = 'YOUR-CHALLENGE';

export interface FirstDeviceProps {
  readonly endpoint: Endpoint;
  readonly facts: Omit<EnrolmentFacts, 'password'>;
}

export function FirstDevice({ endpoint, facts }: FirstDeviceProps): ReactNode {
  const { authorization, compatibility } = endpoint;
  const [way, setWay] = useState<'challenge' | 'approval'>(authorization === 'hold' ? 'approval' : 'challenge');
  const [made, setMade] = useState<Made>();
  const withChallenge = way === 'challenge';
  const command: EnrolmentFacts = { ...facts, password: withChallenge ? (made?.password ?? BLANK) : undefined };
  return (
    <div className={styles.stack}>
      {authorization === 'challenge-or-hold' && (
        <SegmentedControl
          aria-label="How the device is let in"
          value={way}
          onChange={(value) => {
            setWay(value === 'approval' ? 'approval' : 'challenge');
            setMade(undefined);
          }}
          data={[
            { value: 'challenge', label: 'With a challenge' },
            { value: 'approval', label: 'With your approval' },
          ]}
        />
      )}
      {withChallenge ? <OneChallenge path={endpoint.path} made={made} onMade={setMade} /> : <p className="muted">The request appears in the queue; you compare its fingerprint there and approve it. The device asks again until then.</p>}
      <Tabs defaultValue="any" keepMounted={false}>
        <Tabs.List aria-label="Kind of client">
          <Tabs.Tab value="any">Any device</Tabs.Tab>
          <Tabs.Tab value="strongswan">strongSwan pki</Tabs.Tab>
          <Tabs.Tab value="certmonger">certmonger</Tabs.Tab>
          <Tabs.Tab value="scepclient">scepclient</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="any" className={styles.panel}>
          <p>Most devices ask for these under SCEP, enrolment or certificates:</p>
          <Facts
            items={[
              ['URL', <code key="url">{facts.url}</code>],
              ['CA identifier', 'Any name, or empty'],
              ['Challenge', withChallenge ? <code key="challenge">{made?.password ?? 'Make one above'}</code> : 'Leave it empty'],
              ['Subject', <code key="subject">CN=first-device</code>],
              ['Key', 'RSA, 2048 bits or more'],
              ['CA fingerprint', 'One of the two above, where the device asks for it or shows it'],
            ]}
          />
          <p>From a computer in the devices’ network, this shows whether the CA can be reached:</p>
          <CopyLine value={reachTest(facts.url)} label="Copy the test command" />
        </Tabs.Panel>
        <Tabs.Panel value="strongswan" className={styles.panel}>
          {facts.root === 'elsewhere' && <RootFirst />}
          <CopyLine value={strongSwan(command)} label="Copy the strongSwan commands" />
          {compatibility === 'strict' && !endpoint.announceSha384 && <p className="muted">Version 5.9 takes AES only where the endpoint announces SHA-384: see Endpoints, for difficult clients.</p>}
          <p className="muted">Debian and Ubuntu: package strongswan-pki.</p>
          {!withChallenge && <ToCompare />}
        </Tabs.Panel>
        <Tabs.Panel value="certmonger" className={styles.panel}>
          {facts.root === 'elsewhere' && <RootFirst />}
          <CopyLine value={certmonger(command)} label="Copy the certmonger commands" />
          <p className="muted">As root, with the certmonger service running. It renews the certificate by itself from then on.</p>
          {!withChallenge && (
            <>
              <ToCompare />
              <p>Once you have approved it:</p>
              <CopyLine value={CERTMONGER_AGAIN} label="Copy the command that fetches the certificate" />
            </>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="scepclient" className={styles.panel}>
          {compatibility === 'legacy' ? (
            <>
              <CopyLine value={scepclient(command)} label="Copy the scepclient command" />
              {!withChallenge && <ToCompare />}
            </>
          ) : (
            <Note tone="notice" title="micromdm’s scepclient needs a legacy endpoint">
              Released versions encrypt with single DES, which this endpoint refuses. Use another client, or go back one step and choose Legacy.
            </Note>
          )}
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

const RootFirst = (): ReactNode => (
  <>
    <p>This client needs the certificate of your root as well. Where that lies as root.pem:</p>
    <CopyLine value={BRING_ROOT} label="Copy the command that brings the root" />
    <p>Then:</p>
  </>
);

const ToCompare = (): ReactNode => (
  <>
    <p>This prints the fingerprint of its key, which you paste beside its request in the queue:</p>
    <CopyLine value={SHOW_KEY} label="Copy the command that prints the fingerprint" />
  </>
);

function OneChallenge({ path, made, onMade }: { readonly path: string; readonly made: Made | undefined; readonly onMade: (made: Made | undefined) => void }): ReactNode {
  const create = useVerb('challenges.create', { touches: ['challenges.list'], secret: true });
  const place = useRef<HTMLDivElement>(null);
  useKeptFocus(place, made);
  const make = (): void => {
    create.mutate(
      { endpoint: path, label: 'First device' },
      {
        onSuccess: (value) => {
          onMade(value);
          create.reset();
          announce('The challenge is made. It is shown until you leave this page');
        },
      },
    );
  };
  return (
    <div ref={place} tabIndex={-1} className={styles.stack}>
      {made === undefined ? (
        <div className={styles.challenge}>
          <Button variant="light" leftSection={<Icon name="key" />} loading={create.isPending} onClick={make}>
            Make a challenge
          </Button>
          <span className="muted">A one-time password for this device, filled in below.</span>
        </div>
      ) : (
        <MadeChallenge
          made={made}
          onHide={() => {
            onMade(undefined);
          }}
        />
      )}
      {create.error !== null && <ProblemNote problem={create.error.problem} />}
    </div>
  );
}

/** A used one would be refused: then the next is one press away. */
function MadeChallenge({ made: { id, password, expiresAt }, onHide }: { readonly made: Made; readonly onHide: () => void }): ReactNode {
  const used = useChannel('challenges.get', { id }).data?.state === 'spent';
  return (
    <>
      <CopyLine value={password} label="Copy the challenge" />
      <div className={styles.challenge}>
        <span className="muted">
          {used ? (
            'It has done its work: a device has used it. The next device needs another one.'
          ) : (
            <>
              For one device, for <Countdown to={expiresAt} after="no time any more" />. It is shown here only, until you leave this page.
            </>
          )}
        </span>
        <Button variant="subtle" color="slate" size="xs" onClick={onHide}>
          {used ? 'Clear it' : 'Hide it'}
        </Button>
      </div>
    </>
  );
}
