/**
 * The only door for devices' messages: PKIOperation from bytes to bytes (RFC 8894 3.3, 4.3 to 4.6).
 * Opens, looks up the transaction, lets `receive` decide, and seals what a device is told. Each answer is explained in the transaction log.
 */
import type { Actor, AuditEvent } from '../../core/ca/audit.ts';
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import type { Endpoint } from '../../core/ca/endpoint.ts';
import type { EnrolmentRequest } from '../../core/ca/enrolment.ts';
import type { TransactionRecord } from '../../core/ca/transaction.ts';
import { equalBytes, toHex } from '../../core/lib/bytes.ts';
import type { CipherName, KeyTransport } from '../../core/pki/crypto.ts';
import { CIPHERS } from '../../core/pki/algorithms.ts';
import { nameToText, namesEqual } from '../../core/pki/names.ts';
import { failInfoFor } from '../../core/scep/failInfo.ts';
import type { EnvelopeFacts, FaultCode, MessageFrame, OpenOutcome, Reply } from '../../core/scep/message.ts';
import type { Csr } from '../../core/pki/csr.ts';
import type { CsrFingerprints } from '../../core/pki/fingerprints.ts';
import type { ScepIdentity } from '../../core/ca/authority.ts';
import { type EnrolmentPlace, placeOf, unsealCsr } from '../enrolment.ts';
import { type IssuingDeps, issuerHashOf } from '../issue.ts';
import type { ScepKeys } from '../ports/scepKeys.ts';
import { IDEMPOTENT_WINDOW, gatherFacts, receive } from './receive.ts';
import { guessClient } from './clientGuess.ts';
import { type DeviceRefusal, type DeviceRefusalCode, failureFor, sentence } from './refusals.ts';
import type { SeenMessages } from './seenMessages.ts';
import { isRollingOver } from './nextCa.ts';
import { signerRecordOf } from './signerRecord.ts';

export interface AnswerDeps extends IssuingDeps {
  readonly scepKeys: ScepKeys;
  readonly seen: SeenMessages;
}

export interface PkiOperation {
  readonly endpoint: Endpoint;
  readonly message: Uint8Array;
  /** Came by GET or with a `message` parameter (SCEP.md J.1). */
  readonly emptyContent: boolean;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly source: string;
  readonly userAgent: string | null;
}

export type PkiAnswer =
  | { readonly kind: 'sealed'; readonly body: Uint8Array }
  /** HTTP 400: nothing can be signed back. */
  | { readonly kind: 'unanswerable'; readonly reason: string }
  /** HTTP 503: the authority waits for its certificate, so that it has no SCEP key yet. */
  | { readonly kind: 'awaiting-certificate' }
  /** HTTP 503: no SCEP key is in memory. */
  | { readonly kind: 'locked' };

/** How an answer is named in the log; application/explain has words for each. */
export type AnswerCode = 'issued' | 'sent' | 'pending' | 'approved-unsigned' | 'unanswerable' | FaultCode | DeviceRefusalCode;

/** What is told, before it is sealed, and how it is explained. */
interface Verdict {
  readonly reply: Reply;
  readonly code: AnswerCode;
  readonly text: string;
  readonly requestId?: string;
  readonly certificateId?: string;
  /** The CSR's challenge, for a reply to a key that cannot decrypt. */
  readonly password?: string | undefined;
  /** Of the request whose certificate is sent, where the message itself was not opened. */
  readonly envelope?: Pick<EnvelopeFacts, 'cipher' | 'keyTransport'>;
  /** Refusals are decisions: they stand in the audit log as well (DESIGN section 4). */
  readonly audit?: AuditEvent;
}

interface Context {
  readonly operation: PkiOperation;
  readonly identity: ScepIdentity;
  readonly startedAt: number;
}

const DEFAULT_ENVELOPE = { cipher: 'aes-128-cbc', keyTransport: { kind: 'rsaes-pkcs1' } } as const;

