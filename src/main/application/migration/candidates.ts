/** The CAs among the certificates, which of their keys are there, and which one is meant. */
import { equalBytes, toHex } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { FoundCertificate, LeftOut } from '../../core/ca/migration/material.ts';
import { type Certificate, parseCertificate } from '../../core/pki/certificate.ts';
import { isSelfIssued } from '../../core/pki/chain.ts';
import { nameToText } from '../../core/pki/names.ts';
import { plainText } from '../../core/pki/text.ts';
import type { Deps, Refusal } from '../deps.ts';
import type { KeyFileProblem } from '../ports/keyFiles.ts';
import type { LookedAtFile } from '../ports/migrationFiles.ts';
import { BREATH, type Collected, type FoundKey } from './collect.ts';

/** A certificate of the files, read as far as sorting needs; the rest is read again when its turn comes. */
export interface SortedCertificate extends FoundCertificate {
  readonly sha256: string;
  /** DER of the issuer's name, in hex. */
  readonly issuer: string;
}

export interface Candidate {
  readonly certificate: Certificate;
  readonly sha256: string;
  readonly key: 'there' | 'missing' | 'locked';
  readonly issued: number;
}

export interface Sorted {
  readonly certificates: readonly SortedCertificate[];
  /** Certificates of CAs, each once. */
  readonly cas: readonly Certificate[];
  readonly candidates: readonly Candidate[];
  /** Keys that open, with their public halves. */
  readonly keys: readonly { readonly found: FoundKey; readonly spki: Uint8Array }[];
  readonly keyProblem: KeyFileProblem | undefined;
  readonly duplicates: number;
  readonly left: readonly LeftOut[];
}

/** More are no hierarchy of a small office; each may have to be tried as the signer of each other. */
const MOST_CAS = 50;
const MOST_KEYS = 50;

/** A CA's key is called so, or lies in `private/`: where there are many keys those are looked at first. */
const LIKELY = /(^|\/)private\/|(^|[/_.-])(ca|root|intermediate|issuing)[^/]*$/i;

/** Those key files that are looked at; the others are named. */
export function likelyKeys(keys: readonly FoundKey[]): { readonly looked: readonly FoundKey[]; readonly left: readonly LeftOut[] } {
  const sorted = [...keys].sort((a, b) => Number(LIKELY.test(b.file)) - Number(LIKELY.test(a.file)));
  const left = sorted.slice(MOST_KEYS).map(({ file }): LeftOut => ({ code: 'too-many-keys', file, line: null, text: `There are more than ${MOST_KEYS} private keys; this one was not looked at.` }));
  return { looked: sorted.slice(0, MOST_KEYS), left };
}

export async function sortCertificates(deps: Pick<Deps, 'crypto'>, collected: Collected, looked: readonly (LookedAtFile & { readonly found: FoundKey })[], breathe: () => Promise<unknown>): Promise<Sorted> {
  const keys = looked.flatMap(({ found, keys: spkis }) => spkis.map((spki) => ({ found, spki })));
  const all = [...collected.certificates, ...looked.flatMap(({ found, certificates }) => certificates.map((der): FoundCertificate => ({ der, file: found.file, line: null })))];
  const left: LeftOut[] = [];
  const seen = new Map<string, SortedCertificate>();
  const cas: { readonly certificate: Certificate; readonly sha256: string }[] = [];
  const issued = new Map<string, number>();
  for (const [i, found] of all.entries()) {
    if (i % BREATH === BREATH - 1) await breathe();
    const sha256 = toHex(deps.crypto.digest('sha256', found.der));
    if (seen.has(sha256)) continue;
    const parsed = parseCertificate(found.der);
    if (!parsed.ok) {
      left.push({ code: 'certificate-unreadable', file: found.file, line: found.line, text: `A certificate cannot be read: ${parsed.error}.` });
      continue;
    }
    const { value } = parsed;
    const issuer = toHex(value.issuer);
    seen.set(sha256, { ...found, sha256, issuer });
    issued.set(issuer, (issued.get(issuer) ?? 0) + 1);
    const isCa = value.basicConstraints?.ca === true || (isSelfIssued(value) && keys.some(({ spki }) => equalBytes(spki, value.spki)));
    if (!isCa) continue;
    if (cas.length < MOST_CAS) cas.push({ certificate: value, sha256 });
    else left.push({ code: 'too-many-cas', file: found.file, line: found.line, text: `There are more than ${MOST_CAS} CA certificates; “${plainText(nameToText(value.subject))}” was not looked at.` });
  }
  const locked = looked.some(({ problem }) => problem?.code === 'file-passphrase-needed' || problem?.code === 'wrong-file-passphrase');
  const candidates = cas.map(({ certificate, sha256 }): Candidate => {
    const own = isSelfIssued(certificate) ? 1 : 0;
    const there = keys.some(({ spki }) => equalBytes(spki, certificate.spki));
    return { certificate, sha256, key: there ? 'there' : locked ? 'locked' : 'missing', issued: (issued.get(toHex(certificate.subject)) ?? 0) - own };
  });
  const problems = looked.flatMap(({ problem }) => problem ?? []);
  return {
    certificates: [...seen.values()],
    cas: cas.map(({ certificate }) => certificate),
    candidates,
    keys,
    // That a key does not open says more than that a file is none.
    keyProblem: problems.find(({ code }) => code === 'wrong-file-passphrase' || code === 'file-passphrase-needed') ?? problems.find(({ code }) => code !== 'file-unreadable') ?? problems[0],
    duplicates: all.length - seen.size - left.filter(({ code }) => code === 'certificate-unreadable').length,
    left,
  };
}

