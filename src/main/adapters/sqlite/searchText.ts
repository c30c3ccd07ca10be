/**
 * What lists find: the text that is kept of a record, and how an admin's words are read.
 * Fingerprints and serials are kept as bare lower-case hex; people paste them with colons, dashes and spaces.
 */
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import type { Challenge } from '../../core/ca/challenge.ts';
import type { EnrolmentRequest } from '../../core/ca/enrolment.ts';

const join = (parts: readonly (string | null)[]): string => parts.filter((part) => part !== null && part !== '').join('\n').toLowerCase();

export const requestText = (r: EnrolmentRequest): string => {
  const { md5, sha1, sha256, sha512, spkiSha1, spkiSha256 } = r.fingerprints;
  return join([r.subject, ...r.subjectAltNames, r.transactionId, r.source, r.clientGuess, md5, sha1, sha256, sha512, spkiSha1, spkiSha256]);
};

export const certificateText = (c: CertificateRecord): string => join([c.subject, ...c.subjectAltNames, c.serial, c.sha256, c.spkiSha256]);

export const challengeText = (c: Challenge): string => join([c.label, c.subject, ...(c.subjectAltNames ?? []), c.endpointPath, c.profileId, c.createdBy]);

/** One thing that must be found, in any of these spellings. */
export type Term = readonly string[];
/** A search: a text matches that holds every term of any one of the readings. */
export type Search = readonly (readonly Term[])[];

const HEX_GROUPS = /^[0-9a-f]{2,8}(?:[\s:-]+[0-9a-f]{2,8})+$/;
const HEX_FRAGMENT = /^[0-9a-f]{2,}(?:[:.-][0-9a-f]{2,})+$/;

/** A word, and if it looks like hex in groups, the digits without what stands between them. */
const term = (word: string): Term => (HEX_FRAGMENT.test(word) ? [word, word.replace(/[:.-]/g, '')] : [word]);

/** Reads an admin's words; undefined where there are none. `AB CD EF` is either three words or one piece of a fingerprint. */
export function readSearch(query: string | undefined): Search | undefined {
  const text = (query ?? '').trim().toLowerCase();
  if (text === '') return undefined;
  const words = text.split(/\s+/).map(term);
  return words.length > 1 && HEX_GROUPS.test(text) ? [words, [[text.replace(/[\s:-]/g, '')]]] : [words];
}

/** Whether a text (lower case already) is found. */
export const matches = (search: Search, text: string): boolean =>
  search.some((terms) => terms.every((spellings) => spellings.some((spelling) => text.includes(spelling))));
