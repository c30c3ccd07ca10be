/**
 * A root here signs the issuing CA of another machine, by files: its PKCS #10 comes in, certificate and chain go out. Shown first, then signed:
 * plan, lint, intent, signature, as for every certificate; it is listed among this CA's certificates and can be revoked on its CRL.
 */
import { fromBase64, toHex, toPem, utf8 } from '../../core/lib/bytes.ts';
import { type Instant, toIso } from '../../core/lib/instant.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import { type Authority, type Generation, algorithmOf } from '../../core/ca/authority.ts';
import type { Actor } from '../../core/ca/audit.ts';
import { type CaRequestInput, caRequestFindings, caRequestProblem, planCaRequest } from '../../core/ca/caRequest.ts';
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { type LintedPlan, lintPlan } from '../../core/ca/lint.ts';
import { keyIdentifierOf } from '../../core/pki/certificate.ts';
import { readCertificates, readPemBlocks } from '../../core/pki/certificateFiles.ts';
import { type Csr, parseCsr } from '../../core/pki/csr.ts';
import { commonNameOf, namesEqual, nameToText } from '../../core/pki/names.ts';
import type { ExportedFile } from '../certificates.ts';
import type { Deps, Outcome, Refusal } from '../deps.ts';
import { type IssuingDeps, issuedChanges, issuing, plannedIssuer, prepareIssuance, revocationUrls, signIntent } from '../issue.ts';
import { type LimitsInput, pathProblem, readLimits } from './limits.ts';
import { fileNameOf } from './naming.ts';
import { AWAITS_CERTIFICATE } from './signingRequest.ts';

export interface SignRequestInput extends LimitsInput {
  readonly authorityId: string;
  /** PEM text, or base64 of a PEM or DER file. */
  readonly csr: string;
  readonly years: number;
  /** Shows what would be signed. */
  readonly preview: boolean;
}

export interface SignedRequest {
  readonly csr: Csr;
  readonly plan: LintedPlan;
  readonly findings: readonly Finding[];
  /** Undefined in a preview. */
  readonly signed: { readonly certificate: CertificateRecord; readonly file: ExportedFile } | undefined;
}

interface Place {
  readonly authority: Authority;
  readonly generation: Generation & { readonly certificate: Uint8Array };
}

/**
 * Shows or signs. Refused: not-found, awaiting-certificate, locked, certificate-unreadable, csr-signature, csr-not-ca, csr-subject, own-key, name-taken,
 * name-constraints, path-length-exceeded, authority-expired, what is wrong with the key, lint. A refusal to sign is in the audit log.
 */
export async function signRequest(deps: IssuingDeps, input: SignRequestInput, actor: Actor): Outcome<SignedRequest> {
  const place = placeOf(deps, input.authorityId);
  if (!place.ok) return place;
  const { authority, generation } = place.value;
  const csr = readRequest(input.csr);
  const planned = csr.ok ? await planFor(deps, place.value, csr.value, input) : csr;
  if (!csr.ok || !planned.ok) {
    const refusal = planned.ok ? UNREADABLE : planned.error;
    if (!input.preview) await noteRefusal(deps, authority, refusal, actor);
    return err(refusal);
  }
  if (input.preview) return ok({ csr: csr.value, ...planned.value, signed: undefined });
  if (!deps.signers.has(generation.keyId)) return err({ code: 'locked', message: 'The key of this authority is not at hand.', hint: 'Unlock the vault.' });
  const certificate = await sign(deps, place.value, csr.value, planned.value.plan, actor);
  const chain = [certificate.der, generation.certificate, ...generation.chain];
  const file: ExportedFile = {
    name: `${fileNameOf({ commonName: commonNameOf(csr.value.subject) ?? 'ca' })}-chain.pem`,
    mediaType: 'application/x-pem-file',
    bytes: utf8(chain.map((der) => toPem('CERTIFICATE', der)).join('')),
  };
  return ok({ csr: csr.value, ...planned.value, signed: { certificate, file } });
}

function placeOf(deps: Deps, authorityId: string): Result<Place, Refusal> {
  const authority = deps.directory.authority(authorityId);
  if (authority === undefined) return err({ code: 'not-found', message: 'There is no such authority.' });
  const generation = deps.directory.currentGeneration(authorityId);
  return generation?.certificate ? ok({ authority, generation: { ...generation, certificate: generation.certificate } }) : err(AWAITS_CERTIFICATE);
}

const UNREADABLE: Refusal = { code: 'certificate-unreadable', message: 'The file holds no certificate signing request (PKCS #10).', hint: 'Give the .csr file that the issuing CA made, as PEM or DER.' };

const REQUEST_LABELS: readonly string[] = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'];

function readRequest(text: string): Result<Csr, Refusal> {
  const file = text.includes('-----BEGIN ') ? utf8(text) : fromBase64(text.replace(/\s/g, ''));
  if (file === undefined) return err(UNREADABLE);
  const requests = readPemBlocks(file).filter(({ label }) => REQUEST_LABELS.includes(label));
  if (requests.length > 1) return err({ code: 'certificate-unreadable', message: 'The file holds more than one signing request.', hint: 'Give them one at a time.' });
  const parsed = parseCsr(requests[0]?.der ?? file);
  return parsed.ok ? parsed : err({ ...UNREADABLE, message: `The file holds no readable certificate signing request (PKCS #10): ${parsed.error}.` });
}

