/** What an import from another product found, in words and groups. */
import type { Output } from '../../../../preload/contract/contract.ts';
import { capital, countThings, sayList } from '../count.ts';

export type Preview = Output<'migration.preview'>;
export type Imported = Output<'migration.import'>;
export type Counts = Preview['counts'];
export type LeftOut = Preview['left'][number];

export const KIND_NAMES: Readonly<Record<Preview['kind'], string>> = {
  pkcs12: 'PKCS #12',
  pem: 'PEM files',
  openssl: 'openssl ca',
  xca: 'XCA',
  'step-ca': 'step-ca',
  micromdm: 'micromdm',
  'ad-cs': 'AD CS',
};

export interface CountLine {
  readonly count: number;
  readonly words: string;
  /** One step in: a part of the line above. */
  readonly part?: true;
}

/** What comes in, line by line; what there is none of is left out, but for the certificates themselves. */
export const comesIn = ({ certificates, valid, held, revoked, expired, serialsOnly, alreadyHere }: Counts): readonly CountLine[] => [
  { count: certificates, words: certificates === 1 ? 'certificate' : 'certificates' },
  ...lines([valid, 'valid, and can renew'], [held, 'on hold'], [revoked, 'revoked'], [expired, 'expired']).map((line) => ({ ...line, part: true }) as const),
  ...lines([serialsOnly, serialsOnly === 1 ? 'revocation without its certificate: its serial stays on the CRL' : 'revocations without their certificates: the serials stay on the CRL'], [alreadyHere, 'here already']),
];

export const staysOut = ({ duplicates, foreign, unreadable }: Counts): readonly CountLine[] =>
  lines(
    [foreign, foreign === 1 ? 'certificate that this CA did not issue' : 'certificates that this CA did not issue'],
    [duplicates, duplicates === 1 ? 'certificate that is in two files' : 'certificates that are in more than one file'],
    [unreadable, unreadable === 1 ? 'file or line that is not understood' : 'files and lines that are not understood'],
  );

const lines = (...pairs: readonly (readonly [number, string])[]): readonly CountLine[] => pairs.flatMap(([count, words]) => (count === 0 ? [] : [{ count, words }]));

/** `12 certificates came in: 9 valid, 2 revoked and one expired.` */
export function sayImported({ certificates, valid, held, revoked, expired, serialsOnly, alreadyHere }: Counts): string {
  const parts = [
    [valid, 'valid'],
    [held, 'on hold'],
    [revoked, 'revoked'],
    [expired, 'expired'],
  ] as const;
  const states = sayList(parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count === 1 ? 'one' : count.toLocaleString('en')} ${word}`])));
  const came = certificates === 0 ? 'No issued certificate came with it.' : `${capital(countThings(certificates, 'certificate'))} came in: ${states}.`;
  const serials = serialsOnly === 0 ? '' : ` ${capital(countThings(serialsOnly, 'more revocation'))} ${serialsOnly === 1 ? 'is' : 'are'} known by ${serialsOnly === 1 ? 'its serial' : 'their serials'} alone.`;
  return `${came}${serials}${alreadyHere === 0 ? '' : ` ${capital(countThings(alreadyHere, 'was', 'were'))} here already.`}`;
}

export interface LeftGroup {
  readonly code: string;
  /** What they have in common. */
  readonly title: string;
  readonly items: readonly LeftOut[];
}

/** Of several: `412 certificates of another CA`. */
const TITLES: Readonly<Record<string, string>> = {
  'foreign-issuer': 'certificates of another CA',
  'signature-wrong': 'certificates that bear the CA’s name, and are not signed by its key',
  'serial-conflict': 'certificates whose serial is taken by another one',
  'serial-twice': 'serials that stand in the records twice',
  'certificate-missing': 'certificates that the records name, and no file holds',
  'certificate-unreadable': 'certificates that cannot be read',
  'index-line': 'lines of index.txt that are not understood',
  'csv-line': 'lines of the CSV that are not understood',
  'file-empty': 'empty files',
  'database-not-read': 'files of a database that is not read: export its certificates as PEM',
  'crl-foreign': 'revocation lists of another CA',
  'crl-unreadable': 'revocation lists that cannot be read',
  'too-many-cas': 'CA certificates that were not looked at',
  'row-unreadable': 'rows of the database that are not understood',
  'not-understood': 'files in which nothing was recognised',
  'file-unreadable': 'files that cannot be read',
  'too-many-keys': 'private keys that were not looked at',
};

/** By what is wrong, the largest first: thousands of lines are read as a handful of reasons. */
export function groupLeft(left: readonly LeftOut[]): readonly LeftGroup[] {
  const groups = new Map<string, LeftOut[]>();
  for (const item of left) groups.set(item.code, [...(groups.get(item.code) ?? []), item]);
  return [...groups].map(([code, items]) => ({ code, title: TITLES[code] ?? items[0]?.text ?? '', items })).toSorted((a, b) => b.items.length - a.items.length);
}

/** `index.txt, line 14` */
export const sayPlace = ({ file, line }: LeftOut): string => (line === null ? file : `${file}, line ${line}`);

/** Why these files cannot be sent at all; undefined where they can. */
export function tooMuch(files: readonly { readonly size: number }[], most: { readonly files: number; readonly base64: number }): string | undefined {
  if (files.length > most.files) return `These are ${files.length.toLocaleString('en')} files; at most ${most.files.toLocaleString('en')} are taken at once. Give the certificates as one PEM file.`;
  const size = files.reduce((sum, file) => sum + Math.ceil(file.size / 3) * 4, 0);
  return size > most.base64 ? `The files are larger than ${Math.floor((most.base64 * 3) / 4 / 1024 / 1024)} MB together. Leave out what is no certificate, or give newcerts/ as one PEM file without its text.` : undefined;
}
