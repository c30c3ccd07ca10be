/**
 * A new enrolment from a device: facts gathered, judged, planned and linted, then received in one change-set
 * (request, challenge spent, serial and intent, audit), and where it was granted its certificate issued.
 * A conflict at the commit means that the facts have changed: the decision is made again on fresh ones.
 */
import { type Result, err, ok } from '../../core/lib/result.ts';
import { DAY, type Instant } from '../../core/lib/instant.ts';
import type { Actor, AuditEvent } from '../../core/ca/audit.ts';
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import { type Challenge, normalizeChallenge } from '../../core/ca/challenge.ts';
import type { EnrolmentRequest, Finding } from '../../core/ca/enrolment.ts';
import { type Judgement, judge } from '../../core/ca/judge.ts';
import { describePublicKey } from '../../core/pki/algorithms.ts';
import type { Csr } from '../../core/pki/csr.ts';
import type { CsrFingerprints } from '../../core/pki/fingerprints.ts';
import { generalNameToText } from '../../core/pki/generalNames.ts';
import { nameToText } from '../../core/pki/names.ts';
import type { EnvelopeFacts, MessageFrame } from '../../core/scep/message.ts';
import { type EnrolmentPlace, canIssue, csrContext, finishEnrolment, planEnrolment, prepareEnrolment } from '../enrolment.ts';
import { type IssuingDeps, issuing, newId } from '../issue.ts';
import type { Change, Conflict, Expectation } from '../ports/store.ts';
import { guessClient } from './clientGuess.ts';
import type { DeviceRefusal } from './refusals.ts';
import { signerRecordOf } from './signerRecord.ts';

export interface NewEnrolment {
  readonly place: EnrolmentPlace;
  readonly frame: MessageFrame;
  readonly messageType: 'PKCSReq' | 'RenewalReq';
  readonly csr: Csr;
  readonly fingerprints: CsrFingerprints;
  readonly envelope: EnvelopeFacts;
  /** The generation whose SCEP key the envelope named. */
  readonly generation: number;
  readonly source: string;
  readonly userAgent: string | null;
  /** When earlier requests of this transaction were looked up, and which were found: whatever came after is a conflict. */
  readonly lookedUpAt: Instant;
  readonly known: readonly string[];
}

export interface Received {
  readonly request: EnrolmentRequest;
  /** There when it was granted and issued at once. */
  readonly certificate: CertificateRecord | undefined;
}

/** Somebody else received the same transaction in the meantime: the caller looks it up again. */
export interface Overtaken {
  readonly code: 'overtaken';
}

// A decision that conflicts this often is made against a store that changes faster than it can be read.
const MAX_ATTEMPTS = 4;

export const IDEMPOTENT_WINDOW = DAY;

type Decided = Exclude<Judgement, { decision: 'refuse' }>;

export interface GatheredFacts {
  readonly challenge: Challenge | undefined;
  readonly signerRecord: CertificateRecord | undefined;
  readonly sameKey: readonly CertificateRecord[];
}

const challengeOf = (csr: Csr): string | undefined => (csr.challengePassword === '' ? undefined : csr.challengePassword);

/** What the store knows about an enrolment's challenge, signer and key. */
export async function gatherFacts(deps: IssuingDeps, e: Pick<NewEnrolment, 'csr' | 'frame' | 'fingerprints'>): Promise<GatheredFacts> {
  const given = challengeOf(e.csr);
  const [challenge, signerRecord, sameKey] = await Promise.all([
    given === undefined ? undefined : deps.store.read.challengeByMac(deps.secrets.mac('challenge', normalizeChallenge(given))),
    e.frame.signer.selfSigned ? undefined : signerRecordOf(deps, e.frame),
    deps.store.read.certificatesOfKey(e.fingerprints.spkiSha256, deps.clock.now()),
  ]);
  return { challenge, signerRecord, sameKey };
}