async function planFor(deps: Deps, { authority, generation }: Place, csr: Csr, input: SignRequestInput): Outcome<{ readonly plan: LintedPlan; readonly findings: readonly Finding[] }> {
  const chain = [generation.certificate, ...generation.chain];
  const issuers = readCertificates(chain);
  if (!issuers.ok) throw new Error(`the chain of ${authority.commonName} cannot be read: ${issuers.error}`);
  const limits = readLimits(input, 0);
  if (!limits.ok) return limits;
  const wrong = caRequestProblem(csr, issuers.value, deps.crypto);
  if (wrong !== undefined) return err({ code: wrong.code, message: wrong.text });
  // One that waits here for this very certificate bears its name by right.
  const namesake = deps.directory.authorities().find(({ id, subject }) => namesEqual(subject, csr.subject) && !deps.directory.generations(id).some(({ spki }) => toHex(spki) === toHex(csr.spki)));
  if (namesake !== undefined) return err({ code: 'name-taken', message: `An authority here bears that name with another key: “${namesake.commonName}”.`, hint: 'Two CAs of one name are one to a device.' });
  const tooDeep = pathProblem(chain, limits.value.pathLength);
  if (tooDeep !== undefined) return err({ code: 'path-length-exceeded', message: tooDeep });
  const now = deps.clock.now();
  if ((await deps.store.read.revokedOfKey(toHex(deps.crypto.digest('sha256', csr.spki)))).length > 0) {
    return err({ code: 'key-revoked', message: 'A certificate for this very key was revoked here.', hint: 'Let the issuing CA make a new key, and a new request with it.' });
  }
  const wishes: CaRequestInput = { csr, issuer: plannedIssuer(authority, generation), subjectKeyId: keyIdentifierOf(csr.spki, deps.crypto), years: input.years, ...limits.value, ...revocationUrls(deps, authority.number, generation.number), now };
  const plan = planCaRequest(wishes);
  if (!plan.ok) return err({ code: plan.error.code, message: plan.error.text });
  const linted = lintPlan(plan.value);
  if (!linted.ok) return err({ code: 'lint', message: `Nothing was signed: ${linted.error.text}.` });
  return ok({ plan: linted.value, findings: caRequestFindings(wishes, plan.value, await signedBefore(deps, authority, csr, now)) });
}

async function signedBefore(deps: Deps, authority: Authority, csr: Csr, now: Instant): Promise<CertificateRecord | undefined> {
  const ofKey = await deps.store.read.certificatesOfKey(toHex(deps.crypto.digest('sha256', csr.spki)), now);
  return ofKey.find((record) => record.authorityId === authority.id && record.kind === 'authority' && record.state === 'valid' && record.notAfter > now);
}

async function sign(deps: IssuingDeps, { authority, generation }: Place, csr: Csr, plan: LintedPlan, actor: Actor): Promise<CertificateRecord> {
  const now = deps.clock.now();
  const prepared = prepareIssuance(deps, plan, { signingKey: algorithmOf(generation), profileId: null, endpointId: null, requestId: null, renews: null }, now);
  return issuing(deps, [prepared.intent.id], async () => {
    const reserved = await deps.store.commit({
      actor,
      at: now,
      expect: prepared.expect,
      changes: prepared.changes,
      audit: [
        {
          action: 'authority.signRequest',
          subject: `authority:${authority.id}`,
          outcome: 'ok',
          code: 'accepted',
          detail: {
            commonName: authority.commonName,
            subject: nameToText(plan.subject),
            csrSha256: toHex(deps.crypto.digest('sha256', csr.der)),
            serial: prepared.intent.serial,
            notAfter: toIso(plan.notAfter),
            pathLength: plan.basicConstraints.pathLength ?? null,
          },
        },
      ],
    });
    if (!reserved.ok) throw new Error('a fresh serial cannot conflict');
    const record = await signIntent(deps, prepared.intent, { keyId: generation.keyId, algorithm: algorithmOf(generation), spki: generation.spki });
    const issued = issuedChanges(prepared.intent, record);
    const committed = await deps.store.commit({ actor, at: deps.clock.now(), expect: [], changes: issued.changes, audit: [issued.audit] });
    if (!committed.ok) throw new Error('a change-set without expectations came back as a conflict');
    deps.events.publish('certificates.changed', { id: record.id, serial: record.serial });
    return record;
  });
}

async function noteRefusal(deps: Deps, authority: Authority, { code }: Refusal, actor: Actor): Promise<void> {
  const noted = await deps.store.commit({ actor, at: deps.clock.now(), expect: [], changes: [], audit: [{ action: 'authority.signRequest', subject: `authority:${authority.id}`, outcome: 'refused', code, detail: { commonName: authority.commonName } }] });
  if (!noted.ok) throw new Error('a change-set without expectations came back as a conflict');
}
