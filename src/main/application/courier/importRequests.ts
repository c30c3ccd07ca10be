/**
 * The signer takes the listener's file: revocations asked for are made, the listener's own keys get their certificates, requests come into the queue, what
 * the listener has closed is closed here. One change-set holds the requests and the file's mark; what comes before it may be done twice without harm,
 * so a kill at any moment loses nothing, and the same file completes it.
 */
import { toHex } from '../../core/lib/bytes.ts';
import { err, ok } from '../../core/lib/result.ts';
import type { Actor, AuditEvent } from '../../core/ca/audit.ts';
import type { Authority } from '../../core/ca/authority.ts';
import { type CourierItem, type CourierLink, courierOcspDays, resumeAfter } from '../../core/ca/courier.ts';
import type { CarriedRequest, RequestsPayload } from '../../core/ca/courierPayload.ts';
import type { EnrolmentRequest, Finding } from '../../core/ca/enrolment.ts';
import { plainText } from '../../core/pki/text.ts';
import { approveRequest } from '../approve.ts';
import { certifyKey } from '../authorities/certifyKey.ts';
import { revokeCertificate } from '../certificates.ts';
import type { Outcome } from '../deps.ts';
import { type EnrolmentPlace, placeOf } from '../enrolment.ts';
import { issuerHashOf } from '../issue.ts';
import type { Change, Expectation } from '../ports/store.ts';
import { judgeArrival } from './arrivals.ts';
import { type CourierDeps, STALE } from './deps.ts';
import { type OpenedFile, missingFiles, openSealed, refuseFile } from './files.ts';
import { noteFollowers } from './followers.ts';

export interface ImportedRequests {
  readonly link: CourierLink;
  readonly sequence: number;
  readonly already: boolean;
  readonly arrived: number;
  readonly issued: number;
  readonly known: number;
  readonly closed: number;
  readonly revoked: number;
  readonly certificates: number;
  readonly findings: readonly Finding[];
}

type Opened = OpenedFile<RequestsPayload>;

/** Takes a file of requests in. Refused: what is wrong with the file, locked, courier-no-endpoint. */
export async function importRequests(deps: CourierDeps, input: { readonly bytes: Uint8Array; readonly acceptGranted: boolean }, actor: Actor): Outcome<ImportedRequests> {
  const opened = openSealed(deps, 'requests', input.bytes);
  if (!opened.ok) return refuseFile(deps, input.bytes, opened.error, actor);
  const { link, mark, already } = opened.value;
  const authority = deps.directory.authority(link.authorityId);
  const place = authority === undefined ? undefined : placeFor(deps, authority);
  if (authority === undefined || place === undefined) return refuseFile(deps, input.bytes, { code: 'courier-no-endpoint', message: 'The authority has no endpoint here, and so no profile for what it signs.', hint: 'Make one; only its profile counts.' }, actor);
  const none = { arrived: 0, known: 0, closed: 0, revoked: 0, certificates: 0 };
  if (already) return ok({ link, sequence: mark.sequence, already, ...none, issued: input.acceptGranted ? await issueGranted(deps, link, actor) : 0, findings: [] });

  const findings: Finding[] = missingFiles(opened.value);
  const revoked = await revokeWished(deps, authority, opened.value, findings, actor);
  const certificates = await certifyOwnKeys(deps, authority, opened.value, findings, actor);
  const taken = await takeIn(deps, opened.value, place, findings, actor);
  if (!taken.ok) return taken;
  await noteFollowers(deps, authority.id, link.peer.name, opened.value.payload.followers);
  const issued = input.acceptGranted ? await issueGranted(deps, taken.value.link, actor) : 0;
  return ok({ link: taken.value.link, sequence: mark.sequence, already, arrived: taken.value.arrived, known: taken.value.known, closed: taken.value.closed, issued, revoked, certificates, findings });
}

/** Under which endpoint, and so which profile, requests for this authority are judged: the signer's own, whatever the listener's is. */
function placeFor(deps: CourierDeps, authority: Authority): EnrolmentPlace | undefined {
  const [endpoint] = deps.directory.endpoints().filter(({ authorityId }) => authorityId === authority.id);
  return endpoint === undefined ? undefined : placeOf(deps, endpoint);
}

/** As at the device door: what was addressed to the next generation, while it is published, is that one's matter. */
const placeAsked = (deps: CourierDeps, place: EnrolmentPlace, asked: number): EnrolmentPlace => placeOf(deps, place.endpoint, { asked }) ?? place;

