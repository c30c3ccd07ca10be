/**
 * The authority and its generations as the signer has them: made here with the first file, kept equal by the later ones. Its key is never here.
 * An activation that both machines made at its date is no difference; where the signer decided otherwise, its word counts.
 */
import { equalBytes, toHex } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import { type Authority, type Generation, NOT_NEXT, keyAlgorithmOf } from '../../core/ca/authority.ts';
import type { CourierLink } from '../../core/ca/courier.ts';
import type { CarriedAuthority, CarriedGeneration, CertificatesPayload } from '../../core/ca/courierPayload.ts';
import type { Endpoint } from '../../core/ca/endpoint.ts';
import { SEED_PROFILES } from '../../core/ca/profile.ts';
import type { RolloverDates } from '../../core/ca/rollover.ts';
import { type Certificate, keyIdentifierOf, parseCertificate } from '../../core/pki/certificate.ts';
import { nameToText } from '../../core/pki/names.ts';
import { namesFrom } from '../authorities/arrival.ts';
import { refuseTakenName } from '../authorities/naming.ts';
import { ENDPOINT_DEFAULTS } from '../endpoints.ts';
import { newId } from '../issue.ts';
import type { Change } from '../ports/store.ts';
import { joinAnnouncement } from '../rollover/announce.ts';
import { datesOf, historySetting, readHistory } from '../rollover/steps.ts';
import type { BringProblem, Bringing, BroughtAuthority } from './bringing.ts';
import type { CourierDeps } from './deps.ts';

const damaged = (text: string): { readonly ok: false; readonly error: BringProblem } => err({ code: 'courier-damaged', text });

type Certified = Generation & { readonly certificate: Uint8Array };

/** Puts authority and generations where they differ from what is here. */
export async function takeAuthority(deps: CourierDeps, link: CourierLink, payload: CertificatesPayload, bringing: Bringing): Promise<Result<BroughtAuthority, BringProblem>> {
  const carried = { ...payload.authority, generations: asActivatedHere(deps, payload.authority) };
  if (carried.id !== link.authorityId) return damaged('it is about another authority than the pairing');
  const read = carried.generations.map((generation) => ({ generation, certificate: parseCertificate(generation.certificate) }));
  const certificates = read.flatMap(({ generation, certificate }) => (certificate.ok ? [{ generation, certificate: certificate.value }] : []));
  const current = certificates.filter(({ generation }) => generation.state === 'current');
  const [first] = current;
  if (first === undefined || current.length !== 1 || certificates.length !== read.length || new Set(certificates.map(({ generation }) => generation.number)).size !== read.length) return damaged('its CA certificates cannot be read');
  if (certificates.some(({ certificate }) => !equalBytes(certificate.subject, first.certificate.subject))) return damaged('its CA certificates are of different authorities');
  const authority = authorityOf(deps, carried, first.certificate, bringing);
  if (!authority.ok) return authority;
  const generations = new Map<number, Certified>();
  for (const { generation: announced, certificate } of certificates) {
    const generation = await joined(deps, carried.id, announced, first);
    if (generation === undefined) return damaged('what it announces of the next CA does not verify');
    const brought = generationOf(deps, authority.value, generation, certificate, bringing);
    if (!brought.ok) return brought;
    generations.set(generation.number, brought.value);
  }
  const gone = deps.directory.generations(carried.id).filter(({ number }) => !generations.has(number));
  const withdrawn = await withdrawGone(deps, gone, first.generation.number, bringing);
  if (!withdrawn.ok) return withdrawn;
  await tellSteps(deps, authority.value, generations, gone, bringing);
  return ok({ authority: keepKind(deps, authority.value, first.certificate, bringing), generations, gone });
}

/** What devices are told of the next CA, proven by the current one; undefined where it does not hold. */
async function joined(deps: CourierDeps, authorityId: string, generation: CarriedGeneration, current: { readonly generation: CarriedGeneration; readonly certificate: Certificate }): Promise<CarriedGeneration | undefined> {
  if (generation.announcement === null) return generation;
  const { spki, der } = current.certificate;
  const answer = await joinAnnouncement(deps, { authorityId, spki, certificate: der }, generation.announcement);
  return answer.ok ? { ...generation, announcement: answer.value } : undefined;
}