/** Answers one PKIOperation. */
export async function answer(deps: AnswerDeps, operation: PkiOperation): Promise<PkiAnswer> {
  const { endpoint } = operation;
  const identity = deps.directory.activeScepIdentity(endpoint.authorityId);
  // No key opens the message, so nothing can be signed back either.
  if (identity === undefined) return { kind: 'awaiting-certificate' };
  if (!deps.scepKeys.has(identity.keyId)) return { kind: 'locked' };
  const context: Context = { operation, identity, startedAt: deps.clock.now() };
  const messageSha256 = toHex(deps.crypto.digest('sha256', operation.message));
  const before = await knownMessage(deps, endpoint, messageSha256);
  const outcome = await deps.scepKeys.open(operation.message, {
    compatibility: endpoint.compatibility,
    recipients: deps.directory.recipients(endpoint.authorityId),
    skipContent: before !== undefined,
  });
  if (outcome.kind === 'unanswerable') {
    note(deps, context, { operation: 'PKIOperation', transactionId: null, outcome: 'rejected', code: 'unanswerable', text: `The message could not be read: ${outcome.reason}.` });
    return { kind: 'unanswerable', reason: outcome.reason };
  }
  const addressed: Context = { ...context, identity: addressee(deps, endpoint, outcome) ?? identity };
  await noteDevice(deps, addressed, outcome.frame);
  const verdict = replyable(addressed, outcome.frame, await judgeOutcome(deps, addressed, outcome, before));
  return { kind: 'sealed', body: await seal(deps, addressed, outcome, verdict) };
}

/** A device that signs with its certificate has been seen: while a rollover is under way that is kept, whatever it asks for. */
async function noteDevice(deps: AnswerDeps, { operation: { endpoint, source }, startedAt }: Context, frame: MessageFrame): Promise<void> {
  if (frame.signer.selfSigned || !isRollingOver(deps.directory, endpoint.authorityId)) return;
  const record = await signerRecordOf(deps, frame);
  if (record?.kind === 'device') deps.store.note({ transactions: [], seen: [], devices: [{ certificateId: record.id, source, at: startedAt }] });
}

/**
 * The SCEP key that the envelope names answers, whichever generation it is of: its certificate is what that client knows, and verifies with
 * (SCEP.md A8.10). Undefined where the message named none of ours, or its key is not at hand.
 */
function addressee({ directory, scepKeys }: AnswerDeps, endpoint: Endpoint, outcome: Readable): ScepIdentity | undefined {
  const named = outcome.kind === 'request' ? outcome.envelope?.recipientId : undefined;
  const identity = named === undefined ? undefined : directory.scepIdentities(endpoint.authorityId).find(({ id }) => id === named);
  return identity !== undefined && scepKeys.has(identity.keyId) ? identity : undefined;
}

/** What is enveloped goes to the signer's key: one that cannot decrypt needs a password that both sides know (RFC 8894 3.1). */
function replyable(context: Context, frame: MessageFrame, verdict: Verdict): Verdict {
  const enveloped = verdict.reply.kind === 'success' || verdict.reply.kind === 'crl';
  if (!enveloped || frame.signer.canDecrypt || (verdict.password !== undefined && verdict.password !== '')) return verdict;
  return refusal(context, frame, { code: 'unreplyable-key', text: 'the reply cannot be encrypted to a key that is not RSA without a challenge password' });
}

/** The live request that identical bytes made: micromdm's client re-sends its PKCSReq unchanged while it waits (SCEP.md A10.2). */
async function knownMessage(deps: AnswerDeps, endpoint: Endpoint, messageSha256: string): Promise<EnrolmentRequest | undefined> {
  const id = deps.seen.requestOf(endpoint.id, messageSha256);
  const request = id === undefined ? undefined : await deps.store.read.request(id);
  return request !== undefined && isCurrent(deps, request) ? request : undefined;
}

