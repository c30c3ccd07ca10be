/** Exactly what devices will be given: the next certificates, the answer to GetNextCACert, and what each endpoint says before, during and after. */
import { equalBytes } from '../../core/lib/bytes.ts';
import { err, ok } from '../../core/lib/result.ts';
import { type Instant, toIso } from '../../core/lib/instant.ts';
import type { Authority, Generation, KeyAlgorithm } from '../../core/ca/authority.ts';
import type { Endpoint } from '../../core/ca/endpoint.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { planScepKey } from '../../core/ca/identity.ts';
import { lintPlan } from '../../core/ca/lint.ts';
import { type CertificatePlan, writeContents } from '../../core/ca/plan.ts';
import { stageOf, stepProblem } from '../../core/ca/rollover.ts';
import { type Certificate, parseCertificate } from '../../core/pki/certificate.ts';
import { OID } from '../../core/pki/oids.ts';
import { type DescribedExtension, describeExtensions } from '../../core/pki/describeExtensions.ts';
import { capabilitiesText } from '../../core/scep/capabilities.ts';
import { NEXT_CA_CONTENT_TYPE, readNextCa } from '../../core/scep/nextCa.ts';
import { nameBeside } from '../authorities/mint.ts';
import type { Deps, Outcome } from '../deps.ts';
import { revocationUrls } from '../issue.ts';
import { arrangeCertificates, servedCertificates } from '../scep/caCertificates.ts';
import { listenerOf, signerOf, steppedThere } from '../pairings.ts';
import { announcedCertificates, announcingCertificates, identityOf, isCertified, recipientOf } from './announce.ts';
import { type NextWish, constraintsOfPlan, planCertificate, planNext } from './stage.ts';
import { NO_AUTHORITY, type Situation, situationOf } from './steps.ts';

export interface PreviewedCertificate {
  /** A certificate that is there; null: the plan of one that would be made. */
  readonly der: Uint8Array | null;
  readonly parsed: Pick<Certificate, 'subject' | 'issuer' | 'notBefore' | 'notAfter'>;
  readonly key: KeyAlgorithm | Certificate['publicKey'];
  readonly keyUsage: readonly string[];
  readonly extendedKeyUsages: readonly string[];
  readonly pathLength: number | null;
  readonly extensions: readonly DescribedExtension[];
  readonly selfSigned: boolean;
}

export interface EndpointPreview {
  readonly path: string;
  readonly capabilities: { readonly now: readonly string[]; readonly published: readonly string[]; readonly activated: readonly string[] };
  readonly caCertificates: { readonly now: readonly Uint8Array[]; readonly activated: readonly Uint8Array[] };
}

export interface RolloverPreview {
  readonly authority: Authority;
  readonly generation: number;
  readonly staged: boolean;
  readonly activateAt: Instant | null;
  readonly certificate: PreviewedCertificate | null;
  readonly scepCertificate: PreviewedCertificate | null;
  readonly nextCaCert: { readonly contentType: string; readonly served: boolean; readonly signers: readonly Uint8Array[]; readonly inner: readonly Uint8Array[]; readonly outer: readonly Uint8Array[]; readonly bytes: Uint8Array | null } | null;
  readonly endpoints: readonly EndpointPreview[];
  readonly findings: readonly Finding[];
}

/** What is staged, or what `stage` would make with this wish. Refused: not-found, courier-decides, rollover-not-now, dates-impossible, ec-needs-split. */
export async function previewRollover(deps: Deps, { authorityId, ...wish }: { readonly authorityId: string } & NextWish): Outcome<RolloverPreview> {
  const authority = deps.directory.authority(authorityId);
  if (authority === undefined) return err(NO_AUTHORITY);
  const situation = await situationOf(deps, authority);
  const { next, awaiting } = situation.standings;
  const stage = stageOf(situation.standings);
  if (isCertified(next)) return ok(await previewStaged(deps, situation, next));
  if (stage === 'awaiting-certificate' && awaiting !== undefined) {
    return ok({ authority, generation: awaiting.number, staged: true, activateAt: awaiting.activateAt, certificate: null, scepCertificate: null, nextCaCert: null, endpoints: endpointsOf(deps, authority, undefined), findings: [ELSEWHERE] });
  }
  const signer = signerOf(deps, authorityId);
  if (signer !== undefined) return err(steppedThere(signer));
  const problem = stepProblem('stage', situation.standings, situation.facts);
  if (problem !== undefined) return err({ code: problem.code, message: `There is nothing to preview: ${problem.text}.` });
  const planned = await planNext(deps, situation, wish);
  if (!planned.ok) return planned;
  const { dates, number, key, issuer } = planned.value;
  const base = { authority, generation: number, staged: false, activateAt: dates.activateAt, nextCaCert: null, endpoints: endpointsOf(deps, authority, undefined) };
  if (issuer.kind === 'elsewhere') return ok({ ...base, certificate: null, scepCertificate: null, findings: [ELSEWHERE] });
  const { current } = situation.standings;
  if (current === undefined) throw new Error('a preview was begun without a current generation');
  // The key is not made yet: the current one stands in for what does not depend on it.
  const plan = planCertificate(deps, situation, planned.value, current.spki);
  const linted = lintPlan(plan);
  const findings: readonly Finding[] = [
    { code: 'proposal', severity: 'info', text: dates.text },
    ...(linted.ok ? [] : [{ code: 'lint', severity: 'danger', text: `It could not be signed so: ${linted.error.text}.` } as const]),
    ...(plan.notAfter <= dates.activateAt ? [{ code: 'next-ends-first', severity: 'danger', text: `It would end at ${toIso(plan.notAfter)}, before its activation.` } as const] : []),
  ];
  return ok({ ...base, certificate: fromPlan(plan, key), scepCertificate: authority.scepKey === 'split' ? fromPlan(scepPlan(deps, authority, plan, number, dates.activateAt), 'rsa-2048') : null, findings });
}

