/**
 * What lists find: the text that is kept of a record, and how an admin's words are read.
 * Fingerprints and serials are kept as bare lower-case hex; people paste them with colons, dashes and spaces.
 */
import { hash } from 'node:crypto';
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import type { Challenge } from '../../core/ca/challenge.ts';
import type { EnrolmentRequest } from '../../core/ca/enrolment.ts';

/** Both in lower case. Only a word that could be hex is looked for among the digests, which are most of the bytes. */
export interface SearchText {
  readonly names: string;
  /** Digests, serials and ids, each on a line and with a line end in front. */
  readonly digests: string;
}

const join = (parts: readonly (string | null | undefined)[]): string => parts.filter((part) => part !== null && part !== undefined && part !== '').join('\n').toLowerCase();

const lines = (parts: readonly (string | null)[]): string => `\n${join(parts)}`;

export function requestText(r: EnrolmentRequest): SearchText {
  return { names: join([r.subject, ...r.subjectAltNames, r.transactionId, r.source, r.clientGuess]), digests: lines([...Object.values(r.fingerprints), r.endpointId]) };
}

/** Devices and MDMs name a certificate by its SHA-1, so it is kept although nothing relies on it. */
export function certificateText(c: CertificateRecord): SearchText {
  return { names: join([c.subject, ...c.subjectAltNames]), digests: lines([c.serial, c.sha256, hash('sha1', c.der, 'hex'), c.spkiSha256, c.endpointId]) };
}

export const challengeText = (c: Challenge): string => join([c.label, c.subject, ...(c.subjectAltNames ?? []), c.endpointPath, c.profileId, c.createdBy]);

/** One thing that must be found, in any of these spellings. */
export type Term = readonly string[];
/** A search: a text matches that holds every term of any one of the readings. */
export type Search = readonly (readonly Term[])[];

const HEX_GROUPS = /^[0-9a-f]{2,8}(?:[\s:-]+[0-9a-f]{2,8})+$/;
const HEX_FRAGMENT = /^[0-9a-f]{2,}(?:[:.-][0-9a-f]{2,})+$/;
const HEX = /^[0-9a-f]+$/;
/** SHA-1, SHA-256 and SHA-512 in hex: a word that long is a whole digest. It is looked for behind a line end, which takes a third of the time. */
const WHOLE: ReadonlySet<number> = new Set([40, 64, 128]);
/** A MAC or IPv6 address has fewer digits: whatever is longer is a digest, and is in no name. */
const LONGEST_ADDRESS = 32;

/** Where a spelling can stand. */
export function placesOf(spelling: string): readonly (keyof SearchText)[] {
  if (spelling.startsWith('\n')) return ['digests'];
  return HEX.test(spelling) && !WHOLE.has(spelling.length) ? ['digests', 'names'] : ['names'];
}

/** The digits themselves; and without the octet that Windows and Java print to keep a serial positive, which is no part of the number. */
function digits(hex: string): Term {
  if (WHOLE.has(hex.length) && HEX.test(hex)) return [hex, `\n${hex}`];
  return /^00[0-9a-f]{14,}$/.test(hex) ? [hex, hex.slice(2)] : [hex];
}

/** A word, and if it looks like hex in groups, the digits without what stands between them. */
function term(word: string): Term {
  if (!HEX_FRAGMENT.test(word)) return digits(word);
  const hex = word.replace(/[:.-]/g, '');
  return hex.length > LONGEST_ADDRESS ? digits(hex) : [word, ...digits(hex)];
}

/** Reads an admin's words; undefined where there are none. `AB CD EF` is either three words or one piece of a fingerprint. */
export function readSearch(query: string | undefined): Search | undefined {
  const text = (query ?? '').trim().toLowerCase();
  if (text === '') return undefined;
  const words = text.split(/\s+/).map(term);
  if (words.length === 1 || !HEX_GROUPS.test(text)) return [words];
  const hex = text.replace(/[\s:-]/g, '');
  return hex.length > LONGEST_ADDRESS ? [[digits(hex)]] : [words, [digits(hex)]];
}

/** The same search where a word that is the path of an endpoint (`/scep/lab`, or `lab`) also finds what came through it. */
export function withEndpoints(search: Search, endpoints: readonly { readonly id: string; readonly path: string }[]): Search {
  const idsOf = (spelling: string): readonly string[] =>
    endpoints.filter(({ path }) => (spelling.startsWith('/') ? path.toLowerCase().startsWith(spelling) : path.toLowerCase() === `/scep/${spelling}`)).map(({ id }) => `\n${id.toLowerCase()}`);
  return search.map((terms) => terms.map((spellings) => [...spellings, ...spellings.flatMap(idsOf)]));
}

/** Whether a text (lower case already) is found. */
export const matches = (search: Search, text: SearchText): boolean =>
  search.some((terms) => terms.every((spellings) => spellings.some((spelling) => placesOf(spelling).some((place) => text[place].includes(spelling)))));
