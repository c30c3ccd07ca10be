/**
 * Link certificates for trust stores that want them: the new key certified by the old one and the old by the new, under their common name (RFC 4210 4.4,
 * self-issued in RFC 5280's words), and where wished the new CA key certified by another authority that is here. One that is there already is given again.
 */
import { equalBytes, toHex, toPem, utf8 } from '../../core/lib/bytes.ts';
import { err, ok } from '../../core/lib/result.ts';
import type { Actor } from '../../core/ca/audit.ts';
import { type Authority, type Generation, algorithmOf } from '../../core/ca/authority.ts';
import { issuersProblem } from '../../core/ca/caCertificate.ts';
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { planLink } from '../../core/ca/identity.ts';
import { lintPlan } from '../../core/ca/lint.ts';
import { sortOut } from '../../core/ca/rollover.ts';
import { readCertificates } from '../../core/pki/certificateFiles.ts';
import { fileNameOf } from '../authorities/naming.ts';
import type { ExportedFile } from '../certificates.ts';
import type { Outcome } from '../deps.ts';
import { issuedChanges, issuing, plannedIssuer, prepareIssuance, revocationUrls, signIntent } from '../issue.ts';
import { signerOf, steppedThere } from '../pairings.ts';
import { isCertified, type Certified } from './announce.ts';
import { ownConstraints, readOwn } from './stage.ts';
import { NO_AUTHORITY, type RolloverDeps, refuseStep } from './steps.ts';

export interface LinksInput {
  readonly authorityId: string;
  /** Another authority, whose current key is to certify the new CA key too. */
  readonly crossSigner?: string | undefined;
}

export interface Links {
  readonly files: readonly ExportedFile[];
  readonly certificates: readonly CertificateRecord[];
  readonly findings: readonly Finding[];
}

interface Wanted {
  readonly file: string;
  readonly issuer: Authority;
  readonly by: Certified;
  /** Whose key is certified. */
  readonly of: Certified;
}

/** Makes the links between the newest two generations. Refused: not-found, courier-decides, rollover-not-now, locked, parent-unusable. */
export async function makeLinks(deps: RolloverDeps, input: LinksInput, actor: Actor): Outcome<Links> {
  const authority = deps.directory.authority(input.authorityId);
  if (authority === undefined) return err(NO_AUTHORITY);
  const refuse = (code: string, message: string, hint?: string) => refuseStep(deps, 'links', authority, hint === undefined ? { code, message } : { code, message, hint }, actor);
  const signer = signerOf(deps, authority.id);
  if (signer !== undefined) return refuseStep(deps, 'links', authority, steppedThere(signer), actor);
  const { next, current, previous } = sortOut(deps.directory.generations(authority.id));
  const [fresh, old] = next === undefined ? [current, previous[0]] : [next, current];
  if (!isCertified(fresh)) return refuse('rollover-not-now', 'There is no certificate to link yet.');
  const wanted: Wanted[] = [];
  if (isCertified(old)) {
    wanted.push({ file: 'new-with-old', issuer: authority, by: old, of: fresh }, { file: 'old-with-new', issuer: authority, by: fresh, of: old });
  }
  if (input.crossSigner !== undefined) {
    const crossSigner = deps.directory.authority(input.crossSigner);
    const by = crossSigner === undefined ? undefined : deps.directory.currentGeneration(crossSigner.id);
    if (crossSigner === undefined || crossSigner.id === authority.id || !isCertified(by)) return refuse('parent-unusable', 'The authority that is to cross-sign does not exist, or has no certificate.');
    const above = readCertificates([by.certificate, ...by.chain]);
    const problem = above.ok ? issuersProblem(above.value, 1)?.text : above.error;
    if (problem !== undefined) return refuse('parent-unusable', problem, 'Choose an authority that may have CAs below it.');
    wanted.push({ file: `by-${fileNameOf(crossSigner)}`, issuer: crossSigner, by, of: fresh });
  }
  if (wanted.length === 0) return refuse('rollover-not-now', 'There is only one generation, and nothing to link it with.', 'Stage the next one first, or name an authority that is to cross-sign.');
  if (wanted.some(({ by }) => !deps.signers.has(by.keyId))) return refuse('locked', 'A key that has to sign is not at hand.', 'Unlock the vault.');
  const made: { readonly name: string; readonly record: CertificateRecord }[] = [];
  for (const one of wanted) {
    const record = await link(deps, one, actor);
    if (!record.ok) return refuse(record.error.code, record.error.message);
    made.push({ name: `${fileNameOf(authority)}-${one.file}.pem`, record: record.value });
  }
  return ok({
    files: made.map(({ name, record }) => ({ name, mediaType: 'application/x-pem-file', bytes: utf8(toPem('CERTIFICATE', record.der)) })),
    certificates: made.map(({ record }) => record),
    findings: authority.parentId === null ? [] : [{ code: 'not-a-root', severity: 'info', text: 'This authority stands under another one: devices that trust the root need no links.' }],
  });
}

async function link(deps: RolloverDeps, { issuer, by, of }: Wanted, actor: Actor): Outcome<CertificateRecord> {
  const now = deps.clock.now();
  const own = readOwn(of);
  const known = await deps.store.read.certificatesOfKey(toHex(deps.crypto.digest('sha256', of.spki)), now);
  const there = known.find((record) => record.kind === 'authority' && record.authorityId === issuer.id && record.generation === by.number && !equalBytes(record.der, of.certificate));
  if (there !== undefined) return ok(there);
  const plan = planLink({
    issuer: plannedIssuer(issuer, by),
    subject: own.subject,
    spki: of.spki,
    publicKey: own.publicKey,
    subjectKeyId: own.subjectKeyId ?? plannedIssuer(issuer, of).subjectKeyId,
    keyUsage: own.keyUsage ?? ['keyCertSign', 'cRLSign'],
    pathLength: own.basicConstraints?.pathLength,
    nameConstraints: ownConstraints(of),
    notBefore: of.notBefore,
    notAfter: of.notAfter,
    ...revocationUrls(deps, issuer.number, by.number),
  });
  const linted = lintPlan(plan);
  if (!linted.ok) return err({ code: 'lint', message: `The link could not be signed: ${linted.error.text}.` });
  const prepared = prepareIssuance(deps, linted.value, { signingKey: algorithmOf(by), profileId: null, endpointId: null, requestId: null, renews: null }, now);
  return issuing(deps, [prepared.intent.id], async () => {
    const reserved = await deps.store.commit({ actor, at: now, expect: prepared.expect, changes: prepared.changes, audit: [{ action: 'rollover.links', subject: `authority:${issuer.id}/${by.number}`, outcome: 'ok', code: 'signing', detail: { serial: prepared.intent.serial, key: generationText(of) } }] });
    if (!reserved.ok) throw new Error('a fresh serial cannot conflict');
    const record = await signIntent(deps, prepared.intent, { keyId: by.keyId, algorithm: algorithmOf(by), spki: by.spki });
    const issued = issuedChanges(prepared.intent, record);
    const committed = await deps.store.commit({ actor, at: deps.clock.now(), expect: [], changes: issued.changes, audit: [issued.audit] });
    if (!committed.ok) throw new Error('a change-set without expectations came back as a conflict');
    deps.events.publish('certificates.changed', { id: record.id, serial: record.serial });
    return ok(record);
  });
}

const generationText = ({ authorityId, number }: Generation): string => `${authorityId}/${number}`;
