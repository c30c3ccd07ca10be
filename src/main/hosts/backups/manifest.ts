/**
 * What stands at the beginning of a backup's content, before its two files: what it is of, what must be found in it, and the boxed key-encryption keys.
 * A length (four octets), JSON, then the files one after the other.
 */
import type { BoxedKeks } from '../../adapters/vault/backupKeks.ts';
import type { Counts } from '../../application/ports/backups.ts';
import type { AuditHead } from '../../core/ca/audit.ts';

export const FILES = ['countersign.db', 'audit-head.json'] as const;

export interface Manifest {
  readonly format: 1;
  readonly productVersion: string;
  /** Of the database: how many migrations it has had. */
  readonly schema: number;
  readonly createdAt: number;
  readonly auditKey: string;
  readonly head: AuditHead;
  readonly counts: Counts;
  readonly keks: BoxedKeks;
  /** Sizes in octets, in the order of FILES. */
  readonly sizes: readonly [number, number];
}

const MOST = 64 * 1024;

/** The manifest with its length before it. */
export function writeManifest(manifest: Manifest): Buffer {
  const json = Buffer.from(JSON.stringify(manifest), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json]);
}

/** Of the first four octets; undefined for what no version writes. */
export const manifestLength = (octets: Buffer): number | undefined => (octets.length === 4 && octets.readUInt32BE() <= MOST ? octets.readUInt32BE() : undefined);

/** What was authenticated before it is read here was written by this product: only another version's form is possible. */
export function parseManifest(json: Buffer): Manifest | undefined {
  try {
    const value = JSON.parse(json.toString('utf8')) as Partial<Manifest> | null;
    return value !== null && typeof value.format === 'number' && Array.isArray(value.sizes) ? (value as Manifest) : undefined;
  } catch {
    return undefined;
  }
}
