/** What each list can be narrowed by, as conditions on indexed columns. */
import type { AuditQuery, CertificateQuery } from '../../application/ports/store.ts';
import type { ChallengeState } from '../../core/ca/challenge.ts';
import type { RequestState } from '../../core/ca/enrolment.ts';
import type { Cell } from './codec.ts';
import type { Filter } from './listing.ts';

type Paging = 'query' | 'limit' | 'cursor';
export type CertificateNarrowing = Omit<CertificateQuery, Paging>;
export type AuditNarrowing = Omit<AuditQuery, Paging>;

type Condition = readonly [where: string, ...values: Cell[]];

const join = (conditions: readonly Condition[]): Pick<Filter, 'where' | 'values'> => ({
  where: conditions.map(([where]) => where).join(' AND '),
  values: conditions.flatMap(([, ...values]) => values),
});

const same = (column: string, value: string | undefined): readonly Condition[] => (value === undefined ? [] : [[`${column} = ?`, value]]);

function certificateStateOf(state: CertificateNarrowing['state'], at: number): readonly Condition[] {
  if (state === 'valid') return [[`certificate.state = 'valid' AND certificate.notAfter > ?`, at]];
  if (state === 'expired') return [[`certificate.state = 'valid' AND certificate.notAfter <= ?`, at]];
  return same('certificate.state', state);
}

/** Any combination, from one narrow index in the order of the rows; those that end soon from one in the order of their ends. */
export function certificateFilter({ state, kind, authorityId, endpointId, expiringBy }: CertificateNarrowing, at: number): Filter | undefined {
  const expiring: readonly Condition[] = expiringBy === undefined ? [] : [[`certificate.state = 'valid' AND certificate.notAfter > ? AND certificate.notAfter <= ?`, at, expiringBy]];
  const conditions = [...expiring, ...certificateStateOf(state, at), ...same('certificate.kind', kind), ...same('certificate.authorityId', authorityId), ...same('certificate.endpointId', endpointId)];
  if (conditions.length === 0) return undefined;
  return { ...join(conditions), searchIndex: 'certificateFacts', ...(expiringBy === undefined ? { index: 'certificateFacts' } : { index: 'certificateExpiry', soonest: 'notAfter' }) };
}

/** By where a challenge stands. */
export function challengeFilter(state: ChallengeState | undefined, at: number): Filter | undefined {
  if (state === undefined) return undefined;
  const index = 'challengeStanding';
  if (state === 'live') return { where: `standing = 'open' AND expiresAt > ?`, values: [at], index };
  if (state === 'expired') return { where: `standing = 'open' AND expiresAt <= ?`, values: [at], index };
  return { where: 'standing = ?', values: [state], index };
}

/** Issued requests have an index of their own, the others share one. */
export const requestFilter = (state: RequestState | undefined): Filter | undefined => {
  if (state === undefined) return undefined;
  if (state === 'issued') return { where: `request.state = 'issued'`, values: [], index: 'requestIssued' };
  return { where: `request.state = ? AND request.state <> 'issued'`, values: [state], index: 'requestOther' };
};

const AUDIT_OK: Filter = {
  where: `outcome = 'ok'`,
  values: [],
  count: `SELECT (SELECT coalesce(max(seq), 0) FROM audit) - (SELECT count(*) FROM audit INDEXED BY auditOutcome WHERE outcome <> 'ok')`,
};

/** Everything before its dot begins with the word and the dot; nothing else does. */
const actionOf = (action: string | undefined): readonly Condition[] => {
  if (action === undefined) return [];
  return action.includes('.') ? [['action = ?', action]] : [['action >= ? AND action < ?', `${action}.`, `${action}/`]];
};

/** By outcome alone from the index of what did not go well, which is little; any other combination from one narrow index. */
export function auditFilter({ state, actor, action, since, until }: AuditNarrowing): Filter | undefined {
  const beyond = [
    ...same('actor', actor),
    ...actionOf(action),
    ...(since === undefined ? [] : [['at >= ?', since] as const]),
    ...(until === undefined ? [] : [['at < ?', until] as const]),
  ];
  if (beyond.length > 0) return { ...join([...same('outcome', state), ...beyond]), index: 'auditFacts' };
  if (state === undefined) return undefined;
  return state === 'ok' ? AUDIT_OK : { where: `outcome = ? AND outcome <> 'ok'`, values: [state], index: 'auditOutcome' };
}
