/** The first page: is the CA ready, where do devices reach it, and what waits for the admin. */
import type { ReactNode } from 'react';
import type { Bridge } from '../../bridge/bridge.ts';
import { useStatus, type Status } from './useStatus.ts';

const STATES: Readonly<Record<Status['state'], { readonly word: string; readonly sentence: string; readonly tone: string }>> = {
  empty: { word: 'Empty', sentence: 'There is no vault yet: choose how the keys are kept, then create the first authority.', tone: 'notice' },
  locked: { word: 'Locked', sentence: 'No key is in memory. Devices get the CA certificate and the last CRL; enrolments wait until the vault is unlocked.', tone: 'warning' },
  ready: { word: 'Ready', sentence: 'Devices can enrol.', tone: 'good' },
};

const SEVERITY: Readonly<Record<Status['notices'][number]['severity'], string>> = { info: 'Note', notice: 'Notice', warning: 'Warning', danger: 'Danger' };

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Facts({ status }: { readonly status: Status }): ReactNode {
  const { requests, certificates, authorities, endpoints } = status.counts;
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">At a glance</h2>
      <dl className="facts">
        <Fact name="Waiting for you">{requests.pending}</Fact>
        <Fact name="Valid certificates">{certificates.valid}</Fact>
        <Fact name="Revoked or held">{certificates.revoked + certificates.held}</Fact>
        <Fact name="Authorities">{authorities}</Fact>
        <Fact name="Endpoints">{endpoints}</Fact>
      </dl>
    </section>
  );
}

function Notices({ status }: { readonly status: Status }): ReactNode {
  if (status.notices.length === 0) return null;
  return (
    <section aria-labelledby="notices">
      <h2 id="notices">To know</h2>
      <ul className="notices">
        {status.notices.map((notice) => (
          <li key={notice.code} data-tone={notice.severity}>
            <strong>{SEVERITY[notice.severity]}:</strong> {notice.text}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Overview({ status }: { readonly status: Status }): ReactNode {
  const state = STATES[status.state];
  return (
    <>
      <p className="state" role="status" data-tone={state.tone}>
        <strong>{state.word}</strong> {state.sentence}
      </p>
      <section aria-labelledby="devices">
        <h2 id="devices">SCEP URL for devices</h2>
        {status.scepUrl === null ? <p>The listener for devices is down.</p> : <code className="address">{status.scepUrl}</code>}
      </section>
      <Facts status={status} />
      <Notices status={status} />
    </>
  );
}

export function StatusPage({ bridge }: { readonly bridge: Bridge }): ReactNode {
  const answer = useStatus(bridge);
  return (
    <>
      <header>
        <h1>Countersign</h1>
        {answer?.ok === true && <p className="version">Version {answer.value.version}</p>}
      </header>
      <main aria-busy={answer === undefined}>
        {answer === undefined && <p role="status">Asking the CA …</p>}
        {answer?.ok === false && (
          <div className="state" role="alert" data-tone="danger">
            <p>
              <strong>{answer.error.message}</strong>
            </p>
            {answer.error.hint !== undefined && <p>{answer.error.hint}</p>}
          </div>
        )}
        {answer?.ok === true && <Overview status={answer.value} />}
      </main>
    </>
  );
}
