/**
 * A request that came by courier, as the signer's queue shows it. The listener's word counts for what only it can know (where it came from, which challenge
 * held, who matched a fingerprint), and stands there as a finding; everything else is judged anew here: key, CSR, plan, lint, what a renewal renews.
 */
import type { Result } from '../../core/lib/result.ts';
import { err, ok } from '../../core/lib/result.ts';
import { DAY, toIso } from '../../core/lib/instant.ts';
import type { CarriedRequest } from '../../core/ca/courierPayload.ts';
import type { EnrolmentRequest, Finding, Proof, Severity } from '../../core/ca/enrolment.ts';
import { certifiedElsewhere, renewalExcess } from '../../core/ca/judge.ts';
import type { CertificatePlan } from '../../core/ca/plan.ts';
import { describePublicKey } from '../../core/pki/algorithms.ts';
import { type Csr, parseCsr, verifyCsr } from '../../core/pki/csr.ts';
import { csrFingerprintsOf } from '../../core/pki/fingerprints.ts';
import { generalNameToText } from '../../core/pki/generalNames.ts';
import { nameToText } from '../../core/pki/names.ts';
import { plainText } from '../../core/pki/text.ts';
import { type EnrolmentPlace, csrContext, planEnrolment } from '../enrolment.ts';
import type { CourierDeps } from './deps.ts';
import { sourceThere } from './followers.ts';

export interface Arrival {
  readonly request: EnrolmentRequest;
  /** Granted there, and nothing here speaks against it. */
  readonly granted: boolean;
}

// The listener says when it is over: it closes what no device waits for any more.
const KEPT_DAYS = 365;

/** Why nothing can be made of it, as a sentence. */
export async function judgeArrival(deps: CourierDeps, carried: CarriedRequest, place: EnrolmentPlace, listener: string): Promise<Result<Arrival, string>> {
  const parsed = parseCsr(carried.csr);
  if (!parsed.ok) return err(`A request from “${plainText(carried.source)}” cannot be read: ${parsed.error}.`);
  const csr = parsed.value;
  if ('unsupported' in csr.signatureAlgorithm || !verifyCsr(csr, deps.crypto)) return err(`A request for ${nameToText(csr.subject)} is not signed with its own key.`);
  const now = deps.clock.now();
  const fingerprints = csrFingerprintsOf(deps.crypto, csr);
  const findings: Finding[] = [];
  const say = (code: string, severity: Severity, text: string): void => void findings.push({ code, severity, text });
  const planned = planEnrolment(deps, csr, place, now);
  if (planned.ok) findings.push(...planned.value.findings);
  else say(planned.error.code, 'danger', `The certificate cannot be issued: ${planned.error.text}.`);
  const sameKey = await deps.store.read.certificatesOfKey(fingerprints.spkiSha256, now);
  const proof = planned.ok ? await proofOf(deps, carried, place, planned.value.plan, say) : NONE;
  const elsewhere = planned.ok ? certifiedElsewhere({ plan: planned.value.plan, sameKey }, proof.renewed) : undefined;
  if (elsewhere !== undefined) say('key-certified-elsewhere', 'danger', elsewhere);
  tellEvidence(carried, listener, say);
  const request = requestOf(deps, carried, place, csr, { fingerprints, proof: proof.proof, findings: [...findings, ...carried.findings.filter(({ code }) => !findings.some((f) => f.code === code)).map((f) => ({ ...f, text: `“${plainText(listener)}” says: ${plainText(f.text, 1_000)}` }))], listener });
  return ok({ request, granted: carried.grantedBy !== null && !findings.some(({ severity }) => severity === 'danger') });
}

interface Proven {
  readonly proof: Proof;
  readonly renewed: Parameters<typeof certifiedElsewhere>[1];
}

const NONE: Proven = { proof: { kind: 'none' }, renewed: undefined };

