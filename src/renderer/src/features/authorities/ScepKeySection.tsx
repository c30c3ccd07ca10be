/** The key that opens what devices send: the authority's own or one beside it, its certificate and its renewal, and the older ones that still open late messages. */
import { Button } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { ConfirmButton } from '../../design/ConfirmButton.tsx';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { Facts, Section } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { Time } from '../../design/Time.tsx';
import { useKeptFocus } from '../../design/useKeptFocus.ts';
import styles from './authorities.module.css';
import { SENTENCES, type ScepKey, sayOtherKey, sayScepAlarm, scepKeyLook, whyNotCombined } from './scepKeys.ts';
import { type AuthorityDetail, currentGeneration } from './standing.ts';

type Part = { readonly authority: AuthorityDetail };

export function ScepKeySection({ authority }: Part): ReactNode {
  const { scepKey, scepKeys } = authority;
  const place = useRef<HTMLDivElement>(null);
  useKeptFocus(place, scepKey);
  const active = scepKeys.find(({ active: given }) => given);
  const others = scepKeys.filter((key) => key !== active);
  return (
    <Section title="SCEP key">
      <div className={styles.stack} ref={place} tabIndex={-1}>
        <p className={styles.lead}>{SENTENCES[scepKey]}</p>
        {scepKey === 'split' && active !== undefined && <Active authority={authority} scep={active} />}
        {others.length > 0 && <Others keys={others} current={currentGeneration(authority)?.number ?? 0} />}
        {scepKey === 'combined' ? <Split authority={authority} /> : <Combine authority={authority} />}
      </div>
    </Section>
  );
}

const touches = ['authorities.get', 'authorities.list', 'status.get', 'rollover.status', 'certificates.list'] as const;

function Active({ authority: { id, version }, scep }: Part & { readonly scep: ScepKey }): ReactNode {
  const [now] = useState(() => Date.now());
  const renew = useVerb('authorities.renewScepKey', {
    touches,
    onDone: () => {
      announce('The SCEP key is renewed');
    },
  });
  const alarm = sayScepAlarm(scep, now);
  return (
    <>
      {alarm !== undefined && (
        <Note tone={scepKeyLook(scep, now).tone} title="Devices depend on this key">
          {alarm}
        </Note>
      )}
      <Facts
        items={[
          ['Certificate', <StateBadge key="state" look={scepKeyLook(scep, now)} />],
          [
            'Valid until',
            <>
              <Time at={scep.notAfter} form="day" /> (<Time at={scep.notAfter} />)
            </>,
          ],
          [
            'Renewal',
            scep.renewsAt === null ? null : (
              <>
                By itself on <Time at={scep.renewsAt} form="day" />, while the vault is open
              </>
            ),
          ],
          ['SHA-256', <Fingerprint key="digest" name="the SCEP certificate’s SHA-256" hex={scep.sha256} />],
        ]}
      />
      {renew.error !== null && <ProblemNote problem={renew.error.problem} />}
      <div className={styles.row}>
        <Button
          variant={alarm === undefined ? 'default' : 'filled'}
          size="xs"
          leftSection={<Icon name="refresh" />}
          loading={renew.isPending}
          onClick={() => {
            renew.mutate({ id, version });
          }}
        >
          Renew the SCEP key now
        </Button>
        <span className="muted">A new key and certificate; the one before still opens late messages.</span>
      </div>
    </>
  );
}

const Others = ({ keys, current }: { readonly keys: readonly ScepKey[]; readonly current: number }): ReactNode => (
  <div>
    <h3 className={styles.subtitle}>Other keys that open messages</h3>
    <ul className={styles.plain}>
      {keys.map((key) => (
        <li key={key.id}>
          <Icon name="key" size={14} />
          <span>
            {sayOtherKey(key, current)}, until <Time at={key.notAfter} form="day" />{' '}
            <code className="muted" title={`SHA-256 ${key.sha256}`}>
              {key.sha256.slice(0, 8)}…
            </code>
          </span>
        </li>
      ))}
    </ul>
  </div>
);

function Split({ authority: { id, version, commonName } }: Part): ReactNode {
  const split = useVerb('authorities.split', {
    touches,
    onDone: () => {
      announce('The SCEP key is split off');
    },
  });
  return (
    <ConfirmButton
      tone="calm"
      label="Split the SCEP key"
      question={`Give ${commonName} a separate SCEP key?`}
      confirm="Split it"
      pending={split.isPending}
      error={split.error}
      onConfirm={() => {
        split.mutate({ id, version });
      }}
    >
      An RSA-2048 key is made and certified. Devices that ask for the CA certificate are given both from now on; what they sent to the old key still opens. Some simple clients expect one certificate: try one of each kind. You can go back.
    </ConfirmButton>
  );
}

function Combine({ authority }: Part): ReactNode {
  const combine = useVerb('authorities.combine', {
    touches,
    onDone: () => {
      announce('The authority is back to one key');
    },
  });
  const why = whyNotCombined(authority);
  if (why !== undefined) return <p className={styles.remark}>Back to one key: {why.charAt(0).toLowerCase() + why.slice(1)}</p>;
  return (
    <ConfirmButton
      tone="calm"
      label="Back to one key"
      question="Let the authority’s own key open what devices send?"
      confirm="Back to one key"
      pending={combine.isPending}
      error={combine.error}
      onConfirm={() => {
        combine.mutate({ id: authority.id, version: authority.version });
      }}
    >
      Devices that ask for the CA certificate are given one again. The separate key still opens late messages until it ends.
    </ConfirmButton>
  );
}