/** Pending, approved, refused but not told yet, or issued within the window: identical requests get its state (DESIGN section 4, Idempotent). */
function isCurrent(deps: AnswerDeps, request: EnrolmentRequest): boolean {
  switch (request.state) {
    case 'pending':
    case 'approved':
      return true;
    case 'issued':
      return (request.decidedAt ?? 0) + IDEMPOTENT_WINDOW > deps.clock.now();
    case 'refused':
      // A device that re-sends its PKCSReq instead of polling must hear the refusal once; after that it may ask anew.
      return request.toldAt === null;
    case 'expired':
    case 'superseded':
      return false;
  }
}

type Readable = Exclude<OpenOutcome, { kind: 'unanswerable' }>;

async function judgeOutcome(deps: AnswerDeps, context: Context, outcome: Readable, before: EnrolmentRequest | undefined): Promise<Verdict> {
  const { endpoint } = context.operation;
  if (outcome.kind === 'fault') {
    const told = failInfoFor(outcome.fault.code);
    return {
      reply: { kind: 'failure', ...told },
      code: outcome.fault.code,
      text: `${told.text} (${outcome.fault.detail})`,
      audit: refusalEvent(context, outcome.frame, outcome.fault.code, { detail: outcome.fault.detail }),
    };
  }
  const { frame, content } = outcome;
  if (!endpoint.enabled) return refusal(context, frame, { code: 'endpoint-disabled', text: 'this enrolment address is switched off' });
  const place = placeOf(deps, endpoint, { asked: context.identity.generation });
  if (place === undefined) return refusal(context, frame, { code: 'no-authority', text: 'the authority of this endpoint has no certificate yet' });
  switch (outcome.type) {
    case 'PKCSReq':
    case 'RenewalReq': {
      if (content.kind === 'unopened' && before !== undefined) return tell(deps, context, frame, before);
      if (content.kind !== 'csr' || outcome.envelope === undefined) throw new Error('a request was opened without its CSR');
      return enrol(deps, context, { place, frame, messageType: outcome.type, csr: content.csr, fingerprints: content.fingerprints, envelope: outcome.envelope });
    }
    case 'CertPoll':
      return poll(deps, context, frame);
    case 'GetCert':
      return content.kind === 'issuer-and-serial' ? getCert(deps, context, place, frame, content.issuer, content.serial) : unreadable();
    case 'GetCRL':
      return content.kind === 'issuer-and-serial' ? getCrlBySerial(deps, context, place, frame, { issuer: content.issuer, serial: content.serial, generation: signerOf(deps, context, outcome).generation }) : unreadable();
  }
}

const unreadable = (): never => {
  throw new Error('a message was opened without its content');
};

const refusalEvent = (context: Context, frame: MessageFrame, code: string, detail: AuditEvent['detail']): AuditEvent => ({
  action: 'message.refuse',
  subject: `transaction:${frame.transactionId}`,
  outcome: 'refused',
  code,
  detail: { ...detail, endpoint: context.operation.endpoint.path, messageType: frame.messageType, signer: frame.signer.spkiSha256 },
});

function refusal(context: Context, frame: MessageFrame, refused: DeviceRefusal, more: Partial<Verdict> = {}): Verdict {
  const reply = failureFor(refused);
  return { reply, code: refused.code, text: sentence(refused.text), audit: refusalEvent(context, frame, refused.code, { reason: refused.text }), ...more };
}

interface OpenedEnrolment {
  readonly place: EnrolmentPlace;
  readonly frame: MessageFrame;
  readonly messageType: 'PKCSReq' | 'RenewalReq';
  readonly csr: Csr;
  readonly fingerprints: CsrFingerprints;
  readonly envelope: EnvelopeFacts;
}

