/** A renewal beside the certificate that it renews, field by field. */
import { sayDay } from '../../design/time.ts';

interface Names {
  readonly subject: string;
  readonly subjectAltNames: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
}

export interface DiffLine {
  readonly field: string;
  readonly before: string;
  readonly after: string;
  readonly same: boolean;
  /** A change that every renewal makes: dates, a fresh key. */
  readonly expected: boolean;
}

const none = (text: string): string => (text === '' ? 'none' : text);
const shortKey = (sha256: string): string => `${sha256.slice(0, 8)}…`;

export function renewalDiff(old: Names & { readonly spkiSha256: string }, next: Names, spkiSha256: string): readonly DiffLine[] {
  const line = (field: string, before: string, after: string, expected = false): DiffLine => ({ field, before, after, same: before === after, expected });
  const names = (all: readonly string[]): string => none([...all].sort().join(', '));
  return [
    line('Subject', none(old.subject), none(next.subject)),
    line('Names', names(old.subjectAltNames), names(next.subjectAltNames)),
    line('Key', shortKey(old.spkiSha256), shortKey(spkiSha256), true),
    line('Valid from', sayDay(old.notBefore), sayDay(next.notBefore), true),
    line('Valid to', sayDay(old.notAfter), sayDay(next.notAfter), true),
  ];
}
