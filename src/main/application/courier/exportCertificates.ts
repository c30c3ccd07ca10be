/**
 * The signer's file: every answer that the listener has not confirmed, the certificates that it lacks, all that is revoked now, a CRL of each generation,
 * and the generations themselves with what devices are told of the next one. It can be written again at will; a refusal that has left counts as told.
 */
import { err, ok } from '../../core/lib/result.ts';
import { toIso } from '../../core/lib/instant.ts';
import type { Actor } from '../../core/ca/audit.ts';
import type { CertificateRecord, CrlRecord } from '../../core/ca/certificateRecord.ts';
import { type CourierItem, type CourierLink, DELIVERIES_KEPT } from '../../core/ca/courier.ts';
import { type CarriedAnswer, type CarriedCertificate, type CertificatesPayload, MOST_CERTIFICATES, MOST_CONTENT_BYTES, MOST_REQUESTS } from '../../core/ca/courierPayload.ts';
import type { EnrolmentRequest, Finding } from '../../core/ca/enrolment.ts';
import type { ExportedFile } from '../certificates.ts';
import { publishCrl } from '../crls.ts';
import { readHistory } from '../rollover/steps.ts';
import type { Outcome } from '../deps.ts';
import type { Change, Expectation } from '../ports/store.ts';
import { carryAuthority } from './carried.ts';
import { type CourierDeps, LOCKED, STALE, courierFile, linkFor } from './deps.ts';
import { writeSealed } from './files.ts';

export interface CarriedCrl {
  readonly generation: number;
  readonly number: number;
  readonly nextUpdate: number;
}

export interface ExportedCertificates {
  readonly link: CourierLink;
  readonly file: ExportedFile;
  readonly sequence: number;
  readonly issued: number;
  readonly refused: number;
  readonly undecided: number;
  readonly revoked: number;
  readonly crls: readonly CarriedCrl[];
  readonly findings: readonly Finding[];
}

/** Writes the next file of certificates. Refused: locked, courier-not-paired, courier-several, not-found. */
export async function exportCertificates(deps: CourierDeps, input: { readonly link?: string | undefined; readonly everything: boolean }, actor: Actor): Outcome<ExportedCertificates> {
  if (deps.vault.state() !== 'open') return err(LOCKED);
  const found = linkFor(deps, 'signer', input.link);
  if (!found.ok) return found;
  const link = found.value;
  const authority = deps.directory.authority(link.authorityId);
  if (authority === undefined) return err({ code: 'not-found', message: 'The authority of this pairing is gone.' });
  const crls = await freshCrls(deps, authority.id, actor);
  const answers = await answersOf(deps, link);
  const news = await newCertificates(deps, link, input.everything ? 0 : link.delivered);
  const certificates = withAnswers(news.records, answers.certificates);
  const revoked = (await Promise.all((await everyGeneration(deps, authority.id)).map(async (number) => (await deps.store.read.revoked(authority.id, number, deps.clock.now())).map((entry) => ({ ...entry, generation: number }))))).flat();
  const payload: CertificatesPayload = {
    ack: link.received === null ? null : { sequence: link.received.sequence, sha256: link.received.sha256 },
    authority: carryAuthority(deps, authority),
    crls: crls.map(({ generation, number, der }) => ({ generation, number, der })),
    revoked: revoked.map(({ generation, serial, revokedAt, reason }) => ({ generation, serial, revokedAt, reason })),
    certificates: certificates.map(carry),
    answers: answers.answers,
    undecided: answers.undecided,
    more: news.more,
  };
  const written = writeSealed(deps, link, 'certificates', payload);
  if (!written.ok) return written;
  const { bytes, mark } = written.value;
  const after: CourierLink = { ...link, version: link.version + 1, sent: mark, deliveries: [...link.deliveries, { sequence: mark.sequence, upTo: news.upTo, leftOut: news.leftOut }].slice(-DELIVERIES_KEPT) };
  const issued = answers.answers.filter(({ certificateId }) => certificateId !== null).length;
  const counts = { issued, refused: answers.answers.length - issued, undecided: answers.undecided, revoked: revoked.length };
  const committed = await deps.store.commit({
    actor,
    at: mark.at,
    expect: [{ kind: 'version', table: 'courierLink', id: link.id, version: link.version }, ...answers.expect],
    changes: [
      { kind: 'put', table: 'courierLink', value: after },
      ...answers.items.map((item): Change => ({ kind: 'put', table: 'courierItem', value: { ...item, sentIn: item.sentIn ?? mark.sequence } })),
      ...answers.answers.map(({ id }): Change => ({ kind: 'request-told', id, at: mark.at })),
    ],
    audit: [{ action: 'courier.export', subject: `courier:${link.id}`, outcome: 'ok', code: 'certificates', detail: { sequence: mark.sequence, sha256: mark.sha256, certificates: certificates.length, ...counts } }],
  });
  if (!committed.ok) return err(STALE);
  await deps.directory.refresh();
  deps.events.publish('status.changed');
  return ok({ link: after, file: courierFile(link, `certificates-${mark.sequence}`, bytes), sequence: mark.sequence, ...counts, crls: crls.map(({ generation, number, nextUpdate }) => ({ generation, number, nextUpdate })), findings: findingsOf(deps, crls, news.more) });
}

/** Of those that were withdrawn too: what they had issued is revoked for good. */
async function everyGeneration(deps: CourierDeps, authorityId: string): Promise<readonly number[]> {
  const highest = Math.max((await readHistory(deps, authorityId)).highest, ...deps.directory.generations(authorityId).map(({ number }) => number));
  return Array.from({ length: highest }, (_, i) => i + 1);
}

