/**
 * Certificates as people carry them: PEM with anything around it, DER, PKCS #7 (certs-only), several in one file, in any order.
 * Which of them belongs to whom is left to the caller. RFC 7468, RFC 5652 section 5.
 */
import { type Result, err, ok } from '../lib/result.ts';
import { equalBytes, fromBase64, latin1Text } from '../lib/bytes.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { type Element, TAG, contextTag, decoding, readFirstElement } from './der.ts';
import { parseSignedData } from './signedData.ts';

export interface PemBlock {
  readonly label: string;
  /** The whole block, armour included. */
  readonly text: string;
  /** Undefined where the body is no plain base64, as in a block with RFC 1421 headers. */
  readonly der: Uint8Array | undefined;
}

/** Every PEM block of a file, in order; none where the file is binary. What stands between blocks (OpenSSL's bag attributes) is skipped. */
export function readPemBlocks(file: Uint8Array): readonly PemBlock[] {
  const text = latin1Text(file);
  // The marks are found in one pass: a file full of beginnings without ends must not be searched to its end for each of them.
  const marks = [...text.matchAll(/-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----/g)].map(({ 0: mark, 1: kind, 2: label = '', index }) => ({ kind, label, at: index, after: index + mark.length }));
  const blocks: PemBlock[] = [];
  // From the back, so that the nearest end of each label is the one last seen.
  const ends = new Map<string, (typeof marks)[number]>();
  const spans = marks.reduceRight<(readonly [begin: (typeof marks)[number], end: (typeof marks)[number]])[]>((found, mark) => {
    const end = ends.get(mark.label);
    if (mark.kind === 'END') ends.set(mark.label, mark);
    else if (end !== undefined) found.push([mark, end]);
    return found;
  }, []);
  let from = 0;
  for (const [{ label, at, after }, end] of spans.reverse()) {
    // What begins inside of another block is part of it.
    if (at < from) continue;
    blocks.push({ label, text: text.slice(at, end.after), der: fromBase64(text.slice(after, end.at).replace(/\s/g, '')) });
    from = end.after;
  }
  return blocks;
}

const PKCS7_LABELS: readonly string[] = ['PKCS7', 'CMS'];
const CERTIFICATE_LABELS: readonly string[] = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];

/** The certificates of a file as bytes; none where it holds something else. A broken PKCS #7 is an error. */
export function certificatesInFile(file: Uint8Array): Result<readonly Uint8Array[], string> {
  const blocks = readPemBlocks(file);
  if (blocks.length === 0) return certificatesInDer(file);
  const found: Uint8Array[] = [];
  for (const { label, der } of blocks) {
    const isPkcs7 = PKCS7_LABELS.includes(label);
    if (!isPkcs7 && !CERTIFICATE_LABELS.includes(label)) continue;
    if (der === undefined) return err(`a ${label} block holds no base64`);
    const inside = isPkcs7 ? certificatesInDer(der) : firstElement(der);
    if (!inside.ok) return inside;
    found.push(...inside.value);
  }
  return ok(found);
}

/** OpenSSL's TRUSTED CERTIFICATE has settings of its own behind the certificate. */
const firstElement = (der: Uint8Array): Result<readonly Uint8Array[], string> => decoding(() => [readFirstElement(der).raw]);

/** Requests and CRLs are signed SEQUENCEs too: a certificate has its version in a [0], or (version 1) its validity in the fourth place. */
const looksLikeTbs = ([version, , , validity, subject]: readonly Element[]): boolean =>
  version?.tag === contextTag(0, true) || (version?.tag === TAG.integer && validity?.tag === TAG.sequence && subject?.tag === TAG.sequence);

function certificatesInDer(der: Uint8Array): Result<readonly Uint8Array[], string> {
  const kind = decoding(() => {
    const [first] = readFirstElement(der).children;
    if (first?.tag === TAG.oid) return 'pkcs7';
    return first?.tag === TAG.sequence && looksLikeTbs(first.children) ? 'certificate' : 'other';
  });
  if (!kind.ok || kind.value === 'other') return ok([]);
  return kind.value === 'pkcs7' ? decoding(() => parseSignedData(der).certificates) : firstElement(der);
}

// More than any chain with its cross-certificates; each of them may have to be tried as the signer of each other.
const MOST_CERTIFICATES = 50;

/** Certificates read, each once, in the order they were found. */
export function readCertificates(ders: readonly Uint8Array[]): Result<readonly Certificate[], string> {
  const read: Certificate[] = [];
  for (const der of ders) {
    const certificate = parseCertificate(der);
    if (!certificate.ok) return certificate;
    if (!read.some((known) => equalBytes(known.der, certificate.value.der))) read.push(certificate.value);
    if (read.length > MOST_CERTIFICATES) return err(`there are more than ${MOST_CERTIFICATES} certificates in them; give those of the chain only`);
  }
  return ok(read);
}

/** Every certificate of these files; an error names what cannot be read. */
export function readCertificateFiles(files: readonly Uint8Array[]): Result<readonly Certificate[], string> {
  const ders: Uint8Array[] = [];
  for (const file of files) {
    const found = certificatesInFile(file);
    if (!found.ok) return found;
    ders.push(...found.value);
  }
  return readCertificates(ders);
}
