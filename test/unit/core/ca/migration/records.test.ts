/** The records of other products, line by line: openssl's index.txt, certutil's CSV, and what becomes of them together with a CRL. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { isAdcsCsv, parseAdcsCsv } from '../../../../../src/main/core/ca/migration/adcs.ts';
import { parseCsv } from '../../../../../src/main/core/ca/migration/csv.ts';
import { reasonOf, serialOf } from '../../../../../src/main/core/ca/migration/material.ts';
import { parseOpensslIndex, readIndexTime } from '../../../../../src/main/core/ca/migration/opensslIndex.ts';
import { onelineOf, writeIndexLine, writeIndexTime } from '../../../../../src/main/core/ca/migration/opensslLayout.ts';
import { mergeRecords, stricter } from '../../../../../src/main/core/ca/migration/revocations.ts';
import { writeTar } from '../../../../../src/main/core/ca/migration/tar.ts';
import { fromIso } from '../../../../../src/main/core/lib/instant.ts';
import type { Crl } from '../../../../../src/main/core/pki/crl.ts';
import { parseNameText } from '../../../../../src/main/core/pki/names.ts';

const at = (iso: string): number => fromIso(iso) ?? Number.NaN;

describe('openssl’s index.txt', () => {
  it('says of each certificate its end, its revocation and its serial', () => {
    const text = [
      'V\t271126143626Z\t\t01\tunknown\t/CN=a',
      'R\t20271126143626Z\t261126143627Z,keyCompromise\t0A\tnewcerts/0A.pem\t/CN=b',
      'R\t271126143626Z\t261126143627Z,holdInstruction,holdInstructionReject\t3\tunknown\t/CN=c',
      'R\t271126143626Z\t261126143627Z,CAkeyTime,20260101000000Z\t04\tunknown\t/CN=d',
      'R\t271126143626Z\t261126143627Z,newReason\t05\tunknown\t/CN=e',
      'E\t991126143626Z\t\t00FF\tunknown\t',
      '',
    ].join('\r\n');
    const { items, left } = parseOpensslIndex('index.txt', text);
    expect(left).toEqual([]);
    expect(items.map(({ line, serial, revocation }) => [line, serial, revocation?.state, revocation?.reason])).toEqual([
      [1, '01', undefined, undefined],
      [2, '0A', 'revoked', 'keyCompromise'],
      [3, '03', 'held', 'certificateHold'],
      [4, '04', 'revoked', 'cACompromise'],
      [5, '05', 'revoked', 'unspecified'],
      [6, 'FF', undefined, undefined],
    ]);
    expect(items[1]).toMatchObject({ notAfter: at('2027-11-26T14:36:26Z'), revocation: { revokedAt: at('2026-11-26T14:36:27Z') } });
    expect(items[5]).toMatchObject({ notAfter: at('1999-11-26T14:36:26Z'), subject: null });
  });

  it.each([
    ['X\t271126143626Z\t\t01\tunknown\t/CN=a', /does not begin/],
    ['V\t271126143626Z\t\t01\tunknown', undefined],
    ['V\t271126143626Z\t\t01', /six fields/],
    ['V\t271326143626Z\t\t01\tunknown\t/CN=a', /no time/],
    ['V\t271126143626Z\t\tzz\tunknown\t/CN=a', /hexadecimal/],
    ['V\t271126143626Z\t261126143627Z\t01\tunknown\t/CN=a', /not marked/],
    [`V\t271126143626Z\t\t01\tunknown\t/CN=${'a'.repeat(10_001)}`, /too long/],
  ])('names a line that it leaves out: %s', (line, words) => {
    const { items, left } = parseOpensslIndex('index.txt', `\n${line}`);
    if (words === undefined) return expect([items.length, left.length]).toEqual([1, 0]);
    expect(items).toEqual([]);
    expect(left).toEqual([expect.objectContaining({ file: 'index.txt', line: 2, text: expect.stringMatching(words) as string })]);
  });

  it.each(['R\t271126143626Z\t\t01\tunknown\t/CN=a', 'R\t271126143626Z\tyesterday,keyCompromise\t01\tunknown\t/CN=a', 'R\tnever\t\t01\tunknown\t/CN=a'])('says that what is marked as revoked is revoked, whatever else cannot be read: %j', (line) => {
    const { items, left } = parseOpensslIndex('index.txt', line);
    expect(items).toMatchObject([{ serial: '01', revocation: { state: 'revoked', revokedAt: 0 } }]);
    expect(left).toMatchObject([{ code: 'index-line', text: expect.stringContaining('has no time') as unknown }]);
  });

  it('comes back from what is written of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: at('1950-01-01T00:00:00Z') / 1000, max: at('9999-12-31T23:59:59Z') / 1000 }), (seconds) => readIndexTime(writeIndexTime(seconds * 1000)) === seconds * 1000),
      { examples: [[at('2049-12-31T23:59:59Z') / 1000], [at('2050-01-01T00:00:00Z') / 1000]] },
    );
    const line = writeIndexLine({ serial: '0B', subject: '/CN=x', notAfter: at('2050-02-01T00:00:00Z'), revokedAt: at('2026-02-01T00:00:00Z'), reason: 'aACompromise' }, 0);
    expect(line).toBe('R\t20500201000000Z\t260201000000Z\t0B\tunknown\t/CN=x\n');
    expect(parseOpensslIndex('i', line).items).toMatchObject([{ serial: '0B', revocation: { state: 'revoked', reason: null } }]);
  });

  it('survives whatever stands in it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('V', 'R', '\t', '\n', '271126143626Z', '01', ',', '\r'))), (parts) => {
        const text = parts.join('');
        const { items, left } = parseOpensslIndex('index.txt', text);
        expect(items.filter(({ revocation }) => revocation?.revokedAt !== 0).length + left.length).toBe(text.split('\n').filter((line) => line.trim() !== '').length);
      }),
    );
  });
});

describe('serials and reasons', () => {
  it('are written in one way, whoever wrote them', () => {
    expect(['1', '01', '0x1a', '00:1A', 'abc', '0', '61 00 00'].map(serialOf)).toEqual(['01', '01', '1A', '1A', '0ABC', '00', '610000']);
    expect(['', 'x', '1'.repeat(129), '-1'].map(serialOf)).toEqual([undefined, undefined, undefined, undefined]);
    expect(['CACompromise', 'Key Compromise', 'aaCompromise', 'removeFromCRL'].map(reasonOf)).toEqual(['cACompromise', 'keyCompromise', 'aACompromise', undefined]);
  });
});

describe('certutil’s view', () => {
  it('is read under English headings, with times of an American Windows', () => {
    const text = `"Request ID","Serial Number","Request Disposition","Revocation Date","Revocation Reason","Certificate Expiration Date","Issued Common Name","Binary Certificate"
"1","6100","20 -- Issued","EMPTY","EMPTY","11/26/2027 2:05 PM","gate","-----BEGIN CERTIFICATE-----
AAEC
-----END CERTIFICATE-----
"
"2","6101","21 -- Revoked","10/31/2026 12:05 AM","0x6 (6) -- Reason: Certificate Hold","11/26/2027 2:05 PM","say ""x""","EMPTY"
"3","","30 -- Failed","EMPTY","EMPTY","EMPTY","EMPTY","EMPTY"
"4","61zz","20 -- Issued","EMPTY","EMPTY","EMPTY","EMPTY","EMPTY"
"5","6103","21 -- Revoked","EMPTY","EMPTY","EMPTY","EMPTY","EMPTY"
`;
    expect(isAdcsCsv(text)).toBe(true);
    const read = parseAdcsCsv('view.csv', text);
    if (!read.ok) throw new Error(read.error);
    expect(read.value.entries).toMatchObject([
      { serial: '6100', line: 2, subject: 'gate', notAfter: at('2027-11-26T14:05:00Z'), revocation: null },
      { serial: '6101', line: 6, subject: 'say "x"', revocation: { state: 'held', revokedAt: at('2026-10-31T00:05:00Z') } },
      { serial: '6103', line: 9, revocation: { state: 'revoked', revokedAt: 0 } },
    ]);
    expect(read.value.certificates).toEqual([{ der: Uint8Array.of(0, 1, 2), file: 'view.csv', line: 2 }]);
    expect(read.value.left.map(({ line, text: words }) => [line, words])).toEqual([
      [8, 'The serial number is not hexadecimal.'],
      [9, 'Serial 6103 is revoked, and its date cannot be read: it counts as revoked since 1970.'],
    ]);
    expect(read.value.ambiguousDates).toBe(false);
  });

  it('says which columns are missing, and that a date can be read in two ways', () => {
    expect(parseAdcsCsv('v', 'Serial Number,Revocation Date\n')).toMatchObject({ ok: false, error: expect.stringContaining('Request Disposition') as string });
    expect(parseAdcsCsv('v', 'SerialNumber;Disposition;Request.RevokedWhen\n61;21;03/04/2026 10:00\n')).toMatchObject({ ok: true, value: { ambiguousDates: true, entries: [{ revocation: { revokedAt: at('2026-03-04T10:00:00Z') } }] } });
    expect(parseAdcsCsv('v', 'SerialNumber,Disposition,Request.RevokedWhen\n61,21,"never ends')).toMatchObject({ ok: false });
  });

  it('survives whatever stands in it', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('"', '""', ',', ';', '\r\n', '20 -- Issued', '21 -- Revoked', '61', '01.02.2026 10:00'));
    fc.assert(
      fc.property(fc.array(cell), (cells) => {
        parseCsv(cells.join(''));
        const read = parseAdcsCsv('v', `SerialNumber,Disposition,Request.RevokedWhen,RawCertificate\n${cells.join(',')}`);
        if (read.ok) for (const { revocation } of read.value.entries) if (revocation !== null) expect(Number.isFinite(revocation.revokedAt)).toBe(true);
      }),
    );
  });
});

describe('records and CRLs together', () => {
  const entry = { file: 'index.txt', line: 1, serial: '01', subject: '/CN=a', notAfter: null, revocation: null };
  const crl = (...revoked: Crl['revoked'][number][]) => ({ file: 'crl.pem', line: null, crl: { revoked } as unknown as Crl });

  it('keep revoked what either of them revokes, and the stricter of both', () => {
    const held = { ...entry, serial: '02', revocation: { state: 'held', revokedAt: 5, reason: 'certificateHold' } } as const;
    const { bySerial, onlyOnCrl } = mergeRecords([entry, held], [crl({ serialHex: '01', at: 7 }, { serialHex: '02', at: 9, reason: 'keyCompromise' }, { serialHex: '0003', at: 8, reason: 'certificateHold' }, { serialHex: '04', at: 8, reason: 'removeFromCRL' })]);
    expect(onlyOnCrl).toBe(1);
    expect([...bySerial].map(([serial, { revocation }]) => [serial, revocation?.state, revocation?.revokedAt])).toEqual([
      ['01', 'revoked', 7],
      ['02', 'revoked', 9],
      ['03', 'held', 8],
    ]);
  });

  it('a serial that stands twice is named, and no later line undoes a revocation', () => {
    const revoked = { ...entry, revocation: { state: 'revoked', revokedAt: 5, reason: null } } as const;
    const { bySerial, left } = mergeRecords([revoked, { ...entry, line: 2 }], []);
    expect(bySerial.get('01')?.revocation).toEqual(revoked.revocation);
    expect(left).toEqual([expect.objectContaining({ code: 'serial-twice', line: 2 })]);
  });

  it('are never softened: a hold in the files does not take back what is revoked here', () => {
    const [hold, final] = [{ state: 'held', revokedAt: 5, reason: 'certificateHold' }, { state: 'revoked', revokedAt: 4, reason: 'keyCompromise' }] as const;
    expect(stricter(hold, final)).toBe(final);
    expect(stricter(final, hold)).toBe(final);
    expect(stricter(null, hold)).toBe(hold);
  });
});

describe('what goes out', () => {
  it('names as openssl’s index has them', () => {
    const name = parseNameText('O=Test, CN=Größe\\, 1');
    expect(name.ok && onelineOf(name.value)).toBe('/O=Test/CN=Gr\\xF6\\xDFe, 1');
  });

  it('a tar of whole blocks, whose names are plain', () => {
    const tar = writeTar([{ name: 'a/b.txt', bytes: Uint8Array.of(1, 2, 3), mode: 0o600 }], at('2026-11-26T00:00:00Z'));
    expect(tar.length).toBe(4 * 512);
    expect(Buffer.from(tar.subarray(257, 263)).toString('latin1')).toBe('ustar\0');
    expect(() => writeTar([{ name: 'ä', bytes: new Uint8Array(0), mode: 0o600 }], 0)).toThrow();
  });
});
