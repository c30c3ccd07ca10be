/** Authorities: making one (self-signed, or under one that is here), listing, exporting its certificate. */
import { err, ok } from '../core/lib/result.ts';
import { toHex, toPem, utf8 } from '../core/lib/bytes.ts';
import { type Authority, type Generation, type KeyAlgorithm, type ScepIdentity, type ScepKeyMode, type StoredKey, needsSplit } from '../core/ca/authority.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { CertificateRecord } from '../core/ca/certificateRecord.ts';
import type { Endpoint } from '../core/ca/endpoint.ts';
import { planAuthority, planScepKey } from '../core/ca/identity.ts';
import { lintPlan } from '../core/ca/lint.ts';
import type { CertificatePlan, PlannedIssuer } from '../core/ca/plan.ts';
import { SEED_PROFILES } from '../core/ca/profile.ts';
import { parsePublicKey } from '../core/pki/algorithms.ts';
import { keyIdentifierOf } from '../core/pki/certificate.ts';
import { type Fingerprints, fingerprintsOf } from '../core/pki/fingerprints.ts';
import { namesEqual, writeName } from '../core/pki/names.ts';
import { writeCertsOnly } from '../core/pki/signedData.ts';
import { OID } from '../core/pki/oids.ts';
import type { ExportedFile } from './certificates.ts';
import { makeCrl } from './crls.ts';
import type { Deps, Outcome, Refusal } from './deps.ts';
import { ENDPOINT_DEFAULTS } from './endpoints.ts';
import { type IssuingDeps, type PreparedIssuance, issuedChanges, issuing, newId, plannedIssuer, prepareIssuance, revocationUrls, signIntent } from './issue.ts';
import type { Change, Expectation } from './ports/store.ts';

export interface AuthorityView {
  readonly authority: Authority;
  readonly generations: readonly Generation[];
  readonly scepIdentities: readonly ScepIdentity[];
  /** Of the current certificate; null while there is none. */
  readonly fingerprints: Fingerprints | null;
}

function viewOf(deps: Deps, authority: Authority): AuthorityView {
  const current = deps.directory.currentGeneration(authority.id);
  return {
    authority,
    generations: deps.directory.generations(authority.id),
    scepIdentities: deps.directory.scepIdentities(authority.id),
    fingerprints: current?.certificate ? fingerprintsOf(deps.crypto, current.certificate) : null,
  };
}

export const listAuthorities = async (deps: Deps): Outcome<readonly AuthorityView[]> => ok(deps.directory.authorities().map((a) => viewOf(deps, a)));

const notFound: Refusal = { code: 'not-found', message: 'There is no such authority.' };

export async function getAuthority(deps: Deps, input: { readonly id: string }): Outcome<AuthorityView> {
  const authority = deps.directory.authority(input.id);
  return authority === undefined ? err(notFound) : ok(viewOf(deps, authority));
}

export interface CreateAuthorityInput {
  readonly commonName: string;
  readonly organization?: string | undefined;
  readonly country?: string | undefined;
  readonly key: KeyAlgorithm;
  readonly years: number;
  readonly scepKey: ScepKeyMode;
  readonly parentId?: string | undefined;
}

function subjectOf(input: CreateAuthorityInput): Uint8Array {
  return writeName([
    ...(input.country === undefined ? [] : [{ oid: OID.countryName, value: input.country.toUpperCase() }]),
    ...(input.organization === undefined ? [] : [{ oid: OID.organizationName, value: input.organization }]),
    { oid: OID.commonName, value: input.commonName },
  ]);
}

function refuseInput(deps: Deps, input: CreateAuthorityInput, subject: Uint8Array): Refusal | undefined {
  if (deps.vault.state() === 'empty') return { code: 'empty', message: 'There is no vault yet to keep the CA key in.', hint: 'Set up the vault first (vault.initialize).' };
  if (deps.vault.state() !== 'open') return { code: 'locked', message: 'The vault is locked; no key can be made.', hint: 'Unlock it, then create the authority.' };
  if (needsSplit(input.key) && input.scepKey !== 'split') {
    return { code: 'ec-needs-split', message: 'An EC key can sign but not open SCEP envelopes.', hint: 'Choose split mode: the CA gets an RSA-2048 SCEP key beside it.' };
  }
  if (deps.directory.authorities().some((a) => namesEqual(a.subject, subject))) {
    return { code: 'name-taken', message: 'An authority with this name exists already.', hint: 'Choose another name: devices tell CAs apart by it.' };
  }
  return undefined;
}

interface Minted {
  readonly key: StoredKey;
  readonly plan: CertificatePlan;
  readonly prepared: PreparedIssuance;
}

function mint(deps: IssuingDeps, plan: CertificatePlan, key: StoredKey, signingKey: KeyAlgorithm, now: number): Minted {
  const linted = lintPlan(plan);
  if (!linted.ok) throw new Error(`the CA's own certificate breaks a rule: ${linted.error.text}`);
  return { key, plan, prepared: prepareIssuance(deps, linted.value, { signingKey, profileId: null, endpointId: null, requestId: null, renews: null }, now) };
}

