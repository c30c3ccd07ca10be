/** The authority and its generations as the signer has them: made here with the first file, kept equal by the later ones. Its key is never here. */
import { equalBytes, toHex } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Authority, Generation } from '../../core/ca/authority.ts';
import type { CourierLink } from '../../core/ca/courier.ts';
import type { CarriedGeneration, CertificatesPayload } from '../../core/ca/courierPayload.ts';
import type { Endpoint } from '../../core/ca/endpoint.ts';
import { SEED_PROFILES } from '../../core/ca/profile.ts';
import { type Certificate, keyIdentifierOf, parseCertificate } from '../../core/pki/certificate.ts';
import { nameToText } from '../../core/pki/names.ts';
import { namesFrom } from '../authorities/arrival.ts';
import { refuseTakenName } from '../authorities/naming.ts';
import { ENDPOINT_DEFAULTS } from '../endpoints.ts';
import { newId } from '../issue.ts';
import type { Change } from '../ports/store.ts';
import type { BringProblem, Bringing, BroughtAuthority } from './bringing.ts';
import type { CourierDeps } from './deps.ts';

const damaged = (text: string): { readonly ok: false; readonly error: BringProblem } => err({ code: 'courier-damaged', text });

type Certified = Generation & { readonly certificate: Uint8Array };

/** Puts authority and generations where they differ from what is here. */
export function takeAuthority(deps: CourierDeps, link: CourierLink, { authority: carried }: CertificatesPayload, bringing: Bringing): Result<BroughtAuthority, BringProblem> {
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
  for (const { generation, certificate } of certificates) {
    const brought = generationOf(deps, authority.value, generation, certificate, bringing);
    if (!brought.ok) return brought;
    generations.set(generation.number, brought.value);
  }
  return ok({ authority: authority.value, generations });
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
