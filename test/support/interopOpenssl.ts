/** OpenSSL as the second opinion on what was issued: verifies, reads and names, by the words that it prints. */
import { writeFileSync } from 'node:fs';
import { type ProgramAnswer, mustRun, runProgram } from './interopPrograms.ts';

/** A new private key in PEM, as a device would make it. */
export async function makeKey(path: string, kind: 'rsa' | 'ec' = 'rsa'): Promise<string> {
  const algorithm = kind === 'rsa' ? ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'] : ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  await mustRun('openssl', ['genpkey', '-algorithm', ...algorithm, '-out', path]);
  return path;
}

/** `openssl verify`: exit code and words. */
export const verify = (caFile: string, certificateFile: string, ...more: readonly string[]): Promise<ProgramAnswer> =>
  runProgram('openssl', ['verify', '-x509_strict', '-CAfile', caFile, ...more, certificateFile]);

/** What `openssl x509` says about a certificate, in the parts that tests ask for. */
export interface ShownCertificate {
  /** `O = Test, CN = dev` */
  readonly subject: string;
  readonly serial: string;
  /** Extension text by the name that OpenSSL gives it: `X509v3 Key Usage` → `Digital Signature, Key Encipherment`. */
  readonly extensions: ReadonlyMap<string, string>;
  readonly text: string;
}

export async function showCertificate(path: string): Promise<ShownCertificate> {
  const text = (await mustRun('openssl', ['x509', '-in', path, '-noout', '-text'])).toString();
  const head = (await mustRun('openssl', ['x509', '-in', path, '-noout', '-subject', '-serial'])).toString();
  const extensions = new Map([...text.matchAll(/^ {12}(\S[^\n]*?): ?(?:critical)?\s*\n((?: {16}[^\n]*\n)+)/gm)].map(([, name = '', body = '']) => [name, body.replace(/^ +/gm, '').trim()] as const));
  return { subject: /^subject=(.*)$/m.exec(head)?.[1] ?? '', serial: /^serial=(.*)$/m.exec(head)?.[1] ?? '', extensions, text };
}

/** SHA-256 of the public key in a key, CSR or certificate file: what an admin may compare instead of the CSR's digest. */
export async function spkiDigest(kind: 'pkey' | 'req' | 'x509', path: string): Promise<string> {
  const pem = await mustRun('openssl', [kind, '-in', path, ...(kind === 'pkey' ? ['-pubout'] : ['-noout', '-pubkey'])]);
  const der = await mustRun('openssl', ['pkey', '-pubin', '-outform', 'DER'], { input: pem });
  return digestOf(der);
}

/** `openssl dgst -sha256` over bytes, in lower hex. */
export async function digestOf(bytes: Uint8Array): Promise<string> {
  return /([0-9a-f]{64})\s*$/.exec((await mustRun('openssl', ['dgst', '-sha256'], { input: bytes })).toString())?.[1] ?? '';
}

/** Writes a certificate (PEM text or DER) as PEM and gives the path. */
export function writeCertificate(path: string, certificate: string | Uint8Array): string {
  const pem = typeof certificate === 'string' ? certificate : `-----BEGIN CERTIFICATE-----\n${Buffer.from(certificate).toString('base64').match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END CERTIFICATE-----\n`;
  writeFileSync(path, pem);
  return path;
}
