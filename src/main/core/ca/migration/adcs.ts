/**
 * What `certutil -view csv` writes of an AD CS database. Headings come in the language of Windows (English and German are known) or as the
 * database's own names; times are local ones, in the form that the region has.
 */
import { fromBase64 } from '../../lib/bytes.ts';
import { type Instant, instantOfUtc } from '../../lib/instant.ts';
import { type Result, err, ok } from '../../lib/result.ts';
import type { RevocationReason } from '../certificateRecord.ts';
import { type CsvRow, parseCsv } from './csv.ts';
import { type FoundCertificate, type LeftOut, type RecordEntry, TIME_UNKNOWN, reasonOf, reasonOfCode, revocationFor, serialOf } from './material.ts';

export interface AdcsRecords {
  readonly entries: readonly RecordEntry[];
  readonly certificates: readonly FoundCertificate[];
  readonly left: readonly LeftOut[];
  /** Times like 03/04/2026, of which nothing in the file says whether it is March or April. */
  readonly ambiguousDates: boolean;
}

type Column = 'serial' | 'disposition' | 'revokedAt' | 'reason' | 'certificate' | 'notAfter' | 'subject';

const HEADINGS: Readonly<Record<Column, readonly string[]>> = {
  serial: ['serialnumber', 'seriennummer'],
  disposition: ['requestdisposition', 'disposition', 'request.disposition', 'anforderungsdisposition', 'dispositionderanforderung', 'anforderungsstatus'],
  revokedAt: ['effectiverevocationdate', 'request.revokedeffectivewhen', 'revokedeffectivewhen', 'effektivessperrdatum', 'effektivessperrungsdatum', 'revocationdate', 'request.revokedwhen', 'revokedwhen', 'sperrdatum', 'sperrungsdatum'],
  reason: ['revocationreason', 'request.revokedreason', 'revokedreason', 'sperrgrund', 'sperrungsgrund', 'grundfürsperrung'],
  certificate: ['binarycertificate', 'rawcertificate', 'binäreszertifikat', 'binärzertifikat'],
  notAfter: ['certificateexpirationdate', 'notafter', 'ablaufdatumdeszertifikats', 'zertifikatablaufdatum'],
  subject: ['issueddistinguishedname', 'issuedcommonname', 'distinguishedname', 'commonname', 'ausgestellterdefiniertername', 'ausgestellterallgemeinername'],
};

const NEEDED: Readonly<Partial<Record<Column, string>>> = {
  serial: '“Serial Number” (Seriennummer, SerialNumber)',
  disposition: '“Request Disposition” (Anforderungsdisposition, Disposition)',
  revokedAt: '“Revocation Date” (Sperrdatum, Request.RevokedWhen)',
};

const wordOf = (heading: string): string => heading.replace(/^\uFEFF/, '').replace(/[\s_-]/g, '').toLowerCase();

const columnsOf = ({ fields }: CsvRow): ReadonlyMap<Column, number> => {
  const words = fields.map(wordOf);
  return new Map(
    (Object.keys(HEADINGS) as Column[]).flatMap((column) => {
      const place = HEADINGS[column].map((name) => words.indexOf(name)).find((at) => at !== -1);
      return place === undefined ? [] : [[column, place] as const];
    }),
  );
};

/** Whether a text's headings are those of a certutil view, some of them missing perhaps. */
export function isAdcsCsv(text: string): boolean {
  const [first = ''] = text.slice(0, 20_000).split('\n', 1);
  const rows = parseCsv(`${first}\n`);
  if (rows?.[0] === undefined) return false;
  const columns = columnsOf(rows[0]);
  return columns.has('serial') || (columns.has('certificate') && columns.has('disposition'));
}

/** The error is a sentence: no CSV, or which column is missing. */
export function parseAdcsCsv(file: string, text: string): Result<AdcsRecords, string> {
  const rows = parseCsv(text);
  const [headings, ...lines] = rows ?? [];
  if (headings === undefined) return err('It is no comma-separated text: a quoted field has no end.');
  const columns = columnsOf(headings);
  const missing = (Object.keys(NEEDED) as Column[]).filter((column) => !columns.has(column)).map((column) => NEEDED[column]);
  if (missing.length > 0) return err(`The column ${missing.join(', ')} is missing. Export with: certutil -view -out "SerialNumber,Disposition,NotAfter,Request.RevokedWhen,Request.RevokedReason,CommonName,RawCertificate" csv`);
  const cell = (row: CsvRow, column: Column): string => {
    const value = row.fields[columns.get(column) ?? -1] ?? '';
    return value === 'EMPTY' || value === 'LEER' ? '' : value;
  };
  const order = orderOf(lines.flatMap((row) => [cell(row, 'revokedAt'), cell(row, 'notAfter')]));
  const found = { entries: [] as RecordEntry[], certificates: [] as FoundCertificate[], left: [] as LeftOut[] };
  for (const row of lines) readRow(file, row, (column) => cell(row, column), order.monthFirst, found);
  return ok({ ...found, ambiguousDates: order.ambiguous });
}

