/**
 * A CA moves in. First one commit with its key, every revocation and the first CRL that tells of them, so that at no moment the CA works and has
 * forgotten one; then its other certificates in batches. What a kill cuts short a second import of the same files completes.
 */
import { toHex, utf8 } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import { toIso } from '../../core/lib/instant.ts';
import type { Actor, AuditEvent } from '../../core/ca/audit.ts';
import type { Authority } from '../../core/ca/authority.ts';
import type { CertificateRecord, RevokedSerial } from '../../core/ca/certificateRecord.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { revokedSerialEvent } from '../../core/ca/revokedSerial.ts';
import { crlNumberAt, publishCrl } from '../crls.ts';
import type { Outcome, Refusal } from '../deps.ts';
import { establishExisting, keyFileRefusal } from '../authorities/importAuthority.ts';
import { createBackup } from '../backups/make.ts';
import { type BackupDeps, type BackupRecord, readSchedule } from '../backups/records.ts';
import { type IssuingDeps, newId } from '../issue.ts';
import type { Change, RevokedEntry } from '../ports/store.ts';
import { type Decision, type MigrationDeps, type MigrationInput, type MigrationPlan, decideMigration } from './decide.ts';
import type { PlannedCertificate } from './classify.ts';

export type MigratingDeps = MigrationDeps & IssuingDeps & BackupDeps;

export interface Migrated {
  readonly authority: Authority;
  readonly decision: Decision;
  readonly findings: readonly Finding[];
  readonly backup: BackupRecord | null;
}

export interface ImportInput extends MigrationInput {
  /** Of the dry run that the admin saw. */
  readonly digest?: string | undefined;
}

/** One commit each: a fraction of a second, in which no device is answered. */
const BATCH = 500;

// Two imports of the same files would each bring the same certificates: they take turns, and the later one finds the earlier one's.
const turns = new WeakMap<MigratingDeps['store'], Promise<unknown>>();

export function importMigration(deps: MigratingDeps, input: ImportInput, actor: Actor): Outcome<Migrated> {
  const work = () => importOnce(deps, input, actor);
  const turn = (turns.get(deps.store) ?? Promise.resolve()).then(work, work);
  turns.set(deps.store, turn);
  return turn;
}

/** Decides, and does it. Refused: what the decision refuses, not-what-was-shown, and a backup that fails. */
async function importOnce(deps: MigratingDeps, input: ImportInput, actor: Actor): Outcome<Migrated> {
  const decision = await decideMigration(deps, input);
  if (input.digest !== undefined && input.digest !== decision.digest) {
    return refuse(deps, { code: 'not-what-was-shown', message: 'The files, or what is here, are not what the dry run showed.', hint: 'Run it again and look.' }, actor);
  }
  const { plan } = decision;
  if (plan === null) return refuse(deps, decision.refusal ?? { code: 'no-certificate', message: 'There is nothing to import.' }, actor);
  const backup = await backUpBefore(deps, actor);
  if (!backup.ok) return refuse(deps, backup.error, actor);

  const settled = await settle(deps, input, plan, actor);
  if (!settled.ok) return refuse(deps, settled.error, actor);
  const { authority, generation } = settled.value;
  const owner: Owner = { authorityId: authority.id, generation, profileId: input.profileId };
  const rest = plan.certificates.filter(({ here, revocation }) => here === undefined && revocation === null);
  for (let from = 0; from < rest.length; from += BATCH) await storeBatch(deps, owner, rest.slice(from, from + BATCH), actor);
  await note(deps, { action: 'migration.import', subject: `authority:${authority.id}`, outcome: 'ok', code: 'completed', detail: { kind: decision.kind, digest: decision.digest, ...decision.counts } }, actor);
  deps.events.publish('certificates.changed');
  deps.events.publish('status.changed');
  const findings = [...(backup.value === null ? [NO_BACKUP] : []), ...settled.value.findings, ...decision.findings.filter(({ code }) => !settled.value.findings.some((f) => f.code === code)), ...endpointFindings(deps, owner)];
  return ok({ authority, decision, findings, backup: backup.value });
}

const NO_BACKUP: Finding = { code: 'no-backup-before', severity: 'notice', text: 'No backup was made before: there is no schedule whose passphrase could seal one.' };