async function enrol(deps: AnswerDeps, context: Context, opened: OpenedEnrolment): Promise<Verdict> {
  const { frame, fingerprints } = opened;
  const { endpoint, source, userAgent } = context.operation;
  // Twice: a second copy of the message may have been received between the look-up and the commit.
  for (let attempt = 0; attempt < 2; attempt++) {
    const lookedUpAt = deps.clock.now();
    // Asked together: whoever asks the store twice pays for two ways.
    const [earlier, facts] = await Promise.all([
      deps.store.read.requestsOfTransaction(endpoint.id, frame.transactionId, frame.signer.spkiSha256),
      gatherFacts(deps, opened),
    ]);
    const open = earlier.find((r) => r.state === 'pending' || r.state === 'approved');
    if (open !== undefined && open.fingerprints.sha256 !== fingerprints.sha256) {
      return refusal(context, frame, { code: 'transaction-reused', text: 'another request with this transactionID is waiting; finish it or use a new transactionID' }, { requestId: open.id });
    }
    const same = open ?? earlier.find((r) => r.fingerprints.sha256 === fingerprints.sha256 && isCurrent(deps, r));
    if (same !== undefined && !(await signedByIssued(deps, frame, same))) return tell(deps, context, frame, same, opened.csr.challengePassword);
    const received = await receive(deps, { ...opened, generation: context.identity.generation, source, userAgent, lookedUpAt, known: earlier.map((r) => r.id) }, facts);
    if (received.ok) {
      deps.seen.remember(endpoint.id, frame.messageSha256, received.value.request.id);
      const { request, certificate } = received.value;
      if (certificate === undefined) return waiting(request);
      return success(deps, context, request, certificate, opened.csr.challengePassword, opened.envelope);
    }
    if (received.error.code === 'overtaken') continue;
    return refusal(context, frame, received.error);
  }
  return { reply: { kind: 'pending' }, code: 'pending', text: 'The same request is being answered at this moment.' };
}

/** A renewal with the same key and transactionID is signed by the certificate that the transaction issued: a new one (SCEP.md A10.5). */
async function signedByIssued(deps: AnswerDeps, frame: MessageFrame, request: EnrolmentRequest): Promise<boolean> {
  if (request.certificateId === null || frame.signer.selfSigned) return false;
  const record = await deps.store.read.certificate(request.certificateId);
  return record !== undefined && equalBytes(record.der, frame.signer.certificate);
}

const waiting = (request: EnrolmentRequest): Verdict => ({
  reply: { kind: 'pending' },
  code: request.state === 'approved' ? 'approved-unsigned' : 'pending',
  text: request.state === 'approved' ? 'Approved; the certificate comes when the CA key is at hand.' : 'The request waits for the administrator.',
  requestId: request.id,
});

function success(deps: AnswerDeps, context: Context, request: EnrolmentRequest, record: CertificateRecord, password: string | undefined, envelope: Verdict['envelope']): Verdict {
  const { endpoint } = context.operation;
  const generation = deps.directory.generation(record.authorityId, record.generation);
  const above = endpoint.caInCertRep && generation?.certificate ? [generation.certificate, ...generation.chain] : [];
  return {
    reply: { kind: 'success', certificates: [record.der, ...above] },
    code: 'issued',
    text: `The certificate for ${request.subject} was sent.`,
    requestId: request.id,
    ...(request.certificateId === null ? {} : { certificateId: request.certificateId }),
    password,
    ...(envelope === undefined ? {} : { envelope }),
  };
}

/** Tells a device the state of its request, and keeps that it was told. */
async function tell(deps: AnswerDeps, context: Context, frame: MessageFrame, request: EnrolmentRequest, password?: string): Promise<Verdict> {
  const now = deps.clock.now();
  switch (request.state) {
    case 'pending':
    case 'approved':
      deps.store.note({ transactions: [], seen: [{ id: request.id, at: now }] });
      return waiting(request);
    case 'issued': {
      const record = request.certificateId === null ? undefined : await deps.store.read.certificate(request.certificateId);
      if (record === undefined) throw new Error(`the issued request ${request.id} has no certificate`);
      if (record.state !== 'valid') return refusal(context, frame, { code: 'certificate-revoked', text: 'the certificate of this request has been revoked' }, { requestId: request.id });
      await markTold(deps, context, request);
      const stored: Verdict['envelope'] = { cipher: cipherOf(request.replyCipher), keyTransport: JSON.parse(request.replyKeyTransport) as KeyTransport };
      const challenge = frame.signer.canDecrypt ? undefined : (password ?? unsealCsr(deps, request)?.challengePassword);
      return success(deps, context, request, record, challenge, stored);
    }
    case 'refused': {
      const told = await markTold(deps, context, request);
      // Reopened at this very moment: it waits again.
      if (!told) return { reply: { kind: 'pending' }, code: 'pending', text: 'The request waits for the administrator.', requestId: request.id };
      return refusal(context, frame, { code: 'refused-by-admin', text: `the administrator refused the request: ${request.refusal?.reason ?? 'no reason given'}` }, { requestId: request.id });
    }
    case 'expired':
      return refusal(context, frame, { code: 'lapsed', text: 'the request waited too long and lapsed; enrol again' }, { requestId: request.id });
    case 'superseded':
      return refusal(context, frame, { code: 'superseded', text: 'a newer request of this device has taken its place' }, { requestId: request.id });
  }
}