const describe = ({ certificate, sha256 }: Candidate): string => `“${plainText(nameToText(certificate.subject))}” (${sha256.slice(0, 16)}…)`;

/** The CA to take, or why none: the one that was named, the only one with a key, or the lowest of one hierarchy. */
export function chooseCandidate({ candidates, keyProblem }: Sorted, wanted: string | undefined): Result<Candidate, Refusal> {
  if (wanted !== undefined) {
    const named = candidates.find(({ sha256 }) => sha256 === wanted);
    if (named === undefined) return err({ code: 'not-found', message: 'No CA certificate with this SHA-256 is among the files.' });
    return named.key === 'there' ? ok(named) : err(withoutKey(named, keyProblem));
  }
  const [first] = candidates;
  if (first === undefined) return err({ code: 'no-certificate', message: 'There is no CA certificate among the files.', hint: 'Give the CA’s certificate (PEM, DER or PKCS #12) beside its records.' });
  const able = candidates.filter(({ key }) => key === 'there');
  const [only] = able;
  if (only === undefined) return err(withoutKey(first, keyProblem));
  // One key may have been certified more than once: which of its certificates is good is judged later.
  const keys = able.filter((candidate, i) => able.findIndex(({ certificate }) => equalBytes(certificate.spki, candidate.certificate.spki)) === i);
  if (keys.length === 1) return ok(only);
  // A root beside the CA below it: the lower one is who issues to devices.
  const lowest = keys.filter(({ certificate }) => !keys.some(({ certificate: other }) => !equalBytes(other.spki, certificate.spki) && equalBytes(other.issuer, certificate.subject)));
  const [lowestOne] = lowest;
  if (lowest.length === 1 && lowestOne !== undefined) return ok(lowestOne);
  return err({ code: 'several-authorities', message: `The files hold ${keys.length} CAs with their keys: ${keys.slice(0, 5).map(describe).join(', ')}.`, hint: 'Name the one to take by the SHA-256 of its certificate (certificateSha256, or --ca), and bring the others one after the other.' });
}

function withoutKey(candidate: Candidate, problem: KeyFileProblem | undefined): Refusal {
  if (problem?.code === 'file-passphrase-needed') return { code: problem.code, message: `The key of ${describe(candidate)} is encrypted: its passphrase is needed.`, hint: 'It is the files’ passphrase (the database’s, with XCA), not the vault’s.' };
  if (problem?.code === 'wrong-file-passphrase') return { code: problem.code, message: 'The passphrase does not open the CA key.', hint: 'It is the files’ passphrase (the database’s, with XCA), not the vault’s.' };
  if (problem !== undefined && problem.code !== 'file-unreadable') return { code: problem.code, message: problem.text };
  return { code: 'no-key', message: `The private key of ${describe(candidate)} is not among the files.`, hint: 'Without it devices cannot renew and no CRL can follow: bring the CA’s key as PEM, or both as PKCS #12.' };
}