async function backUpBefore(deps: MigratingDeps, actor: Actor): Promise<Result<BackupRecord | null, Refusal>> {
  if ((await readSchedule(deps)) === null) return ok(null);
  const made = await createBackup(deps, { asFile: false }, actor);
  return made.ok ? ok(made.value.record) : err({ code: made.error.code, message: `Nothing was imported, for the backup before it failed: ${made.error.message}`, hint: made.error.hint ?? 'Mend it, or end the schedule and import without a backup.' });
}

async function note(deps: MigratingDeps, event: AuditEvent, actor: Actor): Promise<void> {
  const noted = await deps.store.commit({ actor, at: deps.clock.now(), expect: [], changes: [], audit: [event] });
  if (!noted.ok) throw new Error('a change-set without expectations came back as a conflict');
}

async function refuse(deps: MigratingDeps, refusal: Refusal, actor: Actor): Promise<Result<never, Refusal>> {
  await note(deps, { action: 'migration.import', subject: 'authority', outcome: 'refused', code: refusal.code, detail: {} }, actor);
  return err(refusal);
}

interface Owner {
  readonly authorityId: string;
  readonly generation: number;
  readonly profileId: string;
}

/** An endpoint of the authority under the profile: what renewals need. */
function endpointFindings(deps: MigratingDeps, { authorityId, profileId }: Owner): readonly Finding[] {
  if (deps.directory.endpoints().some((e) => e.authorityId === authorityId && e.profileId === profileId && e.enabled)) return [];
  return [{ code: 'no-endpoint', severity: 'warning', text: `No endpoint serves this authority with the profile ${profileId} yet: save one, or its devices cannot renew.` }];
}

interface Settled {
  readonly authority: Authority;
  readonly generation: number;
  readonly findings: readonly Finding[];
}

/** The authority is here, with all its revocations, and its CRL says so. */
async function settle(deps: MigratingDeps, input: MigrationInput, plan: MigrationPlan, actor: Actor): Promise<Result<Settled, Refusal>> {
  if (plan.here !== undefined) {
    const { authority, generation } = plan.here;
    await addRevocations(deps, { authorityId: authority.id, generation: generation.number, profileId: input.profileId }, plan, actor);
    return ok({ authority, generation: generation.number, findings: [] });
  }
  const crlNumber = numberAfter(deps, plan);
  if (!crlNumber.ok) return crlNumber;
  const adopted = await deps.signers.adopt([plan.keyFile.bytes], input.passphrase);
  const key = adopted.ok ? adopted.value.key : undefined;
  if (!adopted.ok || key === undefined) return err(adopted.ok ? { code: 'no-key', message: 'The private key of the CA is not among the files.' } : keyFileRefusal(adopted.error));
  const bring = (authority: Authority) => broughtWith(deps, { authorityId: authority.id, generation: 1, profileId: input.profileId }, plan);
  const established = await establishExisting(deps, { key, judged: plan.judged, crlNumber: crlNumber.value, findings: plan.judged.findings, bring }, actor);
  return established.ok ? ok({ authority: established.value.authority, generation: 1, findings: established.value.findings }) : established;
}

/** Above what the former product had counted, and above what the clock says: devices ignore a CRL with a lower number. */
function numberAfter(deps: MigratingDeps, { crlNumber }: MigrationPlan): Result<number, Refusal> {
  const clock = crlNumberAt(deps.clock.now());
  if (crlNumber === null || crlNumber < BigInt(clock)) return ok(clock);
  if (crlNumber >= BigInt(Number.MAX_SAFE_INTEGER)) return err({ code: 'crl-number-too-large', message: `The CA has counted its CRLs up to ${crlNumber}, and no number above it can be given here.`, hint: 'Leave crlnumber and the CRL out; relying parties that saw them must then forget them.' });
  return ok(Number(crlNumber) + 1);
}