const cipherOf = (name: string): CipherName => {
  if (!(name in CIPHERS)) throw new Error('a stored request names an unknown cipher');
  return name as CipherName;
};

/** False where the request changed meanwhile. */
async function markTold(deps: AnswerDeps, context: Context, request: EnrolmentRequest): Promise<boolean> {
  if (request.toldAt !== null) return true;
  const at = deps.clock.now();
  const actor: Actor = { kind: 'device', name: context.operation.source };
  const committed = await deps.store.commit({
    actor,
    at,
    expect: [{ kind: 'version', table: 'request', id: request.id, version: request.version }],
    changes: [{ kind: 'request-told', id: request.id, at }],
    audit: [{ action: 'request.tell', subject: `request:${request.id}`, outcome: 'ok', code: request.state, detail: {} }],
  });
  if (committed.ok) deps.events.publish('requests.changed', { id: request.id, state: request.state });
  return committed.ok;
}

/** CertPoll: known by endpoint, transactionID and signer key; its content is redundant and not opened (SCEP.md A7.16 to A7.18). */
async function poll(deps: AnswerDeps, context: Context, frame: MessageFrame): Promise<Verdict> {
  const [newest] = await deps.store.read.requestsOfTransaction(context.operation.endpoint.id, frame.transactionId, frame.signer.spkiSha256);
  if (newest === undefined) return refusal(context, frame, { code: 'unknown-transaction', text: 'no request with this transactionID and key is known here; enrol anew' });
  return tell(deps, context, frame, newest);
}

async function getCert(deps: AnswerDeps, context: Context, place: EnrolmentPlace, frame: MessageFrame, issuer: Uint8Array, serial: string): Promise<Verdict> {
  // A certificate is given only to somebody whom this authority has certified (SCEP.md A7.20).
  const asker = await signerRecordOf(deps, frame);
  if (asker === undefined || asker.authorityId !== place.authority.id || asker.state !== 'valid') {
    return refusal(context, frame, { code: 'not-our-signer', text: 'only a device with a valid certificate of this CA may ask for a certificate' });
  }
  const record = namesEqual(issuer, place.authority.subject) ? await deps.store.read.certificateBySerial(issuerHashOf(deps, place.authority.subject), serial) : undefined;
  if (record === undefined) return refusal(context, frame, { code: 'unknown-certificate', text: 'this CA has issued no certificate with that serial number' });
  return { reply: { kind: 'success', certificates: [record.der] }, code: 'sent', text: `The certificate ${record.serial} was sent.`, certificateId: record.id };
}

/** The CRL of the generation that issued the named serial, else of the one the envelope was addressed to; the issuer decides, not the serial (SCEP.md A7.21). */
async function getCrlBySerial(deps: AnswerDeps, context: Context, place: EnrolmentPlace, frame: MessageFrame, { issuer, serial, generation }: { readonly issuer: Uint8Array; readonly serial: string; readonly generation: number }): Promise<Verdict> {
  if (!namesEqual(issuer, place.authority.subject)) return refusal(context, frame, { code: 'no-crl', text: 'the CRL of another issuer was asked for' });
  const named = await deps.store.read.certificateBySerial(issuerHashOf(deps, place.authority.subject), serial);
  const crl = await deps.store.read.latestCrl(place.authority.id, named?.generation ?? generation);
  if (crl === undefined) return refusal(context, frame, { code: 'no-crl', text: 'there is no CRL yet' });
  return { reply: { kind: 'crl', crl: crl.der }, code: 'sent', text: `CRL number ${crl.number} was sent.` };
}

