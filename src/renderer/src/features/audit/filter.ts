/** What the log is narrowed by, as it stands in the address, and the question that follows from it. */
import type { Input } from '../../../../preload/contract/contract.ts';

export const OUTCOMES = ['all', 'ok', 'refused', 'failed'] as const;
export type Shown = (typeof OUTCOMES)[number];

/** What stands before an action's dot, in words. */
export const GROUPS: Readonly<Record<string, string>> = {
  request: 'Requests',
  certificate: 'Certificates',
  crl: 'Revocation lists',
  challenge: 'Challenges',
  authority: 'Authorities',
  endpoint: 'Endpoints',
  profile: 'Profiles',
  message: 'Refused messages',
  noise: 'Unreadable messages',
  vault: 'The vault',
  window: 'The window’s lock',
  backup: 'Backups',
  courier: 'The courier',
  migration: 'Moving in and out',
  listener: 'The listener',
  settings: 'Settings',
  desktop: 'The desktop app',
};

export interface AuditFilter {
  readonly query: string;
  readonly outcome: Shown;
  readonly group: string;
  readonly actor: string;
  /** Days as the admin's clock has them, `2026-11-21`; both are in. */
  readonly since: string;
  readonly until: string;
}

type ListInput = Omit<NonNullable<Input<'audit.list'>>, 'limit' | 'cursor'>;

const isDay = (text: string | null): text is string => text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

export const readFilter = (params: URLSearchParams): AuditFilter => {
  const [group, since, until] = [params.get('group') ?? '', params.get('since'), params.get('until')];
  return {
    query: params.get('query') ?? '',
    outcome: OUTCOMES.find((each) => each === params.get('outcome')) ?? 'all',
    group: Object.hasOwn(GROUPS, group) ? group : '',
    actor: params.get('actor') ?? '',
    since: isDay(since) ? since : '',
    until: isDay(until) ? until : '',
  };
};

export const paramsOf = (filter: AuditFilter): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(filter).map(([name, value]: [string, string]) => [name, value === '' || (name === 'outcome' && value === 'all') ? undefined : value]));

export const isNarrowed = (filter: AuditFilter): boolean => Object.values(paramsOf(filter)).some((value) => value !== undefined);

/** The moment at which a day begins here, as the contract writes times; `after` days later. */
export function startOf(day: string, after = 0): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + after).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export const inputOf = ({ query, outcome, group, actor, since, until }: AuditFilter): ListInput => ({
  ...(query === '' ? {} : { query }),
  ...(outcome === 'all' ? {} : { outcome }),
  ...(group === '' ? {} : { action: group }),
  ...(actor === '' ? {} : { actor }),
  ...(since === '' ? {} : { since: startOf(since) }),
  ...(until === '' ? {} : { until: startOf(until, 1) }),
});
