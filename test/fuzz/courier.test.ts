/** Broken courier files and payloads: each is a value or a reason, in bounded time, and nothing that is read is out of its bounds. FUZZ_INPUTS sets how many. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CourierHeader, COURIER_KINDS, MOST_BYTES, parseFrame, writeHead } from '../../src/main/core/ca/courierFile.ts';
import { type RequestsPayload, readPayload, writePayload } from '../../src/main/core/ca/courierPayload.ts';
import { concat } from '../../src/main/core/lib/bytes.ts';
import { fuzzInputs, mutate, seededRandom } from '../support/mutate.ts';

const INPUTS = fuzzInputs(3000);
const header: CourierHeader = { kind: 'requests', pairing: 'ab12', from: 'aa'.repeat(32), to: 'bb'.repeat(32), sequence: 7, previous: 'cc'.repeat(32), at: 1_790_000_000_000 };
const body = new Uint8Array(300).fill(9);
const file = concat([writeHead(header, body.length), body, new Uint8Array(64).fill(5)]);
const payload: RequestsPayload = {
  ack: { sequence: 3, sha256: 'ab'.repeat(32) },
  have: 5,
  publicBaseUrl: null,
  crls: [{ generation: 1, number: 4 }],
  wanted: [{ kind: 'scep', generation: 1, csr: new Uint8Array([1, 2, 3]) }],
  revocations: [{ generation: 1, serial: 'AB', reason: 'keyCompromise', at: 1 }],
  followers: [{ certificateId: 'c1', source: '192.0.2.1', lastSeenAt: 5, fetchedAt: null }],
  requests: [
    {
      id: 'r1',
      csr: new Uint8Array([4, 5]),
      endpoint: '/scep',
      generation: 1,
      transactionId: 't',
      messageType: 'PKCSReq',
      signerSpkiSha256: 'ab'.repeat(32),
      signerCertificate: new Uint8Array([6]),
      messageSha256: 'cd'.repeat(32),
      source: '192.0.2.1',
      client: null,
      receivedAt: 1,
      evidence: { kind: 'certificate', certificateId: 'c1', serial: 'AB' },
      grantedBy: 'policy',
      matchedAt: null,
      findings: [{ code: 'x', severity: 'info', text: 'y' }],
    },
  ],
  complete: true,
};
const written = writePayload(payload);

describe('courier files', () => {
  it('are read as they were written', () => {
    const parsed = parseFrame(file);
    expect(parsed.ok && parsed.value.header).toEqual(header);
    expect(parsed.ok && parsed.value.body).toEqual(body);
    expect(readPayload('requests', written)).toEqual(payload);
    for (const kind of ['invitation', 'acceptance', 'certificates'] as const) expect(readPayload(kind, written)).toBeUndefined();
  });

  it('that are cut anywhere are truncated, never anything else', () => {
    for (let length = 0; length < file.length; length++) {
      const parsed = parseFrame(file.subarray(0, length));
      expect(parsed.ok ? 'read' : parsed.error.code, `${length}`).toBe('courier-truncated');
    }
  });

  it('that are mutated, or any bytes at all, are a frame within its bounds or a reason', () => {
    let slowest = 0;
    const frames = fc.oneof(
      fc.integer().map((seed) => mutate(file, seededRandom(seed))),
      fc.uint8Array({ maxLength: 400 }),
      fc.uint8Array({ maxLength: 200 }).map((tail) => concat([file.subarray(0, 24), tail])),
    );
    fc.assert(
      fc.property(frames, (bytes) => {
        const start = performance.now();
        const parsed = parseFrame(Uint8Array.from(bytes));
        slowest = Math.max(slowest, performance.now() - start);
        if (!parsed.ok) {
          expect(parsed.error.code).toMatch(/^courier-(foreign|truncated|damaged|newer)$/);
          return;
        }
        const { value } = parsed;
        expect(COURIER_KINDS).toContain(value.header.kind);
        expect(value.signature.length).toBe(64);
        expect(value.head.length + value.body.length).toBe(value.signed.length);
        expect(value.signed.length + 64).toBe(bytes.length);
      }),
      { numRuns: INPUTS },
    );
    expect(slowest).toBeLessThan(500);
    const huge = parseFrame(new Uint8Array(MOST_BYTES + 1));
    expect(huge.ok ? '' : huge.error.code).toBe('courier-too-large');
  });
});

describe('courier payloads', () => {
  it('that are mutated, or any JSON at all, are what their kind says or nothing', () => {
    const texts = fc.oneof(
      fc.integer().map((seed) => Buffer.from(mutate(Buffer.from(written), seededRandom(seed))).toString('utf8')),
      fc.json(),
      fc.string(),
      fc.jsonValue().map((value) => JSON.stringify({ ...payload, requests: value })),
    );
    fc.assert(
      fc.property(texts, fc.constantFrom('invitation', 'acceptance', 'requests', 'certificates'), (text, kind) => {
        const read = readPayload(kind, text);
        if (read !== undefined) expect(readPayload(kind, writePayload(read))).toEqual(read);
      }),
      { numRuns: INPUTS },
    );
  });

  it('with names that objects inherit, fields too many, or endless nesting are nothing', () => {
    const fields = JSON.parse(written) as Record<string, unknown>;
    for (const extra of ['__proto__', 'constructor', 'toString', 'more']) expect(readPayload('requests', written.replace('{', `{"${extra}":1,`)), extra).toBeUndefined();
    for (const name of Object.keys(fields)) expect(readPayload('requests', JSON.stringify({ ...fields, [name]: undefined })), name).toBeUndefined();
    expect(readPayload('requests', `${'['.repeat(200_000)}${']'.repeat(200_000)}`)).toBeUndefined();
    expect(readPayload('requests', JSON.stringify({ ...fields, requests: Array.from({ length: 2_001 }, () => (fields['requests'] as unknown[])[0]) }))).toBeUndefined();
  });
});
