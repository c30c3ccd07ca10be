/**
 * From an approved request to its certificate, for all who may ask for it: the device's own message, the admin's approval, the sweep.
 * Owns the plan that a request would get, the intent, and the second commit; who decides is the callers' matter.
 */
import { type Result, err, ok } from '../core/lib/result.ts';
import type { Instant } from '../core/lib/instant.ts';
import { type Authority, type Generation, algorithmOf } from '../core/ca/authority.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { CertificateRecord, IssuanceIntent } from '../core/ca/certificateRecord.ts';
import { type CsrProblemCode, readWishes } from '../core/ca/csrRules.ts';
import type { Endpoint } from '../core/ca/endpoint.ts';
import type { EnrolmentRequest, Finding } from '../core/ca/enrolment.ts';
import { type KeyProblem, keyProblem } from '../core/ca/keyChecks.ts';
import { type LintedPlan, lintPlan } from '../core/ca/lint.ts';
import { type PlanProblem, planEndEntity } from '../core/ca/plan.ts';
import type { CertificateProfile } from '../core/ca/profile.ts';
import { keyIdentifierOf } from '../core/pki/certificate.ts';
import { type Csr, parseCsr } from '../core/pki/csr.ts';
import type { Deps } from './deps.ts';
import { type IssuingDeps, type PreparedIssuance, issuedChanges, plannedIssuer, prepareIssuance, revocationUrls, signIntent } from './issue.ts';

export interface PlanRefusal {
  readonly code: CsrProblemCode | KeyProblem['code'] | PlanProblem['code'] | 'lint';
  readonly text: string;
}

export interface PlannedEnrolment {
  readonly plan: LintedPlan;
  readonly findings: readonly Finding[];
}

export interface EnrolmentPlace {
  readonly endpoint: Endpoint;
  readonly profile: CertificateProfile;
  readonly authority: Authority;
  readonly generation: Generation;
}

/**
 * Where an endpoint's certificates come from now, under its profile or one that is tried out; undefined while its authority has no usable generation.
 * `asked`: the generation whose SCEP key the envelope named. The next one issues what was addressed to it (RFC 8894 5.1, SCEP.md A9.7); whatever else
 * was named, the former ones too, is the current one's matter.
 */
export function placeOf(deps: Deps, endpoint: Endpoint, { tried, asked }: { readonly tried?: CertificateProfile; readonly asked?: number | undefined } = {}): EnrolmentPlace | undefined {
  const profile = tried ?? deps.directory.profile(endpoint.profileId);
  const authority = deps.directory.authority(endpoint.authorityId);
  const published = deps.directory.publishedGeneration(endpoint.authorityId);
  const generation = published !== undefined && published.number === asked ? published : deps.directory.currentGeneration(endpoint.authorityId);
  return profile && authority && generation?.certificate ? { endpoint, profile, authority, generation } : undefined;
}

/** The certificate that a CSR would get here and now, linted; nothing is spent by asking. */
export function planEnrolment(deps: Deps, csr: Csr, place: EnrolmentPlace, now: Instant): Result<PlannedEnrolment, PlanRefusal> {
  const key = keyProblem(csr.publicKey, place.endpoint.compatibility);
  if (key !== undefined) return err(key);
  const wishes = readWishes(csr, place.profile);
  if (!wishes.ok) return wishes;
  const plan = planEndEntity({
    csr,
    wishes: wishes.value,
    profile: place.profile,
    issuer: plannedIssuer(place.authority, place.generation),
    subjectKeyId: keyIdentifierOf(csr.spki, deps.crypto),
    organization: deps.directory.settings().organization ?? place.authority.organization ?? '',
    ...revocationUrls(deps, place.authority.number, place.generation.number),
    startsAt: startOf(place.generation, now),
    now,
  });
  if (!plan.ok) return plan;
  const linted = lintPlan(plan.value);
  return linted.ok ? ok({ plan: linted.value, findings: wishes.value.findings }) : err(linted.error);
}

/** A certificate by the next generation begins when that one takes over. */
const startOf = ({ state, activateAt }: Generation, now: Instant): Instant | undefined => (state === 'next' && activateAt !== null && activateAt > now ? activateAt : undefined);

export const csrContext = (requestId: string): string => `csr:${requestId}`;

/** The request's CSR out of its seal. Throws while the vault is locked; undefined where the seal is damaged. */
export function unsealCsr(deps: Deps, request: EnrolmentRequest): Csr | undefined {
  const der = deps.secrets.open(csrContext(request.id), request.sealedCsr);
  const csr = der === undefined ? undefined : parseCsr(der);
  return csr?.ok === true ? csr.value : undefined;
}

/** True when a certificate of this generation can be signed now (the CA key may rest elsewhere: split mode, courier). */
export const canIssue = (deps: IssuingDeps, generation: Generation): boolean => deps.signers.has(generation.keyId);

/** The intent for a request's certificate. */
export function prepareEnrolment(deps: Deps, plan: LintedPlan, place: EnrolmentPlace, requestId: string, renews: string | null, now: Instant): PreparedIssuance {
  return prepareIssuance(
    deps,
    plan,
    { signingKey: algorithmOf(place.generation), profileId: place.profile.id, endpointId: place.endpoint.id, requestId, renews },
    now,
  );
}

/** Signs a committed intent and commits certificate and request, the approved one that the intent belongs to. Called within `issuing`. */
export async function finishEnrolment(deps: IssuingDeps, intent: IssuanceIntent, request: EnrolmentRequest, told: boolean, actor: Actor): Promise<{ certificate: CertificateRecord; request: EnrolmentRequest }> {
  const generation = deps.directory.generation(intent.authorityId, intent.generation);
  if (generation === undefined) throw new Error(`the intent ${intent.id} names an unknown generation`);
  const record = await signIntent(deps, intent, { keyId: generation.keyId, algorithm: algorithmOf(generation), spki: generation.spki });
  const now = deps.clock.now();
  const issued: EnrolmentRequest = { ...request, state: 'issued', version: request.version + 1, certificateId: record.id, toldAt: told ? now : request.toldAt };
  const done = issuedChanges(intent, record);
  const committed = await deps.store.commit({
    actor,
    at: now,
    expect: [{ kind: 'version', table: 'request', id: request.id, version: request.version }],
    changes: [...done.changes, { kind: 'put', table: 'request', value: issued }],
    audit: [done.audit],
  });
  if (!committed.ok) throw new Error(`the request ${request.id} changed while its certificate was signed`);
  deps.events.publish('requests.changed', { id: request.id, state: 'issued' });
  deps.events.publish('certificates.changed', { id: record.id, serial: record.serial });
  return { certificate: record, request: issued };
}
