/** One pairing: how it stands, what waits, and the next step on this side of the stick. */
import { type ReactNode, useState } from 'react';
import { useChannel, useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { ConfirmButton } from '../../design/ConfirmButton.tsx';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import { Note } from '../../design/Note.tsx';
import { Facts } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { Time } from '../../design/Time.tsx';
import type { StateLook } from '../../design/tones.ts';
import { CarryAcceptance } from './CarryAcceptance.tsx';
import { CarryInvitation } from './CarryInvitation.tsx';
import styles from './courier.module.css';
import { ListenerRun } from './ListenerRun.tsx';
import { SignerRun } from './SignerRun.tsx';
import type { Came } from './TakeCertificates.tsx';
import type { CertificatesOut, Link, RequestsOut } from './types.ts';
import { lastRun, sayDue, sayWaiting } from './words.ts';

const STATES = {
  invited: { word: 'Invitation written', tone: 'notice', icon: 'clock' },
  accepted: { word: 'Acceptance written', tone: 'notice', icon: 'clock' },
  paired: { word: 'Paired', tone: 'good', icon: 'check' },
} as const satisfies Record<Link['state'], StateLook>;

export function LinkPanel({ link }: { readonly link: Link }): ReactNode {
  const { authority, role, state, peer, due } = link;
  const ran = lastRun(link);
  // What a file brought or carries stays in sight when the pairing moves on to its next state.
  const [came, setCame] = useState<Came>();
  const [requestsOut, setRequestsOut] = useState<RequestsOut>();
  const [certificatesOut, setCertificatesOut] = useState<CertificatesOut>();
  return (
    <section className={styles.link} aria-label={`${authority}, with ${peer?.name ?? 'a listener'}`}>
      <div className={styles.linkHead}>
        <div className={styles.linkWords}>
          <h2 className={styles.linkTitle}>{state === 'paired' ? sayWaiting(link) : `Pairing for ${authority}`}</h2>
          <p>
            {state === 'paired' && `${authority} · `}
            {role === 'listener' ? 'this machine listens' : 'this machine signs'}
            {peer !== null && `, ${peer.name} ${role === 'listener' ? 'signs' : 'listens'}`}
            {state === 'paired' && (
              <>
                {' · '}
                {ran === undefined ? (
                  'no run yet'
                ) : (
                  <>
                    last run <Time at={ran} />
                  </>
                )}
                {due?.severity === 'info' && (
                  <>
                    {' · '}
                    {sayDue(due).name.replace('The ', '')} good until <Time at={due.at} form="day" />
                  </>
                )}
              </>
            )}
          </p>
        </div>
        <StateBadge look={STATES[state]} />
      </div>
      {due !== null && state === 'paired' && due.severity !== 'info' && <Due due={due} />}
      {state === 'invited' ? (
        <CarryInvitation link={link} onWritten={setCertificatesOut} />
      ) : state === 'accepted' ? (
        <CarryAcceptance link={link} came={came} onCame={setCame} />
      ) : role === 'listener' ? (
        <ListenerRun link={link} came={came} onCame={setCame} written={requestsOut} onWritten={setRequestsOut} />
      ) : (
        <SignerRun link={link} written={certificatesOut} onWritten={setCertificatesOut} />
      )}
      <About link={link} />
    </section>
  );
}

/** What the courier brought runs out soon, or has. */
function Due({ due }: { readonly due: NonNullable<Link['due']> }): ReactNode {
  const { name, harm } = sayDue(due);
  // By the CA's clock: this computer's may be another one, and wrong.
  const now = useChannel('status.get', {}).data?.now;
  const over = now !== undefined && due.at <= now;
  return (
    <div className={styles.notes}>
      <Note tone={due.severity === 'danger' ? 'danger' : 'warning'} role={due.severity === 'danger' ? 'alert' : 'note'} title={over ? 'The courier is overdue' : 'A run of the courier is due'}>
        {name} {over ? 'ended' : 'ends'} <Time at={due.at} /> (<Time at={due.at} form="full" />). {harm} {over ? 'Run the courier now.' : 'Run the courier before.'}
      </Note>
    </div>
  );
}

function About({ link }: { readonly link: Link }): ReactNode {
  const end = useVerb('courier.pair', {
    touches: ['courier.status', 'status.get'],
    onDone: () => {
      announce('The pairing is ended');
    },
  });
  const { own, peer, exported, imported, createdAt, pairedAt, id, role } = link;
  return (
    <details className={styles.foot}>
      <summary>About this pairing</summary>
      <div className={styles.stack}>
        <Facts
          items={[
            ['This machine', <NamedFingerprint key="own" machine={own} />],
            ['The other one', peer === null ? null : <NamedFingerprint key="peer" machine={peer} />],
            ['Paired', pairedAt === null ? null : <Time key="paired" at={pairedAt} form="full" />],
            ['Begun', <Time key="begun" at={createdAt} form="full" />],
            [
              'Last file written',
              exported === null ? null : (
                <>
                  number {exported.sequence}, <Time at={exported.at} />
                  {exported.arrived ? ', and it arrived' : '; no file from there says yet that it arrived'}
                </>
              ),
            ],
            [
              'Last file taken in',
              imported === null ? null : (
                <>
                  number {imported.sequence}, <Time at={imported.at} />
                </>
              ),
            ],
          ]}
        />
        <div>
          <ConfirmButton
            label="End this pairing"
            question="End this pairing?"
            confirm="End the pairing"
            onConfirm={() => {
              end.mutate({ step: 'end', link: id });
            }}
            pending={end.isPending}
            error={end.error}
          >
            This machine forgets the other one and its own courier keys, and takes no file from it any more. {role === 'listener' ? 'Devices keep what they have, but no new certificate or CRL reaches them until another pairing is made.' : 'What was issued stays issued.'}
          </ConfirmButton>
        </div>
      </div>
    </details>
  );
}

const NamedFingerprint = ({ machine: { name, fingerprint } }: { readonly machine: Link['own'] }): ReactNode => (
  <>
    {name}
    <Fingerprint name={`Fingerprint of ${name}`} hex={fingerprint} />
  </>
);