/**
 * Whose SCEP key signs the answer: the one that the envelope was addressed to, for a device verifies with the certificate that it fetched, and after
 * a renewal of the SCEP key that is still the former one. What names none of ours is answered by the one that is given out now.
 */
function signerOf(deps: AnswerDeps, context: Context, outcome: Readable): ScepIdentity {
  const named = outcome.kind === 'fault' ? outcome.recipientId : outcome.envelope?.recipientId;
  const identity = named === undefined ? undefined : deps.directory.scepIdentities(context.operation.endpoint.authorityId).find(({ id }) => id === named);
  return identity !== undefined && deps.scepKeys.has(identity.keyId) ? identity : context.identity;
}

async function seal(deps: AnswerDeps, context: Context, outcome: Readable, verdict: Verdict): Promise<Uint8Array> {
  const { endpoint, source } = context.operation;
  const envelope = (outcome.kind === 'request' ? outcome.envelope : undefined) ?? verdict.envelope ?? DEFAULT_ENVELOPE;
  const record = transactionOf(deps, context, outcome, verdict);
  const signer = signerOf(deps, context, outcome);
  if (verdict.audit === undefined) deps.store.note({ transactions: [record], seen: [] });
  else await deps.store.commit({ actor: { kind: 'device', name: source }, at: record.at, expect: [], changes: [], audit: [verdict.audit], transactions: [record] });
  return deps.scepKeys.seal(
    verdict.reply,
    outcome.frame,
    {
      signerCertificate: signer.certificate,
      cipher: envelope.cipher,
      keyTransport: envelope.keyTransport,
      emptyContent: endpoint.emptyContent === 'auto' ? context.operation.emptyContent : endpoint.emptyContent === 'empty',
      password: verdict.password,
    },
    signer.keyId,
  );
}

const OUTCOMES = { success: 'success', crl: 'success', pending: 'pending', failure: 'failure' } as const;

function transactionOf(deps: AnswerDeps, context: Context, outcome: Readable, verdict: Verdict): TransactionRecord {
  const now = deps.clock.now();
  const envelope = outcome.kind === 'request' ? outcome.envelope : undefined;
  const { operation } = context;
  return {
    at: now,
    source: operation.source,
    path: operation.path,
    endpointId: operation.endpoint.id,
    operation: outcome.type ?? `messageType ${outcome.frame.messageType}`,
    transactionId: outcome.frame.transactionId,
    outcome: OUTCOMES[verdict.reply.kind],
    code: verdict.code,
    text: verdict.text,
    requestId: verdict.requestId ?? null,
    certificateId: verdict.certificateId ?? null,
    algorithms: [envelope?.cipher, outcome.frame.digest, operation.method].filter((x) => x !== undefined).join(', '),
    milliseconds: Math.max(0, now - context.startedAt),
    client: guessClient(operation.userAgent),
    subject: outcome.kind === 'request' && outcome.content.kind === 'csr' ? nameToText(outcome.content.csr.subject) : null,
  };
}

function note(deps: AnswerDeps, context: Context, what: Pick<TransactionRecord, 'operation' | 'transactionId' | 'outcome' | 'text'> & { readonly code: AnswerCode }): void {
  const now = deps.clock.now();
  const { operation } = context;
  deps.store.note({
    transactions: [{ at: now, source: operation.source, path: operation.path, endpointId: operation.endpoint.id, requestId: null, certificateId: null, algorithms: operation.method, milliseconds: Math.max(0, now - context.startedAt), client: guessClient(operation.userAgent), subject: null, ...what }],
    seen: [],
  });
}
