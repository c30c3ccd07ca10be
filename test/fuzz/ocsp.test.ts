/** Broken OCSP requests: each is a value or a reason, in bounded time, and what is read is what another reader reads. FUZZ_INPUTS sets how many. */
import fc from 'fast-check';
import * as pkijs from 'pkijs';
import { describe, expect, it } from 'vitest';
import { ocspRequestOf } from '../../src/main/adapters/http/ocspRequestOf.ts';
import { parseOcspRequest } from '../../src/main/core/pki/ocsp.ts';
import { writeSequence } from '../../src/main/core/pki/der.ts';
import { extension, testCa } from '../support/certificates.ts';
import { fuzzInputs, mutate, seededRandom } from '../support/mutate.ts';
import { mutateTree } from '../support/mutateTree.ts';
import { certId, ocspRequest } from '../support/ocsp.ts';

const INPUTS = fuzzInputs(3000);
const ca = testCa().certificate;
const seeds = [
  ocspRequest([certId(ca, '1234')]),
  ocspRequest([certId(ca, '80', 'sha256'), certId(ca, '2')], { nonce: new Uint8Array(32).fill(3) }),
  ocspRequest([certId(ca, '3')], { version: 0, requestorName: Uint8Array.of(0x82, 1, 0x61), signature: writeSequence(writeSequence(), Uint8Array.of(3, 1, 0)), extensions: [extension('1.2.3', Uint8Array.of(5, 0), true)] }),
];
const mutated = fc.tuple(fc.constantFrom(...seeds), fc.integer(), fc.boolean()).map(([original, seed, structural]) => Uint8Array.from((structural ? mutateTree : mutate)(original, seededRandom(seed))));

/** Serials as PKI.js reads them; undefined where it refuses. */
function oracle(bytes: Uint8Array): readonly string[] | undefined {
  try {
    return pkijs.OCSPRequest.fromBER(bytes.slice().buffer).tbsRequest.requestList.map(({ reqCert }) => Buffer.from(reqCert.serialNumber.valueBlock.valueHexView).toString('hex').toUpperCase().replace(/^(00)+(?=..)/, ''));
  } catch {
    return undefined;
  }
}

describe('OCSP requests', () => {
  it('are read as PKI.js reads them, or refused', () => {
    let compared = 0;
    let slowest = 0;
    fc.assert(
      fc.property(mutated, (bytes) => {
        const start = performance.now();
        const result = parseOcspRequest(bytes);
        slowest = Math.max(slowest, performance.now() - start);
        if (!result.ok) return;
        expect(result.value.certIds.length).toBeGreaterThan(0);
        expect(result.value.certIds.length).toBeLessThanOrEqual(16);
        for (const { der } of result.value.certIds) expect(Buffer.from(bytes).includes(Buffer.from(der))).toBe(true);
        if (result.value.nonce !== undefined) expect(result.value.nonce.length).toBeLessThanOrEqual(131);
        const other = oracle(bytes);
        if (other === undefined) return;
        compared += 1;
        expect(result.value.certIds.map((id) => id.serialHex)).toEqual(other);
      }),
      { numRuns: INPUTS },
    );
    expect(slowest).toBeLessThan(1500);
    expect(compared).toBeGreaterThan(INPUTS / 50);
  });

  it('in arbitrary paths and octets, a megabyte of tiny elements too, are refused', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void parseOcspRequest(ocspRequestOf(text))), { numRuns: INPUTS });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void expect(parseOcspRequest(bytes).ok).toBe(false)), { numRuns: INPUTS });
    const start = performance.now();
    for (const [a, b] of [[0x05, 0], [0x30, 0], [0x30, 0x80], [0xa0, 0x80]] as const) {
      const body = new Uint8Array(1 << 20).map((_, i) => (i % 2 === 0 ? a : b));
      for (const bytes of [body, writeSequence(body), writeSequence(writeSequence(writeSequence(body)))]) expect(parseOcspRequest(bytes).ok).toBe(false);
    }
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
