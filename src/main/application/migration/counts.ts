/** A migration in figures. */
import type { LeftOut } from '../../core/ca/migration/material.ts';

export interface MigrationCounts {
  readonly certificates: number;
  readonly valid: number;
  readonly held: number;
  readonly revoked: number;
  readonly expired: number;
  readonly serialsOnly: number;
  readonly alreadyHere: number;
  readonly duplicates: number;
  readonly foreign: number;
  readonly unreadable: number;
}

export const NO_COUNTS: MigrationCounts = { certificates: 0, valid: 0, held: 0, revoked: 0, expired: 0, serialsOnly: 0, alreadyHere: 0, duplicates: 0, foreign: 0, unreadable: 0 };

/** What counts as not understood. */
const UNREADABLE: ReadonlySet<string> = new Set(['file-empty', 'file-unreadable', 'database-unreadable', 'database-not-read', 'csv-unreadable', 'csv-line', 'index-line', 'row-unreadable', 'certificate-unreadable', 'crl-unreadable', 'crl-number-unreadable', 'not-understood']);

export const countUnreadable = (left: readonly LeftOut[]): number => left.filter(({ code }) => UNREADABLE.has(code)).length;
