import fc from 'fast-check';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { failInfoFor } from '../../src/main/core/scep/failInfo.ts';
import type { OpenOutcome } from '../../src/main/core/scep/message.ts';
import { decodeOperation } from '../../src/main/core/scep/operation.ts';
import { type SentMessage, csr, ed25519Key, envelope, getCert, message, pkcsReq, rsaKey, testCa } from '../support/forge.ts';
import { open, seal } from '../support/messages.ts';
import { fuzzInputs, mutate, seededRandom } from '../support/mutate.ts';
import { openReply } from '../support/replies.ts';
import { loadVectors, vectorCa } from '../support/vectors.ts';

const INPUTS = fuzzInputs(3000);
// Each of these makes two signatures of its own.
const SIGNED_INPUTS = Math.ceil(INPUTS / 3);
vi.setConfig({ testTimeout: Math.max(120_000, INPUTS * 10) });
// A message may take as long as a private-key operation on a busy machine; a parser that loops takes for ever.
const TOO_LONG_MS = 2000;

const vectorsCa = vectorCa();
const vectors = loadVectors().map((vector) => {
  const decoded = decodeOperation(vector);
  if (decoded.kind !== 'pki-operation') throw new Error(vector.file);
  return decoded.message;
});

/** Opens, and checks what holds for every input whatever: an outcome in time, and one that can go on its way. */
function openAny(bytes: Uint8Array, options: Parameters<typeof open>[1]): OpenOutcome {
  const start = performance.now();
  let outcome: OpenOutcome;
  try {
    outcome = open(bytes, options);
  } catch (e) {
    throw new Error(`threw at ${Buffer.from(bytes).toString('base64')}`, { cause: e });
  }
  if (performance.now() - start > TOO_LONG_MS) throw new Error(`took too long: ${Buffer.from(bytes).toString('base64')}`);
  expect(['request', 'fault', 'unanswerable']).toContain(outcome.kind);
  return outcome;
}

/** Every tenth fault is really answered, and the answer opened. */
function answerSome(outcome: OpenOutcome, i: number, sent?: SentMessage): void {
  if (outcome.kind !== 'fault' || i % 10 !== 0) return;
  const bytes = seal({ kind: 'failure', ...failInfoFor(outcome.fault.code) }, outcome);
  if (sent !== undefined)
    expect(openReply(bytes, { ...sent, transactionId: outcome.frame.transactionId, senderNonce: outcome.frame.senderNonce }).pkiStatus).toBe('FAILURE');
}