function broughtWith(deps: MigratingDeps, owner: Owner, { certificates, serials }: Pick<MigrationPlan, 'certificates' | 'serials'>) {
  const now = deps.clock.now();
  const records = certificates.filter(({ here, revocation }) => here === undefined && revocation !== null).map((planned) => recordOf(deps, owner, planned));
  const rows = serials.map((serial): RevokedSerial => ({ ...serial, id: newId(deps), authorityId: owner.authorityId, generation: owner.generation }));
  const listed = [...records, ...rows].filter(({ notAfter }) => notAfter === null || notAfter > now);
  return {
    revoked: listed.map(({ serial, revokedAt, reason }): RevokedEntry => ({ serial, revokedAt: revokedAt ?? now, reason })),
    changes: [...records.map((value): Change => ({ kind: 'put', table: 'certificate', value })), ...rows.map((value): Change => ({ kind: 'put', table: 'revokedSerial', value }))],
    audit: [...records.map(certificateEvent), ...rows.map(revokedSerialEvent), batchEvent(deps, owner, records, rows)],
  };
}

/** With an authority that is here: what is revoked by the files and not yet here, in one commit, and the CRL after it. */
async function addRevocations(deps: MigratingDeps, owner: Owner, plan: MigrationPlan, actor: Actor): Promise<void> {
  const { changes, audit } = broughtWith(deps, owner, plan);
  const turned = plan.revokedSince.map(({ record, revocation }): CertificateRecord => ({ ...record, version: record.version + 1, ...revocationOf(revocation) }));
  const replaced = plan.certificates.flatMap(({ replaces }): Change[] => (replaces === undefined ? [] : [{ kind: 'remove', table: 'revokedSerial', id: replaces.id }]));
  if (changes.length + turned.length + replaced.length === 0) return;
  const committed = await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: plan.revokedSince.map(({ record }) => ({ kind: 'version', table: 'certificate', id: record.id, version: record.version }) as const),
    changes: [...replaced, ...changes, ...turned.map((value): Change => ({ kind: 'put', table: 'certificate', value }))],
    audit: [...audit, ...turned.map((record) => ({ ...certificateEvent(record), action: 'certificate.revoke', code: record.state }))],
  });
  if (!committed.ok) throw new Error('a certificate was changed while its revocation was imported');
  await publishCrl(deps, owner, actor);
}

async function storeBatch(deps: MigratingDeps, owner: Owner, batch: readonly PlannedCertificate[], actor: Actor): Promise<void> {
  const records = batch.map((planned) => recordOf(deps, owner, planned));
  const committed = await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [],
    changes: records.map((value): Change => ({ kind: 'put', table: 'certificate', value })),
    audit: [...records.map(certificateEvent), batchEvent(deps, owner, records, [])],
  });
  if (!committed.ok) throw new Error('a change-set without expectations came back as a conflict');
}

const revocationOf = (revocation: PlannedCertificate['revocation']): Pick<CertificateRecord, 'state' | 'revokedAt' | 'reason'> =>
  revocation === null ? { state: 'valid', revokedAt: null, reason: null } : { state: revocation.state, revokedAt: revocation.revokedAt, reason: revocation.reason };

const recordOf = (deps: MigratingDeps, { authorityId, generation, profileId }: Owner, { facts, revocation, isCa }: PlannedCertificate): CertificateRecord => ({
  ...facts,
  id: newId(deps),
  version: 1,
  kind: 'device',
  authorityId,
  generation,
  // What has no profile renews nothing.
  profileId: isCa ? null : profileId,
  endpointId: null,
  requestId: null,
  // When it was, and not today: today's figures tell of what was issued here.
  issuedAt: Math.min(facts.notBefore, deps.clock.now()),
  ...revocationOf(revocation),
  renews: null,
});

/** Each certificate's row is held to the log, whoever issued it. */
const certificateEvent = (record: CertificateRecord): AuditEvent => ({
  action: 'certificate.import',
  subject: `certificate:${record.serial}`,
  outcome: 'ok',
  code: record.state,
  detail: { subject: record.subject, authority: record.authorityId, generation: record.generation, notAfter: toIso(record.notAfter), reason: record.reason },
  certificate: { id: record.id, serial: record.serial, sha256: record.sha256, state: record.state },
});

const batchEvent = (deps: MigratingDeps, owner: Owner, records: readonly CertificateRecord[], rows: readonly RevokedSerial[]): AuditEvent => ({
  action: 'migration.batch',
  subject: `authority:${owner.authorityId}`,
  outcome: 'ok',
  code: 'stored',
  detail: { certificates: records.length, serials: rows.length, sha256: toHex(deps.crypto.digest('sha256', utf8([...records.map(({ sha256 }) => sha256), ...rows.map(({ serial }) => serial)].join('\n')))) },
});
