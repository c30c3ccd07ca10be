/**
 * What a migration would do, decided from the files and from what is here: the dry run shows it, and the import decides it again and does it.
 * Nothing is stored, and no key of ours is needed.
 */
import { equalBytes, toHex, utf8 } from '../../core/lib/bytes.ts';
import type { Authority, Generation } from '../../core/ca/authority.ts';
import type { JudgedCaCertificate } from '../../core/ca/caCertificate.ts';
import type { CertificateRecord, RevokedSerial } from '../../core/ca/certificateRecord.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import type { LeftOut, MigrationKind, Revocation } from '../../core/ca/migration/material.ts';
import { type MergedRecords, mergeRecords } from '../../core/ca/migration/revocations.ts';
import { SEED_PROFILES } from '../../core/ca/profile.ts';
import type { Certificate } from '../../core/pki/certificate.ts';
import { type Crl, parseCrl, verifyCrl } from '../../core/pki/crl.ts';
import { nameToText, namesEqual } from '../../core/pki/names.ts';
import { plainText } from '../../core/pki/text.ts';
import { judgeArrival } from '../authorities/arrival.ts';
import { refuseTakenName } from '../authorities/naming.ts';
import type { Deps, Refusal } from '../deps.ts';
import { issuerHashOf } from '../issue.ts';
import type { MigrationFiles } from '../ports/migrationFiles.ts';
import { type Candidate, type Sorted, chooseCandidate, likelyKeys, sortCertificates } from './candidates.ts';
import { type PlannedCertificate, classify, shownState } from './classify.ts';
import { type MigrationCounts, NO_COUNTS, countUnreadable } from './counts.ts';
import { type Collected, type FoundKey, type MigrationFile, collect } from './collect.ts';
import { findingsOf } from './findings.ts';

export interface MigrationDeps extends Deps {
  readonly migrationFiles: MigrationFiles;
}

export interface MigrationInput {
  readonly files: readonly MigrationFile[];
  readonly kind?: MigrationKind | undefined;
  readonly passphrase?: string | undefined;
  readonly certificateSha256?: string | undefined;
  readonly profileId: string;
}

/** A revocation whose certificate is not among the files. */
export type PlannedSerial = Pick<RevokedSerial, 'serial' | 'issuerHash' | 'subject' | 'notAfter' | 'state' | 'revokedAt' | 'reason'>;

/** What is to come in. */
export interface MigrationPlan {
  readonly judged: JudgedCaCertificate;
  readonly sha256: string;
  readonly keyFile: FoundKey;
  /** Where an earlier import brought the CA. */
  readonly here: { readonly authority: Authority; readonly generation: Generation } | undefined;
  readonly certificates: readonly PlannedCertificate[];
  readonly serials: readonly PlannedSerial[];
  /** Certificates that are here, valid or held, and by the records revoked: the former CA went on after an earlier import. */
  readonly revokedSince: readonly { readonly record: CertificateRecord; readonly revocation: Revocation }[];
  readonly crlNumber: bigint | null;
}

export interface Decision {
  readonly kind: MigrationKind;
  readonly recognised: string;
  readonly candidates: readonly Candidate[];
  /** The CA that is meant, even where it cannot come in. */
  readonly certificate: Certificate | null;
  readonly plan: MigrationPlan | null;
  readonly refusal: Refusal | null;
  readonly counts: MigrationCounts;
  readonly findings: readonly Finding[];
  readonly left: readonly LeftOut[];
  readonly digest: string;
}

export async function decideMigration(deps: MigrationDeps, input: MigrationInput): Promise<Decision> {
  // An answer of the store lets the event loop turn.
  const breathe = (): Promise<unknown> => deps.store.read.auditHead();
  const collected = await collect(input.files, deps.migrationFiles, breathe);
  const { looked, left: unlooked } = likelyKeys(collected.keys);
  const looks = await deps.migrationFiles.look(looked.map(({ bytes }) => bytes), input.passphrase);
  const sorted = await sortCertificates(deps, collected, looked.flatMap((found, i) => (looks[i] === undefined ? [] : [{ ...looks[i], found }])), breathe);
  const left = [...collected.left, ...unlooked, ...sorted.left];
  const chosen = input.kind !== undefined && input.kind !== collected.kind ? { ok: false as const, error: otherKind(input.kind, collected) } : (refuseProfile(deps, input) ?? chooseCandidate(sorted, input.certificateSha256));
  const base = { kind: collected.kind, recognised: collected.recognised, candidates: sorted.candidates };
  if (!chosen.ok) {
    return { ...base, certificate: null, plan: null, refusal: chosen.error, counts: { ...NO_COUNTS, duplicates: sorted.duplicates, unreadable: countUnreadable(left) }, findings: collected.findings, left, digest: digestOf(deps, [chosen.error.code]) };
  }
  return { ...base, ...(await planFor(deps, input, collected, sorted, chosen.value, left)) };
}

