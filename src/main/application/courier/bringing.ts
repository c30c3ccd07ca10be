/** One file's change-set in the making. */
import type { AuditEvent } from '../../core/ca/audit.ts';
import type { Authority, Generation } from '../../core/ca/authority.ts';
import type { CourierRefusalCode } from '../../core/ca/courier.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import type { Change, Expectation } from '../ports/store.ts';

export interface Bringing {
  readonly changes: Change[];
  readonly expect: Expectation[];
  readonly audit: AuditEvent[];
  /** Worth telling, and no reason to refuse the file. */
  readonly findings: Finding[];
}

export interface BroughtAuthority {
  readonly authority: Authority;
  /** As they will be, by number. */
  readonly generations: ReadonlyMap<number, Generation & { readonly certificate: Uint8Array }>;
  /** Those that were withdrawn at the signer: they go from here with this file. */
  readonly gone: readonly Generation[];
}

/** Why the whole file is refused, as part of a sentence. */
export interface BringProblem {
  readonly code: CourierRefusalCode | 'name-taken' | 'courier-number-taken';
  readonly text: string;
}
