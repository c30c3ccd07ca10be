/**
 * Compares what a device printed with the fingerprints of waiting requests: colons, spaces, blocks, any case, any of the digests, labels around it.
 * The machine compares, not the eye (USENIX Security 2016: people miss look-alike hex); differing groups are named by position.
 */
import { fromBase64, toHex } from '../lib/bytes.ts';
import type { CsrFingerprints } from '../pki/fingerprints.ts';

export type FingerprintName = keyof CsrFingerprints;

/** Hex digits of each digest, and what it may be of. SPKI digests are what many clients use as their transactionID. */
const BY_LENGTH: ReadonlyMap<number, readonly FingerprintName[]> = new Map([
  [32, ['md5', 'spkiMd5']],
  [40, ['sha1', 'spkiSha1']],
  [64, ['sha256', 'spkiSha256']],
  [128, ['sha512', 'spkiSha512']],
]);

const LABELS = /\b(?:spki|pkcs|csr|rsa|certificate|request|fingerprint|thumbprint|digest|hash|of|the|is|public|key|hex|0x)\b|\bmd-?5\b|\bsha-?(?:1|2|256|384|512)\b|\bsha2-?(?:256|512)\b|#\s*10\b/gi;

/** Every digest that a text may hold, as lower hex, in order of appearance. */
export function readPrintedDigests(text: string): readonly string[] {
  const found = new Set<string>();
  const take = (hex: string): boolean => {
    if (!BY_LENGTH.has(hex.length)) return false;
    found.add(hex.toLowerCase());
    return true;
  };
  const plain = text.slice(0, 10_000).replace(LABELS, '|');
  for (const segment of plain.split(/[^0-9a-fA-F:\s.\-_]+/)) {
    // The whole segment first: IOS breaks a digest over blocks, phones over lines.
    if (take(segment.replace(/[^0-9a-fA-F]/g, ''))) continue;
    for (const line of segment.split(/[\r\n]+/)) take(line.replace(/[^0-9a-fA-F]/g, ''));
  }
  if (found.size === 0) {
    // OpenSSH's and some MDMs' form: SHA256:<base64>.
    for (const word of text.slice(0, 10_000).split(/[\s:]+/)) {
      const bytes = /^[A-Za-z0-9+/]{22,88}={0,2}$/.test(word) ? fromBase64(word) : undefined;
      if (bytes !== undefined) take(toHex(bytes));
    }
  }
  return [...found];
}

/** Positions (from 1) of the groups of four hex digits that differ. */
export function differingGroups(expected: string, given: string): readonly number[] {
  const groups: number[] = [];
  for (let at = 0; at < expected.length; at += 4) {
    if (expected.slice(at, at + 4) !== given.slice(at, at + 4)) groups.push(at / 4 + 1);
  }
  return groups;
}

export interface Candidate {
  readonly id: string;
  readonly fingerprints: CsrFingerprints;
}

export type MatchResult =
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'match'; readonly id: string; readonly digest: FingerprintName; readonly given: string }
  /** The nearest request and where it differs. `groups` counts groups of four from 1. */
  | { readonly kind: 'mismatch'; readonly nearest: { readonly id: string; readonly digest: FingerprintName; readonly expected: string; readonly given: string; readonly groups: readonly number[] } | undefined };

/** Which candidate a printed text belongs to; with one candidate, whether it is that one and where not. */
export function matchFingerprint(text: string, candidates: readonly Candidate[]): MatchResult {
  const digests = readPrintedDigests(text);
  if (digests.length === 0) return { kind: 'unreadable' };
  let nearest: Extract<MatchResult, { kind: 'mismatch' }>['nearest'];
  for (const given of digests) {
    for (const digest of BY_LENGTH.get(given.length) ?? []) {
      for (const candidate of candidates) {
        const expected = candidate.fingerprints[digest];
        if (expected === undefined) continue;
        const groups = differingGroups(expected, given);
        if (groups.length === 0) return { kind: 'match', id: candidate.id, digest, given };
        if (nearest === undefined || groups.length / expected.length < nearest.groups.length / nearest.expected.length) nearest = { id: candidate.id, digest, expected, given, groups };
      }
    }
  }
  return { kind: 'mismatch', nearest };
}