/** A file that was written before a date which has come since: what it announced for that date was done here, and is no difference. */
function asActivatedHere(deps: CourierDeps, { id, generations }: CarriedAuthority): readonly CarriedGeneration[] {
  const current = deps.directory.currentGeneration(id);
  const announced = generations.find(({ state, number, publishedAt, activateAt }) => state === 'next' && number === current?.number && publishedAt !== null && activateAt !== null && activateAt <= deps.clock.now());
  if (announced === undefined) return generations;
  return generations.map((one) => (one === announced ? { ...one, state: 'current', ...NOT_NEXT } : one.state === 'current' ? { ...one, state: 'previous' } : one));
}

/** Its keys here go with it. One that has issued is not forgotten for a file that does not know it. */
async function withdrawGone(deps: CourierDeps, gone: readonly Generation[], current: number, bringing: Bringing): Promise<Result<void, BringProblem>> {
  for (const { authorityId, number, state, version } of gone) {
    const inUse = state !== 'next' && (state !== 'current' || (await deps.store.read.countIssuedBy(authorityId, number, 0)) > 0);
    if (inUse) return err({ code: 'courier-rollback', text: `generation ${number}, which is in use here, is not in it: the signing machine was put back to an older state` });
    const id = `${authorityId}/${number}`;
    bringing.expect.push({ kind: 'version', table: 'generation', id, version });
    bringing.changes.push({ kind: 'remove', table: 'generation', id });
    bringing.audit.push({ action: 'authority.generation', subject: `authority:${id}`, outcome: 'ok', code: 'withdrawn', detail: { before: state, current } });
  }
  return ok(undefined);
}

/** The current generation decides what kind of key the authority has. */
function keepKind(deps: CourierDeps, authority: Authority, { publicKey }: Certificate, bringing: Bringing): Authority {
  const keyAlgorithm = keyAlgorithmOf(publicKey) ?? authority.keyAlgorithm;
  if (keyAlgorithm === authority.keyAlgorithm || deps.directory.authority(authority.id) === undefined) return authority;
  const after: Authority = { ...authority, keyAlgorithm, version: authority.version + 1 };
  bringing.expect.push({ kind: 'version', table: 'authority', id: authority.id, version: authority.version });
  bringing.changes.push({ kind: 'put', table: 'authority', value: after });
  return after;
}

/** The dates by which followers are counted here, and what was undone: at the listener it had come about by its date already. */
async function tellSteps(deps: CourierDeps, { id, commonName }: Authority, generations: BroughtAuthority['generations'], gone: readonly Generation[], bringing: Bringing): Promise<void> {
  let history = await readHistory(deps, id);
  const before = history;
  const note = (number: number, dates: RolloverDates | null): void => void (history = datesOf(history, number, dates));
  const now = deps.clock.now();
  for (const { number, state, publishedAt, activateAt } of generations.values()) {
    const was = deps.directory.generation(id, number)?.state;
    if (state === 'next' && publishedAt !== null && (history.dates[number]?.publishedAt !== publishedAt || history.dates[number]?.activateAt !== activateAt)) note(number, { publishedAt, ...(activateAt === null ? {} : { activateAt }) });
    if (state === 'next' && publishedAt === null && (history.dates[number]?.publishedAt ?? 0) > 0) note(number, { publishedAt: 0 });
    if (state === 'current' && number > 1 && was !== 'current') note(number, { activatedAt: now });
    if (state === 'next' && was === 'current') note(number, { activatedAt: 0 });
    if (state === 'retired' && was !== 'retired') note(number, { retiredAt: now });
    if (state === 'previous' && was === 'retired') note(number, { retiredAt: 0 });
  }
  for (const { number } of gone) note(number, null);
  if (history !== before) bringing.changes.push({ kind: 'setting', key: historySetting(id), value: history });
  const undone = [...generations.values(), ...gone].find(({ number, state }) => deps.directory.generation(id, number)?.state === 'current' && (state === 'next' || !generations.has(number)));
  if (undone === undefined) return;
  bringing.audit.push({ action: 'rollover.undo', subject: `authority:${id}/${undone.number}`, outcome: 'ok', code: 'undone-by-courier', detail: { published: generations.get(undone.number)?.publishedAt !== null && generations.has(undone.number) } });
  bringing.findings.push({ code: 'courier-activation-undone', severity: 'warning', text: `Generation ${undone.number} of “${commonName}” had taken over here at its date; the signing machine undid or moved that, and the former one works again.` });
}

