/** The pages of certificates: the filter in the address, the typed end of a serial, and how far a certificate's time has run. */
import { describe, expect, it } from 'vitest';
import { contract } from '../../../src/preload/contract/contract.ts';
import { inputOf, isNarrowed, paramsOf, readFilter } from '../../../src/renderer/src/features/certificates/filter.ts';
import { isSerialTail, reasonsFor, sayReason, serialTail } from '../../../src/renderer/src/features/certificates/reasons.ts';
import { elapsedOf, toneOf } from '../../../src/renderer/src/features/certificates/validity.ts';
import { deviceName } from '../../../src/renderer/src/design/deviceName.ts';

const read = (text: string) => readFilter(new URLSearchParams(text));

describe('the filter of the certificates', () => {
  it('asks for devices alone where nothing is said', () => {
    expect(inputOf(read(''))).toEqual({ kind: 'device' });
    expect(isNarrowed(read(''))).toBe(false);
  });

  it.each([
    ['show=expiring7', { kind: 'device', expiringDays: 7 }],
    ['show=expiring30&endpoint=e1', { kind: 'device', endpointId: 'e1', expiringDays: 30 }],
    ['state=revoked', { kind: 'device', state: 'revoked' }],
    ['kind=every&query=AB%3ACD', { query: 'AB:CD' }],
    ['show=nonsense&kind=alien', { kind: 'device' }],
  ])('reads %s', (text, input) => {
    expect(inputOf(read(text))).toEqual(input);
    expect(contract['certificates.list'].input.safeParse(inputOf(read(text))).success).toBe(true);
  });

  it('comes back from the address as it went there', () => {
    const filter = { query: 'print er', show: 'held', kind: 'scep', endpoint: 'e1' } as const;
    const params = Object.entries(paramsOf(filter)).filter((entry): entry is [string, string] => entry[1] !== undefined);
    expect(readFilter(new URLSearchParams(params))).toEqual(filter);
    expect(isNarrowed(filter)).toBe(true);
  });
});

describe('the typed end of a serial', () => {
  const serial = '67DFA24265DF2F97348C619887CE2381';

  it.each(['2381', ' 2381 ', '23 81', '23:81'])('takes %j', (typed) => {
    expect(isSerialTail(typed, serial)).toBe(true);
  });

  it('takes small letters', () => {
    expect(isSerialTail('9abc', '1239ABC')).toBe(true);
  });

  it.each(['', '381', '2382', '82381', serial])('does not take %j', (typed) => {
    expect(isSerialTail(typed, serial)).toBe(false);
  });

  it('asks for all of a serial that is shorter', () => {
    expect(serialTail('7F')).toBe('7F');
    expect(isSerialTail('7f', '7F')).toBe(true);
  });
});

describe('the reasons of a revocation', () => {
  it('are ones that the contract takes, each once, and no hold', () => {
    const reasons = reasonsFor('scep').map(({ reason }) => reason);
    expect(new Set(reasons).size).toBe(reasons.length);
    expect(reasons).not.toContain('certificateHold');
    for (const reason of reasons) expect(contract['certificates.revoke'].input.safeParse({ id: 'a', reason }).success).toBe(true);
  });

  it('offer no compromise of the CA for a device', () => {
    expect(reasonsFor('device').map(({ reason }) => reason)).not.toContain('cACompromise');
  });

  it('say nothing where none was given', () => {
    expect(sayReason('unspecified')).toBeUndefined();
    expect(sayReason(null)).toBeUndefined();
    expect(sayReason('keyCompromise')).toBe('the key may be known to others');
  });
});

describe('how far a certificate’s time has run', () => {
  const dated = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z', state: 'valid', revokedAt: null } as const;

  it('is a part of it', () => {
    expect(elapsedOf(dated, '2026-07-02T12:00:00Z')).toBeCloseTo(0.5, 2);
    expect(elapsedOf(dated, '2025-07-02T12:00:00Z')).toBe(0);
    expect(elapsedOf(dated, '2029-07-02T12:00:00Z')).toBe(1);
  });

  it('stops where it was revoked', () => {
    expect(elapsedOf({ ...dated, revokedAt: '2026-01-01T00:00:00Z' }, '2026-12-01T00:00:00Z')).toBe(0);
  });

  it('warns near the end of a long life, not at the start of a short one', () => {
    expect(toneOf(dated, '2026-12-20T00:00:00Z')).toBe('warning');
    expect(toneOf(dated, '2026-11-20T00:00:00Z')).toBe('good');
    expect(toneOf({ ...dated, notAfter: '2026-01-21T00:00:00Z' }, '2026-01-02T00:00:00Z')).toBe('good');
  });
});

describe('what a device is called', () => {
  it.each([
    ['CN=printer.lan, O=Example', [], 'printer.lan'],
    ['O=Example, CN=Doe\\, Jo', [], 'Doe, Jo'],
    ['O=Example', ['DNS:x.lan'], 'O=Example'],
    ['', ['DNS:x.lan'], 'x.lan'],
    ['', [], 'A device without a name'],
  ])('%s', (subject, subjectAltNames, name) => {
    expect(deviceName({ subject, subjectAltNames })).toBe(name);
  });
});
