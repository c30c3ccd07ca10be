/**
 * The captured requests of test/vectors with what each must decode to, and the throw-away CA that opens them (test/vectors/README.md).
 * An entry or a file without its counterpart fails here, so that no vector is passed over.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { fromPem } from '../../src/main/core/lib/bytes.ts';
import type { TestCa } from './certificates.ts';
import { keyFromPem } from './keys.ts';

const folder = fileURLToPath(new URL('../vectors/', import.meta.url));

const entry = z.strictObject({
  file: z.string(),
  method: z.enum(['GET', 'POST']),
  /** Of the message, decoded. */
  bytes: z.number(),
  indefiniteLength: z.boolean(),
  messageType: z.string(),
  messageTypeName: z.string(),
  senderNonce: z.string(),
  transactionId: z.string(),
  digest: z.enum(['sha1', 'sha256', 'sha384', 'sha512']),
  signatureAlgorithm: z.string(),
  signer: z.string(),
  signerSerial: z.string(),
  selfSigned: z.boolean(),
  contentCipher: z.enum(['aes128_cbc', 'aes256_cbc', 'tripledes_3key', 'des']),
  contentCipherOid: z.string(),
  keyTransport: z.literal('rsaes_pkcs1v15'),
  recipients: z.number(),
  subject: z.string().optional(),
  keyBits: z.number().optional(),
  csrSha256: z.string().optional(),
  csrMd5: z.string().optional(),
  challengePassword: z.string().optional(),
  challengeType: z.string().optional(),
  subjectAltName: z.array(z.string()).optional(),
  /** What the envelope of a CertPoll, GetCert or GetCRL holds. */
  innerHex: z.string().optional(),
});

export type VectorEntry = Readonly<z.infer<typeof entry>>;

export interface Vector extends VectorEntry {
  /** The HTTP request as captured. */
  readonly target: string;
  readonly rawQuery: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** Every vector, in the order of index.json. */
export function loadVectors(): readonly Vector[] {
  const entries = z.array(entry).parse(JSON.parse(readFileSync(`${folder}index.json`, 'utf8')));
  const files = readdirSync(folder).filter((name) => name.endsWith('.http'));
  const named = new Set(entries.map((e) => e.file));
  const missing = files.filter((name) => !named.has(name));
  if (missing.length > 0 || files.length !== entries.length) throw new Error(`index.json and the files differ: ${missing.join(', ')}`);
  return entries.map((e) => ({ ...e, ...splitRequest(readFileSync(folder + e.file)) }));
}

function splitRequest(bytes: Buffer): Pick<Vector, 'target' | 'rawQuery' | 'headers' | 'body'> {
  const end = bytes.indexOf('\r\n\r\n');
  const [requestLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const target = requestLine.split(' ')[1] ?? '';
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const));
  return { target, rawQuery: target.includes('?') ? target.slice(target.indexOf('?') + 1) : '', headers, body: new Uint8Array(bytes.subarray(end + 4)) };
}

/** The CA that the vectors' clients spoke to. */
export function vectorCa(): TestCa {
  const [certificate] = fromPem('CERTIFICATE', readFileSync(`${folder}ca.crt`, 'utf8'));
  if (certificate === undefined) throw new Error('ca.crt holds no certificate');
  return { key: keyFromPem(readFileSync(`${folder}ca.key`, 'utf8')), certificate };
}
