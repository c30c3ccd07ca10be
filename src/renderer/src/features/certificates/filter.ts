/** What the list is narrowed by, as it stands in the address, and the question that follows from it. */
import type { Input } from '../../../../preload/contract/contract.ts';

export const SHOWS = ['all', 'valid', 'expiring30', 'expiring7', 'held', 'revoked', 'expired'] as const;
export type Show = (typeof SHOWS)[number];

/** Devices unless asked otherwise: the CA's own certificates are few and seldom what one looks for. */
export const KINDS = ['device', 'authority', 'scep', 'every'] as const;
export type Kind = (typeof KINDS)[number];

export interface CertificateFilter {
  readonly query: string;
  readonly show: Show;
  readonly kind: Kind;
  /** An endpoint's id; empty: any. */
  readonly endpoint: string;
}

type ListInput = NonNullable<Input<'certificates.list'>>;

const oneOf = <T extends string>(all: readonly T[], value: string | null, otherwise: T): T => all.find((each) => each === value) ?? otherwise;

/** Reads the address; a `state` that a link from elsewhere gives counts as well. */
export const readFilter = (params: URLSearchParams): CertificateFilter => ({
  query: params.get('query') ?? '',
  show: oneOf(SHOWS, params.get('show') ?? params.get('state'), 'all'),
  kind: oneOf(KINDS, params.get('kind'), 'device'),
  endpoint: params.get('endpoint') ?? '',
});

/** The address's parameters; what stands for itself is left out. */
export const paramsOf = ({ query, show, kind, endpoint }: CertificateFilter): Readonly<Record<string, string | undefined>> => ({
  query: query === '' ? undefined : query,
  show: show === 'all' ? undefined : show,
  kind: kind === 'device' ? undefined : kind,
  endpoint: endpoint === '' ? undefined : endpoint,
});

/** The question for the list. */
export function inputOf({ query, show, kind, endpoint }: CertificateFilter): Omit<ListInput, 'limit' | 'cursor'> {
  const days = /^expiring(\d+)$/.exec(show)?.[1];
  return {
    ...(query === '' ? {} : { query }),
    ...(kind === 'every' ? {} : { kind }),
    ...(endpoint === '' ? {} : { endpointId: endpoint }),
    ...(days === undefined ? (show === 'all' ? {} : { state: show as NonNullable<ListInput['state']> }) : { expiringDays: Number(days) }),
  };
}

export const isNarrowed = (filter: CertificateFilter): boolean => Object.values(paramsOf(filter)).some((value) => value !== undefined);
