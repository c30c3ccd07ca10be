/**
 * Other people's readers of the same bytes, to compare ours with: the openssl command, node:crypto's X509Certificate, and PKI.js over asn1js.
 * Never used by the product's core.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

/** Runs openssl over bytes on its standard input; throws where it refuses them. */
export function openssl(args: readonly string[], input: Uint8Array = new Uint8Array(0)): string {
  return execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 64 << 20 }).toString('utf8');
}

/** Runs openssl with files of these contents; `@name` in an argument stands for the file's path. */
export function opensslWithFiles(args: readonly string[], files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'oracle-'));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    return execFileSync('openssl', args.map((a) => (a.startsWith('@') ? join(folder, a.slice(1)) : a)), { stdio: ['pipe', 'pipe', 'pipe'] }).toString('utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// UTF-8 as it is, RFC 2253 escapes, encoded order, short names: the form that nameToText prints.
const NAME_OPTIONS = 'esc_2253,esc_ctrl,utf8,dump_nostr,dump_unknown,dump_der,sep_comma_plus_space,sname';

/** The subject of a certificate as openssl prints it. */
export function opensslSubject(certificate: Uint8Array): string {
  return openssl(['x509', '-inform', 'DER', '-noout', '-subject', '-nameopt', NAME_OPTIONS], certificate).replace(/^subject=/, '').replace(/\n$/, '');
}

export function pem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der).toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** What PKI.js reads out of a certificate, in the shapes that ours are compared in; undefined where it refuses. */
export function pkijsCertificate(der: Uint8Array): PkijsFacts | undefined {
  return reading(() => {
    const c = pkijs.Certificate.fromBER(copy(der));
    return {
      signed: c.tbsView,
      subject: derOf(c.subject.toSchema()),
      issuer: derOf(c.issuer.toSchema()),
      serial: hexOf(c.serialNumber.valueBlock.valueHexView),
      notBefore: c.notBefore.value.getTime(),
      notAfter: c.notAfter.value.getTime(),
      algorithm: c.signatureAlgorithm.algorithmId,
      extensionOids: (c.extensions ?? []).map((x) => x.extnID),
    };
  });
}

export interface PkijsFacts {
  readonly signed: Uint8Array;
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly algorithm: string;
  readonly extensionOids: readonly string[];
}

/** What PKI.js reads out of a certification request; undefined where it refuses. */
export function pkijsCsr(der: Uint8Array): { readonly signed: Uint8Array; readonly subject: string; readonly attributeOids: readonly string[]; readonly algorithm: string } | undefined {
  return reading(() => {
    const r = pkijs.CertificationRequest.fromBER(copy(der));
    return { signed: r.tbsView, subject: derOf(r.subject.toSchema()), attributeOids: (r.attributes ?? []).map((a) => a.type), algorithm: r.signatureAlgorithm.algorithmId };
  });
}

export function pkijsCrl(der: Uint8Array): pkijs.CertificateRevocationList {
  return pkijs.CertificateRevocationList.fromBER(copy(der));
}

/** Whether asn1js takes these bytes for one element with nothing behind it. */
export function asn1jsAccepts(bytes: Uint8Array): boolean {
  const { offset } = asn1js.fromBER(copy(bytes));
  return offset === bytes.length;
}

const copy = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const derOf = (schema: asn1js.AsnType): string => hexOf(new Uint8Array(schema.toBER()));

function reading<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
