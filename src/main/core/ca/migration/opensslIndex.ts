/**
 * `index.txt` of `openssl ca`, which micromdm and others write too: one line for each certificate, its fields apart by tabs.
 * State, end, revocation (time, reason, what else there is to it), serial, file, subject. A line that is not understood is named and left out.
 */
import { type Instant, instantOfUtc } from '../../lib/instant.ts';
import { type LeftOut, type Parsed, type RecordEntry, type Revocation, TIME_UNKNOWN, reasonOf, revocationFor, serialOf } from './material.ts';

/** Longer ones are nobody's names. */
const LONGEST_LINE = 10_000;

/** `YYMMDDHHMMSSZ` (RFC 5280 4.1.2.5.1: 50 and above are of the last century) or `YYYYMMDDHHMMSSZ`. */
export function readIndexTime(text: string): Instant | undefined {
  const fields = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (fields === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.slice(1).map(Number);
  const century = fields[1]?.length === 4 ? 0 : year >= 50 ? 1900 : 2000;
  return instantOfUtc({ year: century + year, month, day, hour, minute, second });
}

/** Whether the first line of a text is one of such a file. */
export const isOpensslIndex = (text: string): boolean => /^[VRE]\t(\d{12}|\d{14})Z\t[^\t\n]*\t[0-9A-Fa-f]+\t/.test(text);

export function parseOpensslIndex(file: string, text: string): Parsed<RecordEntry> {
  const items: RecordEntry[] = [];
  const left: LeftOut[] = [];
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (line.trim() === '') continue;
    const parsed = parseLine(line);
    if (typeof parsed === 'string') left.push({ code: 'index-line', file, line: i + 1, text: parsed });
    else {
      items.push({ ...parsed, file, line: i + 1 });
      if (parsed.revocation?.revokedAt === TIME_UNKNOWN) left.push({ code: 'index-line', file, line: i + 1, text: `The revocation of serial ${parsed.serial} has no time: it counts as revoked since 1970.` });
    }
  }
  return { items, left };
}

/** The entry, or what is wrong with the line. */
function parseLine(line: string): Omit<RecordEntry, 'file' | 'line'> | string {
  if (line.length > LONGEST_LINE) return 'The line is too long.';
  const [state, end, revoked, number, name, subject, ...more] = line.split('\t');
  if (state !== 'V' && state !== 'R' && state !== 'E') return 'The line does not begin with V, R or E and a tab.';
  if (end === undefined || revoked === undefined || number === undefined || name === undefined || more.length > 0) return 'The line does not have six fields.';
  const serial = serialOf(number);
  if (serial === undefined) return 'The serial number is not hexadecimal.';
  const notAfter = readIndexTime(end);
  // A revocation counts without it.
  if (notAfter === undefined && state !== 'R') return `The end of serial ${serial} is no time.`;
  const about = { serial, subject: subject === undefined || subject === '' ? null : subject, notAfter: notAfter ?? null };
  if (state !== 'R') return revoked === '' ? { ...about, revocation: null } : `Serial ${serial} has a revocation, and is not marked as revoked.`;
  return { ...about, revocation: parseRevocation(revoked) };
}

/** `time[,reason[,more]]`. Beside RFC 5280's names OpenSSL writes three of its own, each with a value behind it. */
function parseRevocation(text: string): Revocation {
  const [time = '', reason = ''] = text.split(',');
  const at = readIndexTime(time) ?? TIME_UNKNOWN;
  switch (reason) {
    case '':
      return revocationFor(at, null);
    case 'holdInstruction':
      return revocationFor(at, 'certificateHold');
    case 'keyTime':
      return revocationFor(at, 'keyCompromise');
    case 'CAkeyTime':
      return revocationFor(at, 'cACompromise');
    default:
      // A reason that is not known must not undo the revocation.
      return revocationFor(at, reasonOf(reason) ?? 'unspecified');
  }
}