const ELSEWHERE: Finding = { code: 'certificate-from-elsewhere', severity: 'info', text: 'The next certificate is signed by a CA that is not here: its dates and extensions are that CA’s to decide.' };

function scepPlan(deps: Deps, authority: Authority, ca: CertificatePlan, generation: number, usedFrom: Instant): CertificatePlan {
  const issuer = { authorityId: authority.id, generation, subject: authority.subject, subjectKeyId: ca.subjectKeyId, notBefore: ca.notBefore, notAfter: ca.notAfter, constraints: constraintsOfPlan(ca) };
  return planScepKey({ issuer, subject: nameBeside(authority.subject, 'SCEP'), spki: ca.spki, publicKey: ca.publicKey, subjectKeyId: ca.subjectKeyId, ...revocationUrls(deps, authority.number, generation), usedFrom, now: deps.clock.now() });
}

/** Of a plan without its key, what depends on the key is left out. */
const KEYED: ReadonlySet<string> = new Set([OID.subjectKeyIdentifier, OID.authorityKeyIdentifier]);

function fromPlan(plan: CertificatePlan, key: KeyAlgorithm): PreviewedCertificate {
  return {
    der: null,
    parsed: { subject: plan.subject, issuer: plan.issuer.subject, notBefore: plan.notBefore, notAfter: plan.notAfter },
    key,
    keyUsage: plan.keyUsage,
    extendedKeyUsages: plan.extendedKeyUsages,
    pathLength: plan.basicConstraints.pathLength ?? null,
    extensions: describeExtensions(writeContents(plan, new Uint8Array([1])).extensions.filter(({ oid }) => !KEYED.has(oid))),
    selfSigned: plan.selfSigned,
  };
}

function fromDer(der: Uint8Array, selfSigned: boolean): PreviewedCertificate {
  const parsed = parseCertificate(der);
  if (!parsed.ok) throw new Error(`a certificate of ours cannot be read: ${parsed.error}`);
  const { value } = parsed;
  return {
    der,
    parsed: value,
    key: value.publicKey,
    keyUsage: value.keyUsage ?? [],
    extendedKeyUsages: value.extendedKeyUsages ?? [],
    pathLength: value.basicConstraints?.pathLength ?? null,
    extensions: describeExtensions(value.extensions),
    selfSigned,
  };
}

async function previewStaged(deps: Deps, { authority, standings }: Situation, next: Generation & { readonly certificate: Uint8Array }): Promise<RolloverPreview> {
  const { current } = standings;
  const recipient = await recipientOf(deps, next);
  const read = next.announcement === null ? undefined : readNextCa(next.announcement);
  const inner = (await announcedCertificates(deps, next)) ?? [];
  const signers = isCertified(current) ? announcingCertificates(deps, current) : [];
  return {
    authority,
    generation: next.number,
    staged: true,
    activateAt: next.activateAt,
    certificate: fromDer(next.certificate, next.chain.length === 0),
    scepCertificate: recipient === undefined || equalBytes(recipient, next.certificate) ? null : fromDer(recipient, false),
    nextCaCert: {
      contentType: NEXT_CA_CONTENT_TYPE,
      served: next.publishedAt !== null && next.announcement !== null,
      signers,
      inner: read?.ok === true ? read.value.inner : inner,
      outer: read?.ok === true ? read.value.outer : [...inner, ...signers],
      bytes: next.announcement,
    },
    endpoints: endpointsOf(deps, authority, next),
    findings: recipient === undefined ? [{ code: 'listener-not-ready', severity: 'notice', text: `“${listenerOf(deps, authority.id) ?? ''}”, which devices talk to, has no SCEP certificate by it yet: run the courier, then publish.` }] : [],
  };
}

function endpointsOf(deps: Deps, authority: Authority, next: (Generation & { readonly certificate: Uint8Array }) | undefined): readonly EndpointPreview[] {
  const words = (endpoint: Endpoint, nextCa: boolean): readonly string[] => capabilitiesText({ compatibility: endpoint.compatibility, announceSha384: endpoint.announceSha384, nextCa }).split('\n');
  const identity = next === undefined ? undefined : identityOf(deps, authority.id, next.number);
  return deps.directory
    .endpoints()
    .filter((endpoint) => endpoint.authorityId === authority.id)
    .map((endpoint) => ({
      path: endpoint.path,
      capabilities: { now: words(endpoint, Boolean(deps.directory.publishedGeneration(authority.id)?.announcement)), published: words(endpoint, true), activated: words(endpoint, false) },
      caCertificates: { now: servedCertificates(deps.directory, endpoint), activated: next === undefined || identity === undefined ? [] : arrangeCertificates(endpoint, next, identity) },
    }));
}
