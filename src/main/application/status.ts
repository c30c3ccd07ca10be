/** One look at the whole product: its state, what it holds, where devices reach it, and what an admin should know or do. */
import { equalBytes } from '../core/lib/bytes.ts';
import { type Instant, DAY } from '../core/lib/instant.ts';
import { sortOut } from '../core/ca/rollover.ts';
import type { Finding, RequestState, Severity } from '../core/ca/enrolment.ts';
import { readRecords, readSchedule } from './backups/records.ts';
import { judgeBackups } from './backups/schedule.ts';
import { readDeadlines } from './deadlines.ts';
import { courierNotices } from './courier/status.ts';
import type { Deps } from './deps.ts';
import { rolloverNotices } from './rollover/status.ts';
import type { IssuingDeps } from './issue.ts';
import { publicAddressFindings } from './publicAddress.ts';
import type { CertificateCounts, DayCount } from './ports/store.ts';

/** Something to know or do; `authorityId` where it is one authority's matter. */
export interface Notice extends Finding {
  readonly authorityId?: string;
}

export interface Status {
  readonly version: string;
  /** `empty`: no vault yet; `locked`: no keys in memory; `ready`: keys are open (an authority may still be missing, see notices). */
  readonly state: 'empty' | 'locked' | 'ready';
  readonly scepUrl: string | null;
  readonly now: Instant;
  readonly authorities: number;
  readonly endpoints: number;
  readonly requests: Readonly<Record<RequestState, number>>;
  readonly certificates: CertificateCounts;
  readonly notices: readonly Notice[];
  readonly auditKeyFingerprint: string | null;
}

const STATES = { empty: 'empty', locked: 'locked', open: 'ready' } as const;

/** Reads counts that the store keeps; nothing here scans a table. */
export async function getStatus(deps: IssuingDeps): Promise<Status> {
  const now = deps.clock.now();
  const [requests, certificates] = await Promise.all([deps.store.read.countRequests(), deps.store.read.countCertificates(now)]);
  return {
    version: deps.productVersion,
    state: STATES[deps.vault.state()],
    scepUrl: scepUrlOf(deps),
    now,
    authorities: deps.directory.authorities().length,
    endpoints: deps.directory.endpoints().length,
    requests,
    certificates,
    notices: collectNotices(deps, requests.pending, [...judgeBackups(await readSchedule(deps), await readRecords(deps), now), ...(await readDeadlines(deps)).map(({ about, ...finding }) => ({ ...finding, authorityId: about })), ...(await courierNotices(deps)), ...(await publicAddressFindings(deps)), ...(await revokedAuthorities(deps))], now),
    auditKeyFingerprint: deps.vault.auditKeyFingerprint() ?? null,
  };
}

/** What happened on each of the last days in UTC, today's last. */
export function getHistory({ store, clock }: Deps, { days }: { readonly days: number }): Promise<readonly DayCount[]> {
  const today = Math.floor(clock.now() / DAY) * DAY;
  return store.read.countDays(today - (days - 1) * DAY, days);
}

/** What a device is configured with for the default endpoint; null while the listener is down. */
export function scepUrlOf({ listener }: Pick<Deps, 'listener'>): string | null {
  const { baseUrl } = listener.state();
  return baseUrl === null ? null : `${baseUrl}/scep`;
}

/** Authorities here whose own certificate, or one above it that is known here, was revoked. */
async function revokedAuthorities(deps: IssuingDeps): Promise<readonly Notice[]> {
  const revoked = (await Promise.all((['revoked', 'held'] as const).map(async (state) => (await deps.store.read.certificates({ kind: 'authority', state, limit: 500 }, deps.clock.now())).items))).flat();
  return deps.directory.authorities().flatMap(({ id, commonName }) => {
    const current = deps.directory.currentGeneration(id);
    const struck = current?.certificate && [current.certificate, ...current.chain].some((der) => revoked.some((record) => equalBytes(record.der, der)));
    return struck ? [{ code: 'authority-revoked', severity: 'danger', text: `The certificate of “${commonName}”, or one above it, is revoked: whoever checks refuses everything that it issued. Its endpoints were switched off; enrol the devices under another authority.`, authorityId: id } as const] : [];
  });
}

const RANK: Readonly<Record<Severity, number>> = { danger: 0, warning: 1, notice: 2, info: 3 };

function collectNotices({ vault, directory, listener, auditProblem }: Deps, pending: number, others: readonly Notice[], now: Instant): readonly Notice[] {
  const notices: Notice[] = others.map(({ code, severity, text, authorityId }) => ({ code, severity, text, ...(authorityId === undefined ? {} : { authorityId }) }));
  const say = (code: string, severity: Severity, text: string, of: Pick<Notice, 'authorityId'> = {}): void => void notices.push({ code, severity, text, ...of });
  const state = listener.state();
  if (state.problem !== null) say('listener-problem', 'danger', state.problem);
  const audit = auditProblem();
  if (audit !== null) say('audit-contradicted', 'danger', `The audit log contradicts its last signature and is not signed any more: ${audit}. Run countersign audit verify, and find out who wrote to the data folder.`);
  if (vault.state() === 'empty') say('vault-empty', 'notice', 'There is no vault yet: choose the keychain or a passphrase to begin.');
  if (vault.state() === 'locked') say('vault-locked', 'warning', 'The vault is locked: devices get “try again later” until it is unlocked.');
  if (vault.state() === 'open' && directory.authorities().length === 0) say('no-authority', 'notice', 'There is no authority yet: create one, and devices can enrol.');
  for (const authority of directory.authorities()) {
    if (directory.generations(authority.id).some((g) => g.state === 'awaiting-certificate')) {
      say('awaiting-certificate', 'notice', `“${authority.commonName}” waits for its certificate: have its signing request signed by the CA above it, then install what comes back.`, { authorityId: authority.id });
    }
  }
  for (const authority of directory.authorities()) notices.push(...rolloverNotices({ directory }, { authority, standings: sortOut(directory.generations(authority.id)) }, now).map((finding) => ({ ...finding, authorityId: authority.id })));
  if (directory.settings().publicBaseUrl === null && directory.authorities().length > 0) {
    say('no-public-base-url', 'notice', 'No public base URL is set, so certificates carry no revocation-list or issuer address. Set it to an address that devices reach.');
  }
  if (directory.endpoints().some((endpoint) => endpoint.enabled && endpoint.compatibility === 'legacy')) {
    say('legacy-endpoint', 'warning', 'An endpoint takes legacy cryptography (single DES, MD5, RSA-1024). Keep it only as long as a device needs it.');
  }
  if (state.listening && isLoopback(state.host)) say('listener-on-loopback', 'info', 'The device listener is on loopback: only this machine can enrol. Choose a network to let devices in.');
  if (pending > 0) say('requests-waiting', 'info', pending === 1 ? 'One request waits for a decision.' : `${pending} requests wait for a decision.`);
  return notices.sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);