async function revokeWished(deps: CourierDeps, authority: Authority, { payload, link }: Opened, findings: Finding[], actor: Actor): Promise<number> {
  const issuerHash = issuerHashOf(deps, authority.subject);
  let revoked = 0;
  for (const { serial, reason } of payload.revocations) {
    const record = await deps.store.read.certificateBySerial(issuerHash, serial);
    if (record === undefined || record.authorityId !== authority.id) {
      findings.push({ code: 'courier-unknown-certificate', severity: 'warning', text: `“${plainText(link.peer.name)}” wants the certificate ${serial} revoked, which this authority has not issued.` });
      continue;
    }
    // A listener is the devices' matter: whoever captured it must not take down a CA, or the successor's keys, by a file.
    if (record.kind !== 'device') {
      findings.push({ code: 'courier-not-a-device', severity: 'danger', text: `“${plainText(link.peer.name)}” wants the certificate ${serial} revoked, which is no device’s (${record.kind}). It was not: do that here, if it is meant.` });
      continue;
    }
    const done = await revokeCertificate(deps, { id: record.id, reason }, actor);
    if (done.ok) revoked += 1;
    else if (done.error.code !== 'already-revoked') findings.push({ code: done.error.code, severity: 'warning', text: `${serial}: ${done.error.message}` });
  }
  return revoked;
}

async function certifyOwnKeys(deps: CourierDeps, authority: Authority, { payload, link }: Opened, findings: Finding[], actor: Actor): Promise<number> {
  let made = 0;
  const seen = new Set<string>();
  for (const { kind, generation: number, csr } of payload.wanted) {
    const place = `${kind} ${number}`;
    const generation = deps.directory.generation(authority.id, number);
    const fault = seen.has(place) ? 'it asks for two of one kind' : !generation?.certificate || !deps.signers.has(generation.keyId) ? `the key of generation ${number} is not here` : undefined;
    seen.add(place);
    const done = fault !== undefined || generation === undefined ? err(fault ?? '') : await certifyKey(deps, { authority, generation, kind, csr, ocspDays: courierOcspDays(deps.directory.settings().crlDays), holder: link.peer.name }, actor);
    if (!done.ok) findings.push({ code: 'courier-key-refused', severity: 'warning', text: `A key of “${plainText(link.peer.name)}” got no certificate: ${done.error}.` });
    else if (done.value.made) made += 1;
  }
  return made;
}

interface Sorted {
  readonly changes: readonly Change[];
  readonly expect: readonly Expectation[];
  readonly audit: readonly AuditEvent[];
  readonly arrived: number;
  readonly known: number;
  readonly closed: number;
}

async function takeIn(deps: CourierDeps, opened: Opened, place: EnrolmentPlace, findings: Finding[], actor: Actor): Outcome<{ readonly link: CourierLink; readonly arrived: number; readonly known: number; readonly closed: number }> {
  const { link, mark, payload } = opened;
  const sorted = await sortRequests(deps, opened, place, findings);
  const { sent, putBack } = resumeAfter(link.sent, payload.ack, mark.at);
  if (putBack) findings.push({ code: 'courier-put-back', severity: 'warning', text: `“${plainText(link.peer.name)}” has seen later files than this machine remembers: was it restored from a backup? Certificates that were issued since are not known here.` });
  const total = (await deps.store.read.certificates({ authorityId: place.authority.id, limit: 1 }, mark.at)).total;
  if (payload.have > total) findings.push({ code: 'courier-have-more', severity: 'danger', text: `“${plainText(link.peer.name)}” knows ${payload.have} certificates of this authority, and this machine ${total}. What it does not know it cannot revoke.` });
  const after: CourierLink = { ...link, version: link.version + 1, received: mark, sent, peerGot: payload.ack?.sequence ?? 0, delivered: deliveredBy(link, payload) };
  const { arrived, known, closed } = sorted;
  const committed = await deps.store.commit({
    actor,
    at: mark.at,
    expect: [{ kind: 'version', table: 'courierLink', id: link.id, version: link.version }, ...sorted.expect],
    changes: [{ kind: 'put', table: 'courierLink', value: after }, ...sorted.changes],
    audit: [{ action: 'courier.import', subject: `courier:${link.id}`, outcome: 'ok', code: 'requests', detail: { sequence: mark.sequence, sha256: mark.sha256, arrived, known, closed } }, ...sorted.audit],
  });
  if (!committed.ok) return err(STALE);
  await deps.directory.refresh();
  deps.events.publish('requests.changed');
  deps.events.publish('status.changed');
  return ok({ link: after, arrived, known, closed });
}

/** How many certificates the listener has for certain; none, where it has fewer than it should: it was put back, and gets all of them again. */
function deliveredBy({ deliveries }: CourierLink, { ack, have }: RequestsPayload): number {
  const { upTo, leftOut = 0 } = deliveries.find(({ sequence }) => sequence === ack?.sequence) ?? { upTo: 0 };
  return have >= upTo - leftOut ? upTo : 0;
}