describe('fuzzing the SCEP reader', () => {
  it('answers changed bytes of every vector with an outcome', () => {
    const random = seededRandom();
    const kinds = new Map<string, number>();
    for (let i = 0; i < INPUTS; i++) {
      const outcome = openAny(mutate(vectors[random(vectors.length)]!, random), { compatibility: 'legacy', cas: [vectorsCa] });
      answerSome(outcome, i);
      kinds.set(outcome.kind, (kinds.get(outcome.kind) ?? 0) + 1);
    }
    // Else the mutator breaks everything at once, or nothing.
    expect(kinds.get('unanswerable')).toBeGreaterThan(0);
    expect(kinds.get('fault')).toBeGreaterThan(0);
  });

  it('answers a changed envelope under a right signature: a fault, and never another request', () => {
    const random = seededRandom(2);
    const key = ed25519Key(0);
    const request = csr({ key, challenge: 'secret' });
    const right = (['der', 'ber'] as const).map((encoding) => envelope(request, { encoding }));
    const codes = new Set<string>();
    for (let i = 0; i < SIGNED_INPUTS; i++) {
      const sent = message(new Uint8Array(0), { key, eContent: mutate(right[i % 2]!, random) });
      const outcome = openAny(sent.bytes, {});
      if (outcome.kind === 'fault') codes.add(outcome.fault.code);
      // A change that does not matter (a version, a tag nobody reads) may leave the request; it must then be the very same one.
      if (outcome.kind === 'request' && outcome.content.kind === 'csr') expect(Buffer.from(outcome.content.csr.der).equals(request)).toBe(true);
      answerSome(outcome, i, sent);
    }
    for (const code of ['missing-envelope', 'undecryptable', 'wrong-recipient', 'unsupported-cipher']) expect(codes).toContain(code);
  });

  it('A8.18 answers a changed PKCS #10 inside a right envelope by one and the same fault', () => {
    const random = seededRandom(3);
    const key = ed25519Key(0);
    const request = csr({ key, challenge: 'secret', dnsNames: ['fuzz.test'] });
    const codes = new Set<string>();
    for (let i = 0; i < SIGNED_INPUTS; i++) {
      const changed = mutate(request, random);
      const outcome = openAny(
        pkcsReq({ key, csrDer: changed, signerCertificate: message(changed, { key, eContent: new Uint8Array(0) }).signerCertificate }).bytes,
        {},
      );
      if (outcome.kind === 'fault') codes.add(outcome.fault.code);
      // A BIT STRING's unused bits or a NULL may be written otherwise and still prove possession.
      if (outcome.kind === 'request' && !changed.every((b, at) => b === request[at])) expect(outcome.content.kind).toBe('csr');
    }
    expect([...codes]).toEqual(['undecryptable']);
  });

  it('answers a changed IssuerAndSerialNumber in a GetCert with an outcome', () => {
    const random = seededRandom(4);
    const key = rsaKey(0);
    const { signerCertificate } = pkcsReq({ key });
    for (let i = 0; i < SIGNED_INPUTS; i++) {
      const inner = mutate(testCa().certificate.subarray(0, 60), random);
      const outcome = openAny(message(inner, { key, signerCertificate, messageType: 21 }).bytes, {});
      if (outcome.kind === 'fault') expect(outcome.fault.code).toBe('undecryptable');
    }
    expect(open(getCert(testCa().certificate, { key, signerCertificate }).bytes).kind).toBe('request');
  });

  it('answers any bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }),
          fc.uint8Array({ maxLength: 60 }).map((b) => Buffer.concat([Buffer.from('308006092a864886f70d010702a0803080020101', 'hex'), b])),
        ),
        (bytes) => {
          openAny(bytes, {});
        },
      ),
      { numRuns: INPUTS },
    );
  });

  it('decodes any query to an operation or a refusal', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('operation', 'message', 'PKIOperation', 'GetCACaps', 'MIIB', '%', '%2', '%25', '%2B', '=', '&', '+', '%0A', ' '),
    );
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST', 'PUT'), fc.array(part, { maxLength: 12 }), fc.uint8Array({ maxLength: 8 }), (method, query, body) => {
        expect(['ca-query', 'pki-operation', 'refused']).toContain(decodeOperation({ method, rawQuery: query.join(''), body }).kind);
      }),
      { numRuns: INPUTS },
    );
  });

  it.each([
    ['SEQUENCEs nested without end', Buffer.alloc(1 << 20, Buffer.from('3080', 'hex'))],
    [
      'OCTET STRINGs nested without end',
      Buffer.concat([
        Buffer.from('308006092a864886f70d010702a08030800201013100308006092a864886f70d010701a080', 'hex'),
        Buffer.alloc(1 << 20, Buffer.from('2480', 'hex')),
      ]),
    ],
    [
      'half a million empty chunks',
      Buffer.concat([
        Buffer.from('308006092a864886f70d010702a08030800201013100308006092a864886f70d010701a0802480', 'hex'),
        Buffer.alloc(1 << 20, Buffer.from('0400', 'hex')),
        Buffer.alloc(12),
      ]),
    ],
    ['a length of four gigabytes', Buffer.from('3084ffffffff', 'hex')],
  ])('survives a megabyte of %s', (_, bytes) => {
    expect(openAny(bytes, {}).kind).toBe('unanswerable');
  });

  it('refuses an envelope with more than a PKCS #10 can need', () => {
    expect(openAny(pkcsReq({ csrDer: Buffer.alloc(1 << 20, 5) }).bytes, {})).toMatchObject({ kind: 'fault', fault: { code: 'undecryptable' } });
  });

  it('does not grow in memory', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const random = seededRandom(5);
    const round = (): number => {
      for (let i = 0; i < Math.min(INPUTS, 20_000) / 2; i++)
        openAny(mutate(vectors[i % vectors.length]!, random), { compatibility: 'legacy', cas: [vectorsCa] });
      collect();
      return process.memoryUsage().heapUsed;
    };
    const first = round();
    expect(round() - first).toBeLessThan(4 << 20);
  });
});
