/** The first page: is the CA ready, where do devices reach it, and what waits for the admin. */
import type { ReactNode } from 'react';
import type { Bridge } from '../../bridge/bridge.ts';
import { useStatus, type Status } from './useStatus.ts';

const WORDS: Readonly<Record<Status['state'], string>> = { empty: 'Empty', locked: 'Locked', ready: 'Ready' };
const TONES: Readonly<Record<Status['state'], string>> = { empty: 'notice', locked: 'warning', ready: 'good' };

/** One sentence that is true of the whole; what to do about it stands among the notices. */
function describe({ state, scepUrl, counts }: Status): string {
  if (state === 'empty') return 'Nothing is set up here yet.';
  if (state === 'locked') return 'No key is in memory. Devices get the CA certificate and the last CRL; enrolments wait until the vault is unlocked.';
  if (counts.authorities === 0) return 'The vault is open. Nothing can be issued before there is an authority.';
  return scepUrl === null ? 'The vault is open, but devices reach nobody.' : 'Devices can enrol.';
}

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
  return (
    <>
      <p className="state" role="status" data-tone={TONES[status.state]}>
        <strong>{WORDS[status.state]}</strong> {describe(status)}
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
