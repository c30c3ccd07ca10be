/**
 * What lies in the files that somebody brings, whatever product they are of: told by looking at each, its name helping where several things look
 * alike. Nothing is judged here; what is not understood is named.
 */
import { equalBytes, fromUtf8, latin1Text } from '../../core/lib/bytes.ts';
import { type FoundCertificate, type LeftOut, type MigrationKind, type RecordEntry, TIME_UNKNOWN, reasonOfCode, revocationFor, serialOf } from '../../core/ca/migration/material.ts';
import { isAdcsCsv, parseAdcsCsv } from '../../core/ca/migration/adcs.ts';
import { isOpensslIndex, parseOpensslIndex, readIndexTime } from '../../core/ca/migration/opensslIndex.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { certificatesInFile, readPemBlocks } from '../../core/pki/certificateFiles.ts';
import { parseCrl } from '../../core/pki/crl.ts';
import type { MigrationFiles, XcaContents } from '../ports/migrationFiles.ts';

export interface MigrationFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface FoundKey {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Records that only one CA of several is meant by; `issuer` null: of whichever CA the files are about. */
export interface FoundRecords {
  readonly issuer: Uint8Array | null;
  readonly entries: readonly RecordEntry[];
}

export interface Collected {
  readonly kind: MigrationKind;
  readonly recognised: string;
  readonly certificates: readonly FoundCertificate[];
  readonly keys: readonly FoundKey[];
  readonly records: readonly FoundRecords[];
  readonly crls: readonly FoundCertificate[];
  /** The highest number that the files say a CRL had; by the CA's certificate where there are several. */
  readonly crlNumbers: readonly { readonly issuer: Uint8Array | null; readonly number: bigint }[];
  readonly left: readonly LeftOut[];
  readonly findings: readonly Finding[];
}

interface Heap {
  readonly certificates: FoundCertificate[];
  readonly keys: FoundKey[];
  readonly records: FoundRecords[];
  readonly crls: FoundCertificate[];
  readonly crlNumbers: { readonly issuer: Uint8Array | null; readonly number: bigint }[];
  readonly left: LeftOut[];
  readonly findings: Finding[];
  /** What each kind is told by. */
  readonly signs: Set<MigrationKind>;
}

/** Half-written copies and settings of openssl, requests, notes: known, and nothing that comes along. */
const PASSED_OVER = /(^|\/)(serial|index\.txt\.attr|\.rand|\.rnd|[^/]*\.(old|attr|attr\.old|cnf|conf|csr|req|json|toml|ya?ml|log|md|bak))$/i;
const BADGER = /(^|\/)(MANIFEST|KEYREGISTRY|DISCARD|[^/]*\.(vlog|sst|mem))$/;

const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1).toLowerCase();

/** Files looked at between two breaths: there may be tens of thousands, and devices are answered meanwhile. */
export const BREATH = 100;

export async function collect(files: readonly MigrationFile[], reader: Pick<MigrationFiles, 'readXca'>, breathe: () => Promise<unknown>): Promise<Collected> {
  const heap: Heap = { certificates: [], keys: [], records: [], crls: [], crlNumbers: [], left: [], findings: [], signs: new Set() };
  for (const [i, file] of files.entries()) {
    if (i % BREATH === BREATH - 1) await breathe();
    collectFile(file, reader, heap);
  }
  const kind = kindOf(files, heap);
  return { ...heap, kind, recognised: RECOGNISED[kind] };
}

const leave = (heap: Heap, code: string, file: string, text: string, line: number | null = null): void => void heap.left.push({ code, file, line, text });