/** 20: issued, 21: revoked. Anything else (denied, failed, pending, a foreign or CA certificate) issued nothing. */
const dispositionOf = (text: string): number | undefined => {
  const number = /^\s*(0x[0-9a-f]+|\d+)/i.exec(text)?.[1];
  return number === undefined ? undefined : Number(number);
};

function readRow(file: string, { line }: CsvRow, cell: (column: Column) => string, monthFirst: boolean, found: { readonly entries: RecordEntry[]; readonly certificates: FoundCertificate[]; readonly left: LeftOut[] }): void {
  const leave = (text: string): void => void found.left.push({ code: 'csv-line', file, line, text });
  const disposition = dispositionOf(cell('disposition'));
  if (disposition === undefined) return leave('The disposition is no number.');
  if (disposition !== 20 && disposition !== 21) return;
  const serial = serialOf(cell('serial'));
  if (serial === undefined) return leave('The serial number is not hexadecimal.');
  const binary = cell('certificate');
  if (binary !== '') {
    const der = fromBase64(binary.replace(/-----[^-]+-----/g, '').replace(/\s/g, ''));
    if (der === undefined) leave(`The certificate of serial ${serial} is not base64.`);
    else found.certificates.push({ der, file, line });
  }
  const about = { file, line, serial, subject: cell('subject') === '' ? null : cell('subject'), notAfter: readTime(cell('notAfter'), monthFirst) ?? null };
  if (disposition === 20) return void found.entries.push({ ...about, revocation: null });
  const revokedAt = readTime(cell('revokedAt'), monthFirst);
  if (revokedAt === undefined) leave(`Serial ${serial} is revoked, and its date cannot be read: it counts as revoked since 1970.`);
  found.entries.push({ ...about, revocation: revocationFor(revokedAt ?? TIME_UNKNOWN, readReason(cell('reason'))) });
}

/** `1 -- Reason: Key Compromise`, `0x6 (6)`, `Key Compromise`. */
function readReason(text: string): RevocationReason | null {
  if (text === '') return null;
  const number = /^\s*(0x[0-9a-f]+|\d+)/i.exec(text)?.[1];
  return (number === undefined ? reasonOf(text) : reasonOfCode(Number(number))) ?? 'unspecified';
}

interface DateOrder {
  readonly monthFirst: boolean;
  readonly ambiguous: boolean;
}

/** Whether 03/04 is in March: what other times of the file, or AM and PM, say. */
function orderOf(times: readonly string[]): DateOrder {
  const slashed = times.flatMap((text) => {
    const parts = /^(\d{1,2})\/(\d{1,2})\/\d{4}/.exec(text);
    return parts === null ? [] : [[Number(parts[1]), Number(parts[2])] as const];
  });
  if (slashed.some(([first]) => first > 12)) return { monthFirst: false, ambiguous: false };
  if (slashed.some(([, second]) => second > 12)) return { monthFirst: true, ambiguous: false };
  return { monthFirst: true, ambiguous: slashed.some(([first, second]) => first !== second) && !times.some((text) => /[AP]M$/i.test(text)) };
}

/** `11/26/2026 2:05 PM`, `26.11.2026 14:05`, `2026-11-26 14:05:09`. The zone is not told: it is taken for UTC. */
function readTime(text: string, monthFirst: boolean): Instant | undefined {
  const parts = /^(\d{1,4})([./-])(\d{1,2})[./-](\d{1,4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?Z?\s*([AP])?\.?M?\.?)?$/i.exec(text.trim());
  if (parts === null) return undefined;
  const [, first = '', separator = '', second = '', third = '', hour = '0', minute = '0', seconds = '0', half] = parts;
  const [year, month, day] = first.length === 4 ? [first, second, third] : separator === '/' && monthFirst ? [third, first, second] : [third, second, first];
  const clock = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
  return instantOfUtc({ year: Number(year), month: Number(month), day: Number(day), hour: clock, minute: Number(minute), second: Number(seconds) });
}