const publicKeyOf = (spki: Uint8Array): CertificatePlan['publicKey'] => {
  const key = parsePublicKey(spki);
  if (!key.ok) throw new Error(`a key that was just made cannot be read: ${key.error}`);
  return key.value;
};

/**
 * Makes an authority: keys, certificate (self-signed or by `parentId`), SCEP key, first CRL; the first one brings the seed profiles and `/scep`.
 * Refused: locked, empty, ec-needs-split, name-taken, parent-unusable.
 */
export async function createAuthority(deps: IssuingDeps, input: CreateAuthorityInput, actor: Actor): Outcome<AuthorityView> {
  const subject = subjectOf(input);
  const refused = refuseInput(deps, input, subject);
  if (refused !== undefined) return err(refused);
  const parent = input.parentId === undefined ? undefined : deps.directory.authority(input.parentId);
  const parentGeneration = parent === undefined ? undefined : deps.directory.currentGeneration(parent.id);
  if (input.parentId !== undefined && (parent === undefined || !parentGeneration?.certificate || !deps.signers.has(parentGeneration.keyId))) {
    return err({ code: 'parent-unusable', message: 'The parent authority does not exist, or its key is not at hand.' });
  }

  const now = deps.clock.now();
  const id = newId(deps);
  const number = Math.max(0, ...deps.directory.authorities().map((a) => a.number)) + 1;
  const key = await deps.signers.generate('authority', input.key);
  const issuer: PlannedIssuer | undefined = parent && parentGeneration ? plannedIssuer(parent, parentGeneration) : undefined;
  const parentUrls = parent && parentGeneration ? revocationUrls(deps, parent.number, parentGeneration.number) : { crlUrls: [], caIssuersUrls: [] };
  const ca = mint(
    deps,
    planAuthority({
      authorityId: id,
      generation: 1,
      subject,
      spki: key.spki,
      publicKey: publicKeyOf(key.spki),
      subjectKeyId: keyIdentifierOf(key.spki, deps.crypto),
      years: input.years,
      scepKey: input.scepKey,
      parent: issuer,
      pathLength: issuer === undefined ? undefined : 0,
      ...parentUrls,
      now,
    }),
    key,
    parent?.keyAlgorithm ?? input.key,
    now,
  );

  const authority: Authority = {
    id,
    number,
    commonName: input.commonName,
    organization: input.organization ?? null,
    subject,
    keyAlgorithm: input.key,
    scepKey: input.scepKey,
    parentId: parent?.id ?? null,
    createdAt: now,
    version: 1,
  };
  const own: PlannedIssuer = { authorityId: id, generation: 1, subject, subjectKeyId: ca.plan.subjectKeyId, notBefore: ca.plan.notBefore, notAfter: ca.plan.notAfter };
  const scep = input.scepKey === 'split' ? await mintScepKey(deps, authority, own, now) : undefined;

  const minted = scep === undefined ? [ca] : [ca, scep];
  return issuing(deps, minted.map((m) => m.prepared.intent.id), async () => {
    const reserved = await deps.store.commit({
      actor,
      at: now,
      expect: [{ kind: 'absent', table: 'authority', id }, ...minted.flatMap((m) => m.prepared.expect)],
      changes: minted.flatMap((m): Change[] => [{ kind: 'put', table: 'key', value: m.key }, ...m.prepared.changes]),
      audit: [{ action: 'authority.key', subject: `authority:${id}`, outcome: 'ok', code: 'generated', detail: { commonName: input.commonName, key: input.key, scepKey: input.scepKey } }],
    });
    if (!reserved.ok) throw new Error('fresh ids and serials cannot conflict');

    const caRecord = await signIntent(deps, ca.prepared.intent, parent && parentGeneration ? { keyId: parentGeneration.keyId, algorithm: parent.keyAlgorithm, spki: parentGeneration.spki } : { keyId: key.id, algorithm: input.key, spki: key.spki });
    const scepRecord = scep === undefined ? undefined : await signIntent(deps, scep.prepared.intent, { keyId: key.id, algorithm: input.key, spki: key.spki });
    const generation: Generation = {
      authorityId: id,
      number: 1,
      state: 'current',
      keyId: key.id,
      spki: key.spki,
      certificate: caRecord.der,
      chain: parentGeneration?.certificate ? [parentGeneration.certificate, ...parentGeneration.chain] : [],
      subjectKeyId: toHex(ca.plan.subjectKeyId),
      notBefore: ca.plan.notBefore,
      notAfter: ca.plan.notAfter,
      version: 1,
    };
    const identity: ScepIdentity = {
      id: newId(deps),
      authorityId: id,
      generation: 1,
      keyId: scep?.key.id ?? key.id,
      certificate: (scepRecord ?? caRecord).der,
      active: true,
      notAfter: (scepRecord ?? caRecord).notAfter,
      version: 1,
    };
    await commitAuthority(deps, { authority, generation, identity, minted: [[ca, caRecord], ...(scep && scepRecord ? [[scep, scepRecord] as const] : [])] }, actor);
    return ok(viewOf(deps, authority));
  });
}