async function sortRequests(deps: CourierDeps, { link, payload }: Opened, place: EnrolmentPlace, findings: Finding[]): Promise<Sorted> {
  const changes: Change[] = [];
  const expect: Expectation[] = [];
  const audit: AuditEvent[] = [];
  const items = new Map((await deps.store.read.courierItems(link.id)).map((item) => [item.id, item]));
  const listed = new Set<string>();
  let [arrived, known, closed] = [0, 0, 0];
  for (const carried of payload.requests) {
    if (listed.has(carried.id)) continue;
    listed.add(carried.id);
    const there = await deps.store.read.request(carried.id);
    const judged = there === undefined || isOver(there) ? await judgeArrival(deps, carried, placeAsked(deps, place, carried.generation), link.peer.name) : undefined;
    if (judged?.ok === false) {
      findings.push({ code: 'courier-request-unusable', severity: 'warning', text: judged.error });
      continue;
    }
    if (there !== undefined && !isSame(deps, there, carried, link.authorityId)) {
      findings.push({ code: 'courier-request-differs', severity: 'danger', text: `A request from “${plainText(link.peer.name)}” bears the id of another one here: it was left out.` });
      continue;
    }
    if (judged !== undefined) {
      const request: EnrolmentRequest = there === undefined ? judged.value.request : { ...there, state: 'pending', version: there.version + 1, proof: judged.value.request.proof, findings: judged.value.request.findings, expiresAt: judged.value.request.expiresAt };
      changes.push({ kind: 'put', table: 'request', value: request }, { kind: 'put', table: 'courierItem', value: { id: carried.id, linkId: link.id, granted: judged.value.granted, sentIn: null } });
      expect.push(there === undefined ? { kind: 'absent', table: 'request', id: carried.id } : { kind: 'version', table: 'request', id: there.id, version: there.version });
      audit.push(receivedEvent(request, link, judged.value.granted));
      arrived += 1;
    } else {
      // It still waits for the answer, which is sent again: what was sent did not arrive, or crossed this file.
      if (!items.has(carried.id)) changes.push({ kind: 'put', table: 'courierItem', value: { id: carried.id, linkId: link.id, granted: false, sentIn: null } });
      known += 1;
    }
  }
  for (const item of items.values()) {
    if (listed.has(item.id)) continue;
    const gone = await closeItem(deps, item, link, payload);
    changes.push(...gone.changes);
    expect.push(...gone.expect);
    audit.push(...gone.audit);
    closed += gone.audit.length;
  }
  return { changes, expect, audit, arrived, known, closed };
}

const isOver = ({ state }: EnrolmentRequest): boolean => state === 'expired' || state === 'superseded';

/** Ids are chosen by the listener: one that is here already counts only where it is for the very same. */
const isSame = (deps: CourierDeps, there: EnrolmentRequest, carried: CarriedRequest, authorityId: string): boolean =>
  there.authorityId === authorityId && there.fingerprints.sha256 === toHex(deps.crypto.digest('sha256', carried.csr)) && there.transactionId === plainText(carried.transactionId) && there.signerSpkiSha256 === carried.signerSpkiSha256;

/** No longer open at the listener: answered, or closed there. */
async function closeItem(deps: CourierDeps, item: CourierItem, link: CourierLink, { complete, ack }: RequestsPayload): Promise<Pick<Sorted, 'changes' | 'expect' | 'audit'>> {
  const answered = item.sentIn !== null && item.sentIn <= (ack?.sequence ?? 0);
  if (!answered && !complete) return { changes: [], expect: [], audit: [] };
  const remove: Change = { kind: 'remove', table: 'courierItem', id: item.id };
  const request = await deps.store.read.request(item.id);
  if (answered || request?.state !== 'pending') return { changes: request?.state === 'issued' && !answered ? [] : [remove], expect: [], audit: [] };
  return {
    changes: [{ kind: 'put', table: 'request', value: { ...request, state: 'superseded', version: request.version + 1 } }, remove],
    expect: [{ kind: 'version', table: 'request', id: request.id, version: request.version }],
    audit: [{ action: 'request.supersede', subject: `request:${request.id}`, outcome: 'ok', code: 'closed-by-listener', detail: { courier: link.id } }],
  };
}

const receivedEvent = (request: EnrolmentRequest, link: CourierLink, granted: boolean): AuditEvent => ({
  action: 'request.receive',
  subject: `request:${request.id}`,
  outcome: 'ok',
  code: 'held',
  detail: { subject: request.subject, names: request.subjectAltNames.join(', '), csrSha256: request.fingerprints.sha256, transaction: request.transactionId, endpoint: request.endpointId, proof: request.proof.kind, courier: link.id, grantedThere: granted, renews: request.proof.kind === 'certificate' ? request.proof.serial : null },
});

/** Issues what was granted there and waits here; one that cannot be issued stays in the queue. */
async function issueGranted(deps: CourierDeps, link: CourierLink, actor: Actor): Promise<number> {
  let issued = 0;
  for (const item of await deps.store.read.courierItems(link.id)) {
    const request = item.granted ? await deps.store.read.request(item.id) : undefined;
    if (request?.state !== 'pending') continue;
    const done = await approveRequest(deps, { id: request.id, version: request.version, spkiSha256: request.fingerprints.spkiSha256, reason: 'granted at the listener' }, actor);
    if (done.ok && done.value.state === 'issued') issued += 1;
  }
  return issued;
}