function collectFile({ name, bytes }: MigrationFile, reader: Pick<MigrationFiles, 'readXca'>, heap: Heap): void {
  if (bytes.length === 0) return leave(heap, 'file-empty', name, 'The file is empty, or its content is no base64.');
  if (PASSED_OVER.test(name)) return;
  if (BADGER.test(name)) return leave(heap, 'database-not-read', name, 'step-ca’s database itself is not read: export the certificates that are to come along as PEM.');
  if (startsWith(bytes, 'SQLite format 3\0')) return collectXca(name, bytes, reader, heap);
  // A PEM block or DER first: certificates come by the ten thousand, and each text is decoded once.
  const text = isDer(bytes) ? '' : textOf(bytes);
  if (baseName(name) === 'crlnumber') return collectCrlNumber(name, text, heap);
  if (isOpensslIndex(text)) {
    heap.signs.add('openssl');
    const { items, left } = parseOpensslIndex(name, text);
    heap.records.push({ issuer: null, entries: items });
    heap.left.push(...left);
    return;
  }
  if (baseName(name) === 'index.txt' && text.trim() === '') return;
  if (!text.includes('-----BEGIN ') || name.toLowerCase().endsWith('.csv')) {
    if (isAdcsCsv(text)) return collectCsv(name, text, heap);
  }
  collectPki(name, bytes, heap);
}

function collectCsv(name: string, text: string, heap: Heap): void {
  heap.signs.add('ad-cs');
  const parsed = parseAdcsCsv(name, text);
  if (!parsed.ok) return leave(heap, 'csv-unreadable', name, parsed.error, 1);
  const { entries, certificates, left, ambiguousDates } = parsed.value;
  heap.records.push({ issuer: null, entries });
  heap.certificates.push(...certificates);
  heap.left.push(...left);
  if (ambiguousDates) heap.findings.push({ code: 'dates-ambiguous', severity: 'warning', text: `Nothing in ${name} says whether 03/04 is in March or in April: March is taken. Revocation dates may be wrong by it; what is revoked is not.` });
}

function collectCrlNumber(name: string, text: string, heap: Heap): void {
  const digits = text.trim();
  // It is the number of the next one.
  if (/^[0-9A-Fa-f]{1,40}$/.test(digits)) heap.crlNumbers.push({ issuer: null, number: BigInt(`0x${digits}`) - 1n });
  else leave(heap, 'crl-number-unreadable', name, 'The number of the next CRL is not hexadecimal.', 1);
}

function collectXca(name: string, bytes: Uint8Array, reader: Pick<MigrationFiles, 'readXca'>, heap: Heap): void {
  heap.signs.add('xca');
  const read = reader.readXca(bytes);
  if (!read.ok) return leave(heap, 'database-unreadable', name, read.error);
  const { certificates, keys, crls, crlNumbers, unreadable, others } = read.value;
  heap.certificates.push(...certificates.map(({ name: item, der }) => ({ der, file: `${name}: ${item}`, line: null })));
  heap.keys.push(...keys.map(({ name: item, der }) => ({ file: `${name}: ${item}`, bytes: der })));
  heap.crls.push(...crls.map(({ name: item, der }) => ({ der, file: `${name}: ${item}`, line: null })));
  heap.crlNumbers.push(...crlNumbers.map(({ issuerDer, number }) => ({ issuer: issuerDer, number: BigInt(number) })));
  for (const text of unreadable) leave(heap, 'row-unreadable', name, text);
  const stays = [counted(others.keys, 'key of devices', 'keys of devices'), counted(others.requests, 'request'), counted(others.templates, 'template')].filter((text) => text !== '');
  if (stays.length > 0) heap.findings.push({ code: 'stays-behind', severity: 'info', text: `${stays.join(', ')} in ${name} stay there: a CA keeps neither keys of devices nor another product’s templates.` });
  collectXcaRevocations(name, read.value, heap);
}

const counted = (n: number, one: string, many = `${one}s`): string => (n === 0 ? '' : `${n} ${n === 1 ? one : many}`);

function collectXcaRevocations(file: string, { revocations }: XcaContents, heap: Heap): void {
  const byIssuer: { readonly issuer: Uint8Array; readonly entries: RecordEntry[] }[] = [];
  for (const { issuerDer, serial: text, date, reason } of revocations) {
    const serial = serialOf(text);
    const at = readIndexTime(date);
    if (serial === undefined || at === undefined) leave(heap, 'row-unreadable', file, `A revocation (serial ${text.slice(0, 128)}, ${date.slice(0, 20)}) cannot be read${serial === undefined ? '' : ': it counts as made in 1970'}.`);
    if (serial === undefined) continue;
    const place = byIssuer.find(({ issuer }) => equalBytes(issuer, issuerDer)) ?? { issuer: issuerDer, entries: [] };
    if (place.entries.length === 0) byIssuer.push(place);
    place.entries.push({ file, line: null, serial, subject: null, notAfter: null, revocation: revocationFor(at ?? TIME_UNKNOWN, reason === 0 ? null : (reasonOfCode(reason) ?? 'unspecified')) });
  }
  heap.records.push(...byIssuer);
}