const otherKind = (wanted: MigrationKind, { kind, recognised }: Collected): Refusal => ({ code: 'other-kind', message: `The files are not of the kind ${wanted}. They were taken for ${kind}: ${recognised}`, hint: 'Leave the kind out, or bring the files that belong to it.' });

function refuseProfile(deps: Deps, { profileId }: MigrationInput): { readonly ok: false; readonly error: Refusal } | undefined {
  if (deps.directory.profile(profileId) !== undefined || SEED_PROFILES.some(({ id }) => id === profileId)) return undefined;
  return { ok: false, error: { code: 'not-found', message: `There is no certificate profile ${profileId}.`, hint: 'Save it first: imported devices renew under it.' } };
}

async function planFor(deps: MigrationDeps, input: MigrationInput, collected: Collected, sorted: Sorted, chosen: Candidate, before: readonly LeftOut[]): Promise<Omit<Decision, 'kind' | 'recognised' | 'candidates'>> {
  const now = deps.clock.now();
  const ca = chosen.certificate;
  const judged = judgeArrival(deps, { spki: ca.spki, offered: sorted.cas, standing: 'existing' });
  const key = sorted.keys.find(({ spki }) => equalBytes(spki, ca.spki));
  const own = judged.ok ? judged.value.certificate : ca;
  const lists = readLists(deps, collected, own);
  const entries = collected.records.filter(({ issuer }) => issuer === null || isCertificateOf(sorted, issuer, own)).flatMap((records) => records.entries);
  const records = mergeRecords(entries, lists.crls);
  const passedOver = new Set(sorted.candidates.map(({ sha256 }) => sha256));
  const classified = await classify(deps, { ca: own, certificates: sorted.certificates, passedOver, records });
  const rest = await withoutCertificates(deps, own, [...classified.planned.map(({ facts }) => facts.serial), ...ownSerials(sorted, own)], records);
  const left = [...before, ...lists.left, ...records.left, ...classified.left, ...rest.left];

  const here = standingOf(deps, own);
  const refusal = !judged.ok ? judged.error : key === undefined ? { code: 'no-key', message: 'The private key of the CA is not among the files.' } : here === undefined ? (refuseTakenName(deps, own.subject) ?? null) : null;
  const fresh = classified.planned.filter((planned) => planned.here === undefined);
  const states = fresh.map((planned) => shownState(planned, now));
  const count = (state: string): number => states.filter((s) => s === state).length;
  const counts: MigrationCounts = {
    certificates: fresh.length,
    valid: count('valid'),
    held: count('held'),
    revoked: count('revoked'),
    expired: count('expired'),
    serialsOnly: rest.serials.length,
    alreadyHere: classified.planned.length - fresh.length + rest.alreadyHere,
    duplicates: sorted.duplicates,
    foreign: classified.foreign,
    unreadable: countUnreadable(left),
  };
  const crlNumber = highest([...collected.crlNumbers.filter(({ issuer }) => issuer === null || isCertificateOf(sorted, issuer, own)).map(({ number }) => number), ...lists.crls.flatMap(({ crl }) => crl.number ?? [])]);
  const sha256 = toHex(deps.crypto.digest('sha256', own.der));
  const revokedSince = [...rest.revokedSince, ...classified.planned.flatMap(({ here: record, revocation }) => (record !== undefined && revocation !== null && isStricter(revocation, record) ? [{ record, revocation }] : []))];
  const plan = judged.ok && key !== undefined && refusal === null ? { judged: judged.value, sha256, keyFile: key.found, here, certificates: classified.planned, serials: rest.serials, revokedSince, crlNumber } : null;
  return {
    certificate: own,
    plan,
    refusal,
    counts,
    findings: findingsOf(deps, { collected, records, classified, judged: judged.ok ? judged.value.findings : [], counts, lists: lists.crls.map(({ crl }) => crl), here: here !== undefined, profileId: input.profileId, missing: rest.missing }),
    left,
    digest: digestOf(deps, [sha256, input.profileId, ...classified.planned.map(({ facts, revocation }) => `${facts.sha256} ${describe(revocation)}`).sort(), ...rest.known.map((entry) => `${entry.serial} ${describe(entry)}`).sort()]),
  };
}

const describe = (revocation: Revocation | null): string => (revocation === null ? 'valid' : `${revocation.state} ${revocation.revokedAt} ${revocation.reason ?? ''}`);