function decide(deps: IssuingDeps, e: NewEnrolment, facts: GatheredFacts): Result<{ judgement: Decided; planned: { plan: Parameters<typeof prepareEnrolment>[1]; findings: readonly Finding[] } }, DeviceRefusal> {
  const now = deps.clock.now();
  const planned = planEnrolment(deps, e.csr, e.place, now);
  if (!planned.ok) return planned;
  const given = challengeOf(e.csr);
  const judgement = judge({
    now,
    endpoint: e.place.endpoint,
    profile: e.place.profile,
    csr: e.csr,
    csrSpkiSha256: e.fingerprints.spkiSha256,
    messageType: e.messageType,
    signer: e.frame.signer,
    ...facts,
    challengeGiven: given !== undefined,
    underNext: e.place.generation.state === 'next',
    plan: planned.value.plan,
  });
  if (judgement.decision === 'refuse') return err(judgement);
  // A PENDING or refusal needs no envelope, but the certificate in the end does (RFC 8894 3.1).
  if (!e.frame.signer.canDecrypt && given === undefined) {
    return err({ code: 'unreplyable-key', text: 'a key that is not RSA needs a challenge password in the request: the reply is encrypted with it' });
  }
  return ok({ judgement, planned: planned.value });
}

function requestOf(deps: IssuingDeps, id: string, e: NewEnrolment, decided: Decided, findings: readonly Finding[], granted: boolean): EnrolmentRequest {
  const now = deps.clock.now();
  return {
    id,
    version: 1,
    state: granted ? 'approved' : 'pending',
    endpointId: e.place.endpoint.id,
    authorityId: e.place.authority.id,
    generation: e.generation,
    profileId: e.place.profile.id,
    transactionId: e.frame.transactionId,
    signerSpkiSha256: e.frame.signer.spkiSha256,
    signerCertificate: e.frame.signer.certificate,
    messageType: e.messageType,
    messageSha256: e.frame.messageSha256,
    subject: nameToText(e.csr.subject),
    subjectAltNames: e.csr.subjectAltNames.map(generalNameToText),
    key: describePublicKey(e.csr.publicKey),
    fingerprints: e.fingerprints,
    sealedCsr: deps.secrets.seal(csrContext(id), e.csr.der),
    proof: decided.proof,
    findings,
    source: e.source,
    clientGuess: guessClient(e.userAgent),
    receivedAt: now,
    lastSeenAt: now,
    polls: 0,
    expiresAt: now + deps.directory.settings().waitingDays * DAY,
    matchedAt: null,
    decidedAt: granted ? now : null,
    decidedBy: granted ? 'policy' : null,
    refusal: null,
    toldAt: null,
    certificateId: null,
    replyCipher: e.envelope.cipher,
    replyKeyTransport: JSON.stringify(e.envelope.keyTransport),
  };
}

function expectationsOf(deps: IssuingDeps, e: NewEnrolment, decided: Decided, granted: boolean): Expectation[] {
  const now = deps.clock.now();
  const { maxWaiting, maxWaitingPerSource } = deps.directory.settings();
  return [
    {
      kind: 'transaction-unknown',
      endpointId: e.place.endpoint.id,
      transactionId: e.frame.transactionId,
      signerSpkiSha256: e.frame.signer.spkiSha256,
      // Those found were judged before this decision: renewals with the same key reuse the id (SCEP.md A10.5).
      issuedSince: e.lookedUpAt,
      ignoring: e.known,
    },
    ...(decided.proof.kind === 'challenge' ? [{ kind: 'challenge-usable', id: decided.proof.challengeId, at: now } as const] : []),
    ...(decided.proof.kind === 'certificate' ? [{ kind: 'certificate-valid', id: decided.proof.certificateId, at: now } as const] : []),
    ...(granted ? [] : [{ kind: 'waiting-below', total: maxWaiting, source: e.source, perSource: maxWaitingPerSource } as const]),
  ];
}

/** What waits of the same device for the same name under another transactionID: it started anew, and the admin should see one row. */
async function replacedBy(deps: IssuingDeps, request: EnrolmentRequest): Promise<readonly EnrolmentRequest[]> {
  const waiting = await deps.store.read.waitingOfSigner(request.endpointId, request.signerSpkiSha256);
  return waiting.filter((old) => old.transactionId !== request.transactionId && old.subject === request.subject && old.fingerprints.spkiSha256 === request.fingerprints.spkiSha256);
}