/** Only a renewal is a proof here, and only of a certificate that this machine knows as valid; a challenge is the listener's, and its word a finding. */
async function proofOf(deps: CourierDeps, { evidence }: CarriedRequest, { authority, profile }: EnrolmentPlace, plan: CertificatePlan, say: (code: string, severity: Severity, text: string) => void): Promise<Proven> {
  if (evidence.kind !== 'certificate') return NONE;
  const old = await deps.store.read.certificate(evidence.certificateId);
  const usable = old !== undefined && old.kind === 'device' && old.authorityId === authority.id && old.serial === evidence.serial && old.state === 'valid' && old.notAfter > deps.clock.now();
  const excess = usable ? renewalExcess(old, { plan, profile }) : { text: `the certificate ${evidence.serial} is not valid here` };
  if (excess === undefined && old !== undefined) return { proof: { kind: 'certificate', certificateId: old.id, serial: old.serial }, renewed: old };
  say('renewal-unproven', 'danger', `It came as a renewal, and is none: ${excess?.text ?? 'the certificate is not known here'}.`);
  return NONE;
}

/** What the listener says of it, marked as its word. */
function tellEvidence({ source, endpoint, receivedAt, evidence, grantedBy, matchedAt }: CarriedRequest, listener: string, say: (code: string, severity: Severity, text: string) => void): void {
  const there = `“${plainText(listener)}”`;
  say('by-courier', 'info', `It came by courier from ${there}, where ${plainText(source)} asked at ${plainText(endpoint)} at ${toIso(receivedAt)}.`);
  if (evidence.kind === 'challenge') say('challenge-there', 'info', `${there} says that its challenge${evidence.label === null ? '' : ` “${plainText(evidence.label)}”`} held.`);
  if (evidence.kind === 'certificate') say('renewal-there', 'info', `${there} says that it is signed by the certificate ${evidence.serial}, which it renews.`);
  if (matchedAt !== null) say('matched-there', 'info', `${there} says that its fingerprint was compared with the device at ${toIso(matchedAt)}.`);
  if (grantedBy !== null) say('granted-there', 'info', grantedBy === 'policy' ? `${there} granted it by its rules.` : `It was approved on ${there} by ${plainText(grantedBy)}.`);
  if (grantedBy === null && evidence.kind === 'none') say('unproven', 'notice', 'Nothing proves who asks: compare the fingerprint with the device before you approve.');
}

const requestOf = (deps: CourierDeps, carried: CarriedRequest, { endpoint, profile, authority, generation }: EnrolmentPlace, csr: Csr, judged: Pick<EnrolmentRequest, 'fingerprints' | 'proof' | 'findings'> & { readonly listener: string }): EnrolmentRequest => {
  const now = deps.clock.now();
  return {
    id: carried.id,
    version: 1,
    state: 'pending',
    endpointId: endpoint.id,
    authorityId: authority.id,
    generation: generation.number,
    profileId: profile.id,
    transactionId: plainText(carried.transactionId),
    signerSpkiSha256: carried.signerSpkiSha256,
    signerCertificate: carried.signerCertificate,
    messageType: carried.messageType,
    messageSha256: carried.messageSha256,
    subject: nameToText(csr.subject),
    subjectAltNames: csr.subjectAltNames.map(generalNameToText),
    key: describePublicKey(csr.publicKey),
    fingerprints: judged.fingerprints,
    sealedCsr: deps.secrets.seal(csrContext(carried.id), csr.der),
    proof: judged.proof,
    findings: judged.findings,
    source: sourceThere(carried.source, judged.listener),
    clientGuess: carried.client === null ? null : plainText(carried.client),
    receivedAt: now,
    lastSeenAt: now,
    polls: 0,
    expiresAt: now + KEPT_DAYS * DAY,
    matchedAt: null,
    decidedAt: null,
    decidedBy: null,
    refusal: null,
    toldAt: null,
    certificateId: null,
    // The listener answers the device; these say how it would be sealed.
    replyCipher: 'aes-128-cbc',
    replyKeyTransport: JSON.stringify({ kind: 'rsaes-pkcs1' }),
  };
};