/** Certificates, CRLs and keys, as PEM or DER. */
function collectPki(name: string, bytes: Uint8Array, heap: Heap): void {
  const found = certificatesInFile(bytes);
  if (!found.ok) return leave(heap, 'file-unreadable', name, `The file cannot be read: ${found.error}.`);
  heap.certificates.push(...found.value.map((der) => ({ der, file: name, line: null })));
  const blocks = readPemBlocks(bytes);
  const lists = blocks.filter(({ label }) => label === 'X509 CRL').flatMap(({ der }) => der ?? []);
  if (blocks.length === 0 && found.value.length === 0 && isDer(bytes) && parseCrl(bytes).ok) lists.push(bytes);
  heap.crls.push(...lists.map((der) => ({ der, file: name, line: null })));
  const holdsKey = blocks.some(({ label }) => label.endsWith('PRIVATE KEY')) || (blocks.length === 0 && found.value.length === 0 && lists.length === 0 && isDer(bytes));
  if (holdsKey) {
    heap.keys.push({ file: name, bytes });
    if (/\.(p12|pfx)$/i.test(name)) heap.signs.add('pkcs12');
  }
  if (found.value.length === 0 && lists.length === 0 && !holdsKey && !blocks.some(({ label }) => label.endsWith('REQUEST'))) leave(heap, 'not-understood', name, 'Nothing in this file is a certificate, a key, a revocation list or a CA’s records.');
}

const RECOGNISED: Readonly<Record<MigrationKind, string>> = {
  pkcs12: 'A CA as PKCS #12, with the certificates that lie beside it.',
  pem: 'A CA’s key and certificates as PEM or DER, with the certificates that lie beside it.',
  openssl: 'The folder of an openssl ca: its index.txt says what was issued and revoked.',
  xca: 'A database of XCA.',
  'step-ca': 'The files of a step-ca: root, intermediate and its encrypted key. Its own database is not read; certificates come as exported files.',
  micromdm: 'The depot of a micromdm scepserver: CA, index.txt and one file for each device.',
  'ad-cs': 'What certutil wrote of an AD CS (NDES) database, with the CA beside it.',
};

function kindOf(files: readonly MigrationFile[], { signs }: Heap): MigrationKind {
  const names = new Set(files.map(({ name }) => baseName(name)));
  if (signs.has('xca')) return 'xca';
  if (signs.has('ad-cs')) return 'ad-cs';
  if (signs.has('openssl')) return names.has('ca.pem') && names.has('ca.key') && !files.some(({ name }) => /(^|\/)newcerts\//.test(name)) ? 'micromdm' : 'openssl';
  if (names.has('ca.pem') && names.has('ca.key') && names.has('index.txt')) return 'micromdm';
  if (names.has('intermediate_ca.crt') || names.has('root_ca.crt') || names.has('intermediate_ca_key')) return 'step-ca';
  return signs.has('pkcs12') ? 'pkcs12' : 'pem';
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}

/** A SEQUENCE, as certificates, keys and lists are; `0` is the same octet, and begins the file with a CRL's number. */
const isDer = (bytes: Uint8Array): boolean => bytes[0] === 0x30 && bytes.length > 64;

/** UTF-16 with its mark (PowerShell writes it), UTF-8, or one octet a character. */
function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    const codes = new Uint16Array((bytes.length - 2) >> 1);
    for (let i = 0; i < codes.length; i++) codes[i] = (bytes[2 + 2 * i] ?? 0) | ((bytes[3 + 2 * i] ?? 0) << 8);
    const pieces: string[] = [];
    for (let from = 0; from < codes.length; from += 8192) pieces.push(String.fromCharCode(...codes.subarray(from, from + 8192)));
    return pieces.join('');
  }
  const plain = latin1Text(bytes);
  // eslint-disable-next-line no-control-regex -- pure ASCII needs no decoding
  if (/^[\x00-\x7f]*$/.test(plain)) return plain;
  return fromUtf8(bytes) ?? plain;
}