const unchanged = (request: EnrolmentRequest): Expectation => ({ kind: 'version', table: 'request', id: request.id, version: request.version });

const supersededEvent =
  (by: string) =>
  (old: EnrolmentRequest): AuditEvent => ({ action: 'request.supersede', subject: `request:${old.id}`, outcome: 'ok', code: 'superseded', detail: { by } });

const receivedEvent = (request: EnrolmentRequest): AuditEvent => ({
  action: 'request.receive',
  subject: `request:${request.id}`,
  outcome: 'ok',
  code: request.state === 'pending' ? 'held' : 'granted',
  detail: {
    subject: request.subject,
    names: request.subjectAltNames.join(', '),
    csrSha256: request.fingerprints.sha256,
    transaction: request.transactionId,
    endpoint: request.endpointId,
    proof: request.proof.kind,
    challenge: request.proof.kind === 'challenge' ? request.proof.challengeId : null,
    renews: request.proof.kind === 'certificate' ? request.proof.serial : null,
  },
});

/** What a failed expectation means to the device; undefined where the decision is to be made again. */
function explainConflict({ failed }: Conflict): Result<Received, DeviceRefusal | Overtaken> | undefined {
  if (failed.kind === 'transaction-unknown') return err({ code: 'overtaken' });
  if (failed.kind === 'waiting-below') return err({ code: 'queue-full', text: 'too many requests are waiting for the administrator already; try again later' });
  return undefined;
}

/** Receives a new enrolment. A refusal has spent nothing. */
export async function receive(deps: IssuingDeps, e: NewEnrolment, gathered: GatheredFacts): Promise<Result<Received, DeviceRefusal | Overtaken>> {
  const actor: Actor = { kind: 'device', name: e.source };
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    // The facts of the look-up serve the first attempt; after a conflict they are gathered anew.
    const decided = decide(deps, e, attempt === 1 ? gathered : await gatherFacts(deps, e));
    if (!decided.ok) return decided;
    const { judgement, planned } = decided.value;
    const granted = judgement.decision === 'grant';
    const id = newId(deps);
    const request = requestOf(deps, id, e, judgement, [...judgement.findings, ...planned.findings], granted);
    const now = request.receivedAt;
    const replaced = granted ? [] : await replacedBy(deps, request);
    const prepared = granted && canIssue(deps, e.place.generation) ? prepareEnrolment(deps, planned.plan, e.place, id, judgement.renews?.id ?? null, now) : undefined;
    const changes: Change[] = [
      { kind: 'put', table: 'request', value: request },
      ...(judgement.proof.kind === 'challenge' ? [{ kind: 'spend-challenge', id: judgement.proof.challengeId, at: now } as const] : []),
      ...replaced.map((old): Change => ({ kind: 'put', table: 'request', value: { ...old, state: 'superseded', version: old.version + 1 } })),
      ...(prepared?.changes ?? []),
    ];
    const outcome = await issuing(deps, [id], async (): Promise<Result<Received, DeviceRefusal | Overtaken> | undefined> => {
      const committed = await deps.store.commit({ actor, at: now, expect: [...expectationsOf(deps, e, judgement, granted), ...replaced.map(unchanged), ...(prepared?.expect ?? [])], changes, audit: [receivedEvent(request), ...replaced.map(supersededEvent(id))] });
      if (!committed.ok) return explainConflict(committed.error);
      if (prepared === undefined) return ok({ request, certificate: undefined });
      const done = await finishEnrolment(deps, prepared.intent, request, true, actor);
      return ok(done);
    });
    if (outcome === undefined) continue;
    if (outcome.ok && outcome.value.certificate === undefined) deps.events.publish('requests.changed', { id, state: request.state });
    return outcome;
  }
  throw new Error('the store changed under four decisions in a row');
}
