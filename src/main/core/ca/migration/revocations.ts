/**
 * One list of revocations out of a CA's own records and its last CRLs. Where they differ what is revoked stays revoked: an error to that side
 * is mended by a new certificate, one to the other by nothing.
 */
import type { Crl } from '../../pki/crl.ts';
import { type LeftOut, type Place, type RecordEntry, type Revocation, revocationFor, serialOf } from './material.ts';

export interface MergedEntry extends Place {
  readonly subject: string | null;
  readonly notAfter: number | null;
  readonly revocation: Revocation | null;
}

export interface MergedRecords {
  /** By serial. */
  readonly bySerial: ReadonlyMap<string, MergedEntry>;
  readonly left: readonly LeftOut[];
  /** Serials that a CRL revokes and that the records have as valid. */
  readonly onlyOnCrl: number;
}

/** What is final stays final; of two equal ones the first stays. */
/** Of two accounts of one certificate: a revocation before a hold, a hold before nothing, a reason before none. */
export function stricter(a: Revocation | null, b: Revocation | null): Revocation | null {
  if (a === null || b === null) return a ?? b;
  if (a.state !== b.state) return a.state === 'revoked' ? a : b;
  return a.reason === null && b.reason !== null ? { ...a, reason: b.reason } : a;
}

export function mergeRecords(entries: readonly RecordEntry[], crls: readonly (Place & { readonly crl: Crl })[]): MergedRecords {
  const bySerial = new Map<string, MergedEntry>();
  const left: LeftOut[] = [];
  for (const { serial, ...entry } of entries) {
    const before = bySerial.get(serial);
    if (before === undefined) {
      bySerial.set(serial, entry);
      continue;
    }
    left.push({ code: 'serial-twice', file: entry.file, line: entry.line, text: `Serial ${serial} stands in the records twice; the stricter of both counts.` });
    bySerial.set(serial, { ...before, revocation: stricter(before.revocation, entry.revocation) });
  }
  let onlyOnCrl = 0;
  for (const { crl, file } of crls) {
    for (const { serialHex, at, reason } of crl.revoked) {
      const serial = serialOf(serialHex);
      // RFC 5280 5.3.1: removeFromCRL belongs to delta CRLs, which are not read.
      if (serial === undefined || reason === 'removeFromCRL') continue;
      const listed = revocationFor(at, reason ?? null);
      const before = bySerial.get(serial);
      if (before !== undefined && before.revocation === null) onlyOnCrl += 1;
      bySerial.set(serial, before === undefined ? { file, line: null, subject: null, notAfter: null, revocation: listed } : { ...before, revocation: stricter(before.revocation, listed) });
    }
  }
  return { bySerial, left, onlyOnCrl };
}