const digestOf = (deps: Deps, lines: readonly string[]): string => toHex(deps.crypto.digest('sha256', utf8(lines.join('\n'))));

const highest = (numbers: readonly bigint[]): bigint | null => numbers.reduce<bigint | null>((most, n) => (most === null || n > most ? n : most), null);

/** Whether a certificate's bytes are one of those that this CA's key has. */
const isCertificateOf = ({ cas }: Sorted, der: Uint8Array, own: Certificate): boolean => cas.some((c) => equalBytes(c.der, der) && equalBytes(c.spki, own.spki));

function standingOf({ directory }: Deps, own: Certificate): MigrationPlan['here'] {
  for (const authority of directory.authorities()) {
    const generation = directory.generations(authority.id).find(({ spki, certificate }) => certificate !== null && equalBytes(spki, own.spki));
    if (generation !== undefined) return { authority, generation };
  }
  return undefined;
}

function readLists(deps: Deps, { crls }: Collected, own: Certificate): { readonly crls: readonly { readonly file: string; readonly line: null; readonly crl: Crl }[]; readonly left: readonly LeftOut[] } {
  const read: { readonly file: string; readonly line: null; readonly crl: Crl }[] = [];
  const left: LeftOut[] = [];
  for (const { file, der } of crls) {
    const parsed = parseCrl(der);
    if (!parsed.ok) left.push({ code: 'crl-unreadable', file, line: null, text: `A revocation list cannot be read: ${parsed.error}.` });
    else if (!namesEqual(parsed.value.issuer, own.subject)) left.push({ code: 'crl-foreign', file, line: null, text: `A revocation list is of “${plainText(nameToText(parsed.value.issuer))}”.` });
    else if (!verifyCrl(parsed.value, own.spki, deps.crypto)) left.push({ code: 'crl-signature-wrong', file, line: null, text: 'A revocation list bears the CA’s name, and its signature is not of the CA’s key: it is not relied on.' });
    else read.push({ file, line: null, crl: parsed.value });
  }
  return { crls: read, left };
}

/** A hold that became final over there is final here. */
const isStricter = ({ state }: Pick<Revocation, 'state'>, record: CertificateRecord): boolean => record.state === 'valid' || (record.state === 'held' && state === 'revoked');

interface WithoutCertificates {
  readonly serials: readonly PlannedSerial[];
  /** All of them, those included that are here. */
  readonly known: readonly PlannedSerial[];
  readonly revokedSince: MigrationPlan['revokedSince'];
  readonly alreadyHere: number;
  readonly missing: number;
  readonly left: readonly LeftOut[];
}

/** The CA's own certificates stand in its records too: a root signs itself, and signs itself anew. */
const ownSerials = ({ cas }: Sorted, own: Certificate): readonly string[] => cas.filter((c) => equalBytes(c.spki, own.spki) && namesEqual(c.issuer, own.subject)).map(({ serialHex }) => serialHex);

const SLICE = 200;

/** What the records say of serials whose certificate is not among the files. */
async function withoutCertificates(deps: Deps, own: Certificate, withFile: readonly string[], records: MergedRecords): Promise<WithoutCertificates> {
  const now = deps.clock.now();
  const issuerHash = issuerHashOf(deps, own.subject);
  const there = new Set(withFile);
  const left: LeftOut[] = [];
  const known: PlannedSerial[] = [];
  for (const [serial, { revocation, subject, notAfter, file, line }] of records.bySerial) {
    if (there.has(serial) || (notAfter !== null && notAfter <= now)) continue;
    if (revocation !== null) known.push({ serial, issuerHash, subject: subject === null ? null : plainText(subject), notAfter, ...revocation });
    else left.push({ code: 'certificate-missing', file, line, text: `The certificate with serial ${serial}${subject === null ? '' : ` (${plainText(subject)})`} is valid by the records, and not among the files: its device cannot renew with it until it is brought.` });
  }
  const serials: PlannedSerial[] = [];
  const revokedSince: { readonly record: CertificateRecord; readonly revocation: Revocation }[] = [];
  for (let from = 0; from < known.length; from += SLICE) {
    await Promise.all(
      known.slice(from, from + SLICE).map(async (entry) => {
        const [record, serialHere] = await Promise.all([deps.store.read.certificateBySerial(issuerHash, entry.serial), deps.store.read.revokedSerial(issuerHash, entry.serial)]);
        if (record !== undefined && isStricter(entry, record)) revokedSince.push({ record, revocation: entry });
        else if (record === undefined && serialHere === undefined) serials.push(entry);
      }),
    );
  }
  return { serials, known, revokedSince, alreadyHere: known.length - serials.length - revokedSince.length, missing: left.length, left };
}
