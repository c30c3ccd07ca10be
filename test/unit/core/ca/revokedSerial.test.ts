/** A revocation without its certificate and the entry that tells of it: every field that a CRL or an OCSP answer is made of counts. */
import { describe, expect, it } from 'vitest';
import { EMPTY_HEAD, toStoredEntry } from '../../../../src/main/core/ca/audit.ts';
import { judgeRevokedSerial, revokedSerialEvent, toldSerial } from '../../../../src/main/core/ca/revokedSerial.ts';
import { aRevokedSerial } from '../../../support/memoryRecords.ts';

const row = aRevokedSerial('lost');
const entryOf = (event: ReturnType<typeof revokedSerialEvent>) => toStoredEntry({ ...event, seq: 7, at: 0, actor: 'admin:test', previous: EMPTY_HEAD.hash, hash: '' });
const told = toldSerial(entryOf(revokedSerialEvent(row)));

describe('a revocation without its certificate', () => {
  it('agrees with its entry', () => {
    expect(told).toMatchObject({ seq: 7, serial: row.serial, authorityId: row.authorityId });
    expect(judgeRevokedSerial(row, told, false)).toBeUndefined();
  });

  it.each([{ subject: 'CN=other' }, { generation: 99 }, { issuerHash: 'ff' }, { notAfter: 0 }, { state: 'held' as const }, { revokedAt: 0 }, { reason: 'certificateHold' as const }])('differs by %o', (changes) => {
    expect(judgeRevokedSerial({ ...row, ...changes }, told, false)).toEqual({ seq: 7, problem: `the revocation of serial ${row.serial} differs from what entry 7 says` });
  });

  it('goes only when its certificate comes', () => {
    expect(judgeRevokedSerial(undefined, told, false)).toEqual({ seq: 7, problem: `the revocation of serial ${row.serial} is gone: entry 7 tells of it` });
    expect(judgeRevokedSerial(undefined, told, true)).toBeUndefined();
  });

  it('needs an entry', () => expect(judgeRevokedSerial(row, undefined, false)).toEqual({ seq: null, problem: `the revocation of serial ${row.serial} has no entry in the log` }));

  it('is told by its own entries alone', () => {
    const event = revokedSerialEvent(row);
    expect(toldSerial(entryOf({ ...event, action: 'certificate.import' }))).toBeUndefined();
    expect(toldSerial(entryOf({ ...event, outcome: 'refused' }))).toBeUndefined();
  });
});