function authorityOf(deps: CourierDeps, carried: CertificatesPayload['authority'], certificate: Certificate, bringing: Bringing): Result<Authority, BringProblem> {
  const before = deps.directory.authority(carried.id);
  if (before !== undefined) return equalBytes(before.subject, certificate.subject) ? ok(before) : damaged('its authority has another name than before');
  if (deps.directory.authorityByNumber(carried.number) !== undefined) return err({ code: 'courier-number-taken', text: `an authority with the number ${carried.number} is on this machine already` });
  if (refuseTakenName(deps, certificate.subject) !== undefined) return err({ code: 'name-taken', text: `an authority called ${nameToText(certificate.subject)} is on this machine already` });
  const authority: Authority = { id: carried.id, number: carried.number, ...namesFrom(certificate), keyAlgorithm: carried.keyAlgorithm, scepKey: 'split', parentId: null, createdAt: deps.clock.now(), version: 1 };
  bringing.expect.push({ kind: 'absent', table: 'authority', id: authority.id });
  bringing.changes.push({ kind: 'put', table: 'authority', value: authority });
  bringing.audit.push({ action: 'authority.install', subject: `authority:${authority.id}`, outcome: 'ok', code: 'brought', detail: { commonName: authority.commonName, number: authority.number, key: authority.keyAlgorithm, scepKey: 'split' } });
  bringEndpoint(deps, authority, bringing);
  return ok(authority);
}

/** As a first authority does: the seed profiles and `/scep`, where that is free. */
function bringEndpoint(deps: CourierDeps, authority: Authority, { changes, expect, audit }: Bringing): void {
  changes.push(...SEED_PROFILES.filter(({ id }) => deps.directory.profile(id) === undefined).map((value): Change => ({ kind: 'put', table: 'profile', value })));
  if (deps.directory.endpointByPath('/scep') !== undefined) return;
  const endpoint: Endpoint = { ...ENDPOINT_DEFAULTS, id: newId(deps), path: '/scep', authorityId: authority.id, profileId: 'device' };
  expect.push({ kind: 'path-free', path: endpoint.path, endpointId: endpoint.id });
  changes.push({ kind: 'put', table: 'endpoint', value: endpoint });
  audit.push({ action: 'endpoint.save', subject: `endpoint:${endpoint.path}`, outcome: 'ok', code: 'created', detail: { profile: endpoint.profileId, authorization: endpoint.authorization, compatibility: endpoint.compatibility } });
}

function generationOf(deps: CourierDeps, authority: Authority, carried: CarriedGeneration, certificate: Certificate, bringing: Bringing): Result<Certified, BringProblem> {
  const before = deps.directory.generation(authority.id, carried.number);
  if (before !== undefined && !equalBytes(before.spki, certificate.spki)) return damaged(`generation ${carried.number} has another key than before`);
  const generation: Certified = {
    authorityId: authority.id,
    number: carried.number,
    state: carried.state,
    // In no table: it names a key that is elsewhere.
    keyId: before?.keyId ?? `courier:${authority.id}/${carried.number}`,
    spki: certificate.spki,
    certificate: certificate.der,
    chain: carried.chain,
    subjectKeyId: toHex(certificate.subjectKeyId ?? keyIdentifierOf(certificate.spki, deps.crypto)),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    activateAt: carried.activateAt,
    publishedAt: carried.publishedAt,
    announcement: carried.announcement,
    version: (before?.version ?? 0) + 1,
  };
  if (before !== undefined && isSame(before, generation)) return ok({ ...generation, version: before.version });
  const id = `${authority.id}/${carried.number}`;
  bringing.expect.push(before === undefined ? { kind: 'absent', table: 'generation', id } : { kind: 'version', table: 'generation', id, version: before.version });
  bringing.changes.push({ kind: 'put', table: 'generation', value: generation });
  bringing.audit.push({ action: 'authority.generation', subject: `authority:${id}`, outcome: 'ok', code: carried.state, detail: { sha256: toHex(deps.crypto.digest('sha256', certificate.der)), before: before?.state ?? null, published: carried.publishedAt !== null } });
  return ok(generation);
}

const sameBytes = (a: Uint8Array | null, b: Uint8Array | null): boolean => (a === null || b === null ? a === b : equalBytes(a, b));

function isSame(a: Generation, b: Generation): boolean {
  const chains = a.chain.length === b.chain.length && a.chain.every((der, i) => sameBytes(der, b.chain[i] ?? null));
  return chains && a.state === b.state && a.activateAt === b.activateAt && a.publishedAt === b.publishedAt && sameBytes(a.certificate, b.certificate) && sameBytes(a.announcement, b.announcement);
}
