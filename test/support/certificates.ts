/**
 * Forged certificates and PKCS #10 requests for tests: also those that no sane CA or client would make (v1, 32-octet serials, critical AKI).
 * Written with the DER primitives alone, not with the product's own certificate writer.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { DigestName } from '../../src/main/core/pki/crypto.ts';
import * as der from '../../src/main/core/pki/der.ts';
import { type TestKey, rsaKey } from './keys.ts';

const NAME_OIDS: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  serialNumber: '2.5.4.5',
  unstructuredName: '1.2.840.113549.1.9.2',
};

/** A DER Name from `CN=dev, O=Test`, in the order written, as UTF8String unless said otherwise. The empty text gives the empty name. */
export function nameOf(text: string, tag: number = der.TAG.utf8String): Uint8Array {
  const rdns = text
    .split(/, */)
    .filter((part) => part !== '')
    .map((part) => {
      const [type = '', ...value] = part.split('=');
      const oid = NAME_OIDS[type];
      if (oid === undefined) throw new Error(`nameOf knows no ${type}`);
      const printable = type === 'C' || type === 'serialNumber';
      return der.writeSetOf(der.writeSequence(der.writeOid(oid), der.write(printable ? der.TAG.printableString : tag, Buffer.from(value.join('=')))));
    });
  return der.writeSequence(...rdns);
}