/** Published now, so that the listener can serve each as long as it can be. Where a generation's key is away or destroyed, its last one. */
async function freshCrls(deps: CourierDeps, authorityId: string, actor: Actor): Promise<readonly CrlRecord[]> {
  const crls: CrlRecord[] = [];
  for (const number of await everyGeneration(deps, authorityId)) {
    const published = deps.directory.generation(authorityId, number)?.certificate ? await publishCrl(deps, { authorityId, generation: number }, actor) : undefined;
    const crl = published?.ok === true ? published.value : await deps.store.read.latestCrl(authorityId, number);
    if (crl !== undefined) crls.push(crl);
  }
  return crls;
}

interface Answers {
  readonly answers: readonly CarriedAnswer[];
  readonly items: readonly CourierItem[];
  readonly certificates: readonly CertificateRecord[];
  readonly expect: readonly Expectation[];
  readonly undecided: number;
}

async function answersOf(deps: CourierDeps, link: CourierLink): Promise<Answers> {
  const answers: CarriedAnswer[] = [];
  const items: CourierItem[] = [];
  const certificates: CertificateRecord[] = [];
  const expect: Expectation[] = [];
  let undecided = 0;
  for (const item of (await deps.store.read.courierItems(link.id)).slice(0, MOST_REQUESTS)) {
    const request = await deps.store.read.request(item.id);
    const answer = request === undefined ? undefined : await answerOf(deps, request);
    if (request === undefined || answer === undefined) {
      undecided += 1;
      continue;
    }
    const record = answer.certificateId === null ? undefined : await deps.store.read.certificate(answer.certificateId);
    if (record !== undefined) certificates.push(record);
    answers.push(answer);
    items.push(item);
    // A refusal could be taken back at this very moment.
    expect.push({ kind: 'version', table: 'request', id: request.id, version: request.version });
  }
  return { answers, items, certificates, expect, undecided };
}

/** A certificate whose generation was withdrawn meanwhile is worth nothing, and the device asks again. */
async function answerOf(deps: CourierDeps, { id, state, certificateId, refusal, decidedAt, decidedBy, receivedAt }: EnrolmentRequest): Promise<CarriedAnswer | undefined> {
  const common = { id, decidedAt: decidedAt ?? receivedAt, decidedBy: decidedBy ?? 'policy' };
  if (state === 'issued' && certificateId !== null) {
    const record = await deps.store.read.certificate(certificateId);
    return record !== undefined && isHere(deps, record) ? { ...common, certificateId, reason: null } : { ...common, certificateId: null, reason: 'the next CA was withdrawn before its certificate arrived' };
  }
  return state === 'refused' ? { ...common, certificateId: null, reason: refusal?.reason ?? 'refused by the administrator' } : undefined;
}

const PAGE = 500;

/** Nobody could check a certificate of a generation that was withdrawn. */
const isHere = ({ directory }: CourierDeps, { authorityId, generation }: CertificateRecord): boolean => directory.generation(authorityId, generation) !== undefined;

interface News {
  readonly records: readonly CertificateRecord[];
  readonly upTo: number;
  /** Of these, not in any file. */
  readonly leftOut: number;
  readonly more: boolean;
}

/** Rows are only ever added, so what the listener lacks is the newest ones: as many as there are more than it has. Oldest first. */
async function newCertificates(deps: CourierDeps, { authorityId, deliveries }: CourierLink, delivered: number): Promise<News> {
  const records: CertificateRecord[] = [];
  let cursor: string | undefined;
  let lacking = Infinity;
  do {
    const page = await deps.store.read.certificates({ authorityId, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }, deps.clock.now());
    if (lacking === Infinity) lacking = Math.max(0, page.total - delivered);
    records.push(...page.items.slice(0, lacking - records.length));
    cursor = page.nextCursor;
  } while (cursor !== undefined && records.length < lacking);
  let bytes = 0;
  const sent = records.reverse().slice(0, MOST_CERTIFICATES).filter(({ der }) => (bytes += der.length) <= MOST_CONTENT_BYTES);
  const carried = sent.filter((record) => isHere(deps, record));
  const before = delivered === 0 ? 0 : (deliveries.findLast(({ upTo }) => upTo === delivered)?.leftOut ?? 0);
  return { records: carried, upTo: delivered + sent.length, leftOut: before + sent.length - carried.length, more: sent.length < lacking };
}

const withAnswers = (news: readonly CertificateRecord[], answered: readonly CertificateRecord[]): readonly CertificateRecord[] => [...new Map([...news, ...answered].map((record) => [record.id, record])).values()];

const carry = ({ id, kind, generation, requestId, profileId, renews, issuedAt, der }: CertificateRecord): CarriedCertificate => ({ id, kind, generation, requestId, profileId, renews, issuedAt, der });

function findingsOf(deps: CourierDeps, crls: readonly CrlRecord[], more: boolean): readonly Finding[] {
  const findings: Finding[] = [];
  const first = crls.length === 0 ? undefined : Math.min(...crls.map(({ nextUpdate }) => nextUpdate));
  if (first !== undefined) findings.push({ code: 'courier-run-before', severity: 'info', text: `The revocation list in it ends at ${toIso(first)}: the next run must come before. A longer life is set under Settings.` });
  if (more) findings.push({ code: 'courier-more', severity: 'notice', text: 'Not all certificates found room in this file: the rest comes with the next ones.' });
  if (deps.directory.settings().publicBaseUrl === null) findings.push({ code: 'no-public-base-url', severity: 'notice', text: 'No public base URL is set here, so the certificates carry no revocation-list or issuer address. Set it to the address of the machine on the network.' });
  return findings;
}