async function mintScepKey(deps: IssuingDeps, authority: Authority, issuer: PlannedIssuer, now: number): Promise<Minted> {
  const key = await deps.signers.generate('scep', 'rsa-2048');
  const subject = writeName([
    ...(authority.organization === null ? [] : [{ oid: OID.organizationName, value: authority.organization }]),
    { oid: OID.commonName, value: `${authority.commonName} SCEP` },
  ]);
  const plan = planScepKey({
    issuer,
    subject,
    spki: key.spki,
    publicKey: publicKeyOf(key.spki),
    subjectKeyId: keyIdentifierOf(key.spki, deps.crypto),
    ...revocationUrls(deps, authority.number, issuer.generation),
    now,
  });
  return mint(deps, plan, key, authority.keyAlgorithm, now);
}

interface NewAuthority {
  readonly authority: Authority;
  readonly generation: Generation;
  readonly identity: ScepIdentity;
  readonly minted: readonly (readonly [Minted, CertificateRecord])[];
}

async function commitAuthority(deps: IssuingDeps, made: NewAuthority, actor: Actor): Promise<void> {
  const { authority, generation, identity } = made;
  const first = deps.directory.authorities().length === 0;
  const seeds = first ? SEED_PROFILES.filter((p) => deps.directory.profile(p.id) === undefined) : [];
  const endpoint = first && deps.directory.endpointByPath('/scep') === undefined ? defaultEndpoint(deps, authority) : undefined;
  const crl = await makeCrl(deps, authority, generation, [], 1);
  const done = made.minted.map(([minted, record]) => issuedChanges(minted.prepared.intent, record));
  const expect: Expectation[] = endpoint === undefined ? [] : [{ kind: 'path-free', path: endpoint.path, endpointId: endpoint.id }];
  const committed = await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect,
    changes: [
      { kind: 'put', table: 'authority', value: authority },
      { kind: 'put', table: 'generation', value: generation },
      { kind: 'put', table: 'scepIdentity', value: identity },
      ...done.flatMap((d) => d.changes),
      { kind: 'put', table: 'crl', value: crl.record },
      ...seeds.map((value): Change => ({ kind: 'put', table: 'profile', value })),
      ...(endpoint === undefined ? [] : [{ kind: 'put', table: 'endpoint', value: endpoint } as const]),
    ],
    audit: [
      { action: 'authority.create', subject: `authority:${authority.id}`, outcome: 'ok', code: 'created', detail: { commonName: authority.commonName, number: authority.number, key: authority.keyAlgorithm, scepKey: authority.scepKey, parent: authority.parentId } },
      ...done.map((d) => d.audit),
      crl.audit,
      ...(endpoint === undefined ? [] : [{ action: 'endpoint.save', subject: `endpoint:${endpoint.path}`, outcome: 'ok', code: 'created', detail: { profile: endpoint.profileId, authorization: endpoint.authorization, compatibility: endpoint.compatibility } } as const]),
    ],
  });
  if (!committed.ok) throw new Error('the endpoint /scep was made by somebody else at the same moment');
  await deps.directory.refresh();
  deps.events.publish('authorities.changed', { id: authority.id });
  deps.events.publish('status.changed');
}

const defaultEndpoint = (deps: Deps, authority: Authority): Endpoint => ({ ...ENDPOINT_DEFAULTS, id: newId(deps), path: '/scep', authorityId: authority.id, profileId: 'device' });

/** An authority's current certificate as a file: DER, PEM, PEM with its chain, or certs-only PKCS #7. */
export async function exportAuthority(deps: Deps, input: { readonly id: string; readonly form: 'der' | 'pem' | 'chain' | 'p7b' }): Outcome<ExportedFile> {
  const authority = deps.directory.authority(input.id);
  const current = authority === undefined ? undefined : deps.directory.currentGeneration(authority.id);
  if (authority === undefined || !current?.certificate) return err(notFound);
  const name = authority.commonName.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^-+|-+$/g, '') || 'ca';
  const chain = [current.certificate, ...current.chain];
  switch (input.form) {
    case 'der':
      return ok({ name: `${name}.cer`, mediaType: 'application/pkix-cert', bytes: current.certificate });
    case 'pem':
      return ok({ name: `${name}.pem`, mediaType: 'application/x-pem-file', bytes: utf8(toPem('CERTIFICATE', current.certificate)) });
    case 'chain':
      return ok({ name: `${name}-chain.pem`, mediaType: 'application/x-pem-file', bytes: utf8(chain.map((der) => toPem('CERTIFICATE', der)).join('')) });
    case 'p7b':
      return ok({ name: `${name}.p7b`, mediaType: 'application/x-pkcs7-certificates', bytes: writeCertsOnly(chain) });
  }
}