const DIGEST_OIDS: Readonly<Record<DigestName, string>> = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha224: '2.16.840.1.101.3.4.2.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};
const WITH_RSA: Readonly<Record<DigestName, string>> = {
  md5: '1.2.840.113549.1.1.4',
  sha1: '1.2.840.113549.1.1.5',
  sha224: '1.2.840.113549.1.1.14',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
};
const WITH_ECDSA: Readonly<Record<DigestName, string>> = {
  md5: '1.2.840.10045.4.1',
  sha1: '1.2.840.10045.4.1',
  sha224: '1.2.840.10045.4.3.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};

export const digestAlgorithm = (digest: DigestName): Uint8Array => der.writeSequence(der.writeOid(DIGEST_OIDS[digest]), der.writeNull());

/** The AlgorithmIdentifier with which this key signs; PSS with MGF1 of the same digest and a salt of its length. */
export function signatureAlgorithm(key: TestKey, digest: DigestName, padding: 'pkcs1' | 'pss' = 'pkcs1'): Uint8Array {
  if (key.kind === 'ed25519') return der.writeSequence(der.writeOid('1.3.101.112'));
  if (key.kind === 'ec') return der.writeSequence(der.writeOid(WITH_ECDSA[digest]));
  if (padding === 'pkcs1') return der.writeSequence(der.writeOid(WITH_RSA[digest]), der.writeNull());
  return der.writeSequence(
    der.writeOid('1.2.840.113549.1.1.10'),
    der.writeSequence(
      der.writeExplicit(0, digestAlgorithm(digest)),
      der.writeExplicit(1, der.writeSequence(der.writeOid('1.2.840.113549.1.1.8'), digestAlgorithm(digest))),
      der.writeExplicit(2, der.writeInteger(saltLengthOf(digest))),
    ),
  );
}

const saltLengthOf = (digest: DigestName): number => createHash(digest).digest().length;

export function signAs(key: TestKey, digest: DigestName, padding: 'pkcs1' | 'pss', bytes: Uint8Array): Uint8Array {
  return key.sign(
    key.kind === 'rsa' && padding === 'pss' ? { kind: 'rsa-pss', digest, mgf1Digest: digest, saltLength: saltLengthOf(digest) } : key.scheme(digest),
    bytes,
  );
}

export const extension = (oid: string, value: Uint8Array, critical = false): Uint8Array =>
  der.writeSequence(der.writeOid(oid), ...(critical ? [der.writeTrue()] : []), der.writeOctetString(value));

/** subjectAltName of DNS names. */
export const dnsNames = (...names: readonly string[]): Uint8Array =>
  extension('2.5.29.17', der.writeSequence(...names.map((n) => der.write(0x82, Buffer.from(n)))));

/** SHA-1 of the key's bits: what its SubjectKeyIdentifier holds here. */
export function keyIdOf(key: TestKey): Uint8Array {
  const [, bits] = der.readChildren(der.readElement(key.spki).content);
  return new Uint8Array(createHash('sha1').update(der.readBitString(bits, 'key').bytes).digest());
}

export interface CertificateOptions {
  readonly subject?: string | Uint8Array;
  readonly key?: TestKey;
  /** Self-signed without it. */
  readonly issuer?: { readonly key: TestKey; readonly certificate: Uint8Array };
  /** Contents octets of the INTEGER, exactly so. Random without it. */
  readonly serial?: Uint8Array;
  readonly version?: 1 | 3;
  /** Whole Extension elements (see `extension`). */
  readonly extensions?: readonly Uint8Array[];
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly digest?: DigestName;
}

const DAY = 86_400_000;

/** A signed certificate, self-signed unless an issuer is given. */
export function certificate(options: CertificateOptions = {}): Uint8Array {
  const key = options.key ?? rsaKey(0);
  const digest = options.digest ?? 'sha256';
  const signer = options.issuer?.key ?? key;
  const subject = typeof options.subject === 'object' ? options.subject : nameOf(options.subject ?? 'CN=device');
  const serial = options.serial ?? Uint8Array.from([0x40, ...randomBytes(15)]);
  const extensions = options.extensions ?? [];
  const tbs = der.writeSequence(
    ...(options.version === 1 ? [] : [der.writeExplicit(0, der.writeInteger(2))]),
    der.write(der.TAG.integer, serial),
    signatureAlgorithm(signer, digest),
    options.issuer === undefined ? subject : subjectOf(options.issuer.certificate),
    der.writeSequence(der.writeTime(options.notBefore ?? Date.now() - DAY), der.writeTime(options.notAfter ?? Date.now() + 6 * DAY)),
    subject,
    key.spki,
    ...(extensions.length > 0 ? [der.writeExplicit(3, der.writeSequence(...extensions))] : []),
  );
  return der.writeSequence(tbs, signatureAlgorithm(signer, digest), der.writeBitString(signAs(signer, digest, 'pkcs1', tbs)));
}

interface TbsParts {
  readonly serial: der.Element;
  readonly issuer: der.Element;
  readonly subject: der.Element;
  readonly spki: der.Element;
}

function tbsOf(der_: Uint8Array): TbsParts {
  const [tbs] = der.readChildren(der.readElement(der_).content);
  const parts = der.readChildren(tbs!.content);
  const [serial, , issuer, , subject, spki] = parts[0]!.tag === 0xa0 ? parts.slice(1) : parts;
  return { serial: serial!, issuer: issuer!, subject: subject!, spki: spki! };
}

/** DER Name of a certificate's subject. */
export const subjectOf = (cert: Uint8Array): Uint8Array => tbsOf(cert).subject.raw;
export const spkiOf = (cert: Uint8Array): Uint8Array => tbsOf(cert).spki.raw;
/** Serial number in upper hex without leading zero octets, as the product shows it. */
export const serialOf = (cert: Uint8Array): string =>
  Buffer.from(tbsOf(cert).serial.content)
    .toString('hex')
    .toUpperCase()
    .replace(/^(00)+(?=..)/, '');
/** IssuerAndSerialNumber of a certificate, bytes copied. */
export const issuerAndSerialOf = (cert: Uint8Array): Uint8Array => der.writeSequence(tbsOf(cert).issuer.raw, tbsOf(cert).serial.raw);

export interface TestCa {
  readonly key: TestKey;
  readonly certificate: Uint8Array;
}

const cas = new Map<number, TestCa>();

/** The i-th test CA: self-signed, RSA-2048, keyUsage for SCEP (RFC 8894 2.1.2), SubjectKeyIdentifier. Made once. */
export function testCa(i = 0): TestCa {
  const known = cas.get(i);
  if (known !== undefined) return known;
  const key = rsaKey(1000 + i);
  const ca: TestCa = {
    key,
    certificate: certificate({
      subject: `CN=Test CA ${i}, O=Test`,
      key,
      notAfter: Date.now() + 3650 * DAY,
      extensions: [
        extension('2.5.29.19', der.writeSequence(der.writeTrue()), true),
        // digitalSignature, keyEncipherment, keyCertSign, cRLSign
        extension('2.5.29.15', der.writeBitString(Uint8Array.of(0xa6), 1), true),
        extension('2.5.29.14', der.writeOctetString(keyIdOf(key))),
      ],
    }),
  };
  cas.set(i, ca);
  return ca;
}

export interface CsrOptions {
  readonly subject?: string | Uint8Array;
  readonly key?: TestKey;
  readonly challenge?: string;
  /** Tag of the challenge's string type. */
  readonly challengeTag?: number;
  readonly dnsNames?: readonly string[];
  /** Whole Extension elements. */
  readonly extensions?: readonly Uint8Array[];
  /** Further whole Attribute elements. */
  readonly attributes?: readonly Uint8Array[];
  readonly digest?: DigestName;
  readonly padding?: 'pkcs1' | 'pss';
  /** Signs with this key instead of its own. */
  readonly signWith?: TestKey;
}

function encodeText(text: string, tag: number): Uint8Array {
  if (tag === der.TAG.bmpString) return new Uint8Array(Buffer.from(text, 'utf16le').swap16());
  return new Uint8Array(Buffer.from(text, tag === der.TAG.teletexString ? 'latin1' : 'utf8'));
}

/** A PKCS #10 request. */
export function csr(options: CsrOptions = {}): Uint8Array {
  const key = options.key ?? rsaKey(0);
  const digest = options.digest ?? 'sha256';
  const extensions = [...(options.dnsNames === undefined ? [] : [dnsNames(...options.dnsNames)]), ...(options.extensions ?? [])];
  const attributes = [
    ...(options.challenge === undefined
      ? []
      : [
          der.writeSequence(
            der.writeOid('1.2.840.113549.1.9.7'),
            der.writeSetOf(der.write(options.challengeTag ?? der.TAG.utf8String, encodeText(options.challenge, options.challengeTag ?? der.TAG.utf8String))),
          ),
        ]),
    ...(extensions.length === 0 ? [] : [der.writeSequence(der.writeOid('1.2.840.113549.1.9.14'), der.writeSetOf(der.writeSequence(...extensions)))]),
    ...(options.attributes ?? []),
  ];
  const info = der.writeSequence(
    der.writeInteger(0),
    typeof options.subject === 'object' ? options.subject : nameOf(options.subject ?? 'CN=device'),
    key.spki,
    der.write(0xa0, ...attributes),
  );
  const algorithm = signatureAlgorithm(key, digest, options.padding);
  return der.writeSequence(info, algorithm, der.writeBitString(signAs(options.signWith ?? key, digest, options.padding ?? 'pkcs1', info)));
}
