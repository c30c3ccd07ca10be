/** Authorities: making one (self-signed, or under one that is here), listing, exporting its certificate. */
import { err, ok } from '../core/lib/result.ts';
import { toHex, toPem, utf8 } from '../core/lib/bytes.ts';
import { type Authority, type Generation, type KeyAlgorithm, NOT_NEXT, type ScepIdentity, type ScepKeyMode, algorithmOf } from '../core/ca/authority.ts';
import type { Actor, AuditEvent } from '../core/ca/audit.ts';
import { planAuthority } from '../core/ca/identity.ts';
import { type IssuerConstraints, nameProblem } from '../core/ca/nameRules.ts';
import type { PlannedIssuer } from '../core/ca/plan.ts';
import { keyIdentifierOf } from '../core/pki/certificate.ts';
import { type Fingerprints, fingerprintsOf } from '../core/pki/fingerprints.ts';
import { nameToText } from '../core/pki/names.ts';
import { writeCertsOnly } from '../core/pki/signedData.ts';
import { type SignedMint, commitAuthority, reserving } from './authorities/establish.ts';
import { type LimitsInput, constraintsText, pathProblem, readLimits } from './authorities/limits.ts';
import { mint, mintScepKey, publicKeyOf, siblingProblem } from './authorities/mint.ts';
import { fileNameOf, nextNumber, refuseKeyMode, refuseTakenName, refuseWithoutVault, subjectOf } from './authorities/naming.ts';
import { AWAITS_CERTIFICATE, exportSigningRequest } from './authorities/signingRequest.ts';
import type { ExportedFile } from './certificates.ts';
import type { Deps, Outcome, Refusal } from './deps.ts';
import { type IssuingDeps, NO_URLS, newId, plannedIssuer, revocationUrls, signIntent } from './issue.ts';

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

export interface CreateAuthorityInput extends LimitsInput {
  readonly commonName: string;
  readonly organization?: string | undefined;
  readonly country?: string | undefined;
  readonly key: KeyAlgorithm;
  readonly years: number;
  readonly scepKey: ScepKeyMode;
  readonly parentId?: string | undefined;
}

/**
 * Makes an authority: keys, certificate (self-signed or by `parentId`), SCEP key, first CRL; the first one brings the seed profiles and `/scep`.
 * Refused: locked, empty, ec-needs-split, name-taken, parent-unusable, name-constraints, invalid-input.
 */
export async function createAuthority(deps: IssuingDeps, input: CreateAuthorityInput, actor: Actor): Outcome<AuthorityView> {
  const subject = subjectOf(input);
  const refused = refuseWithoutVault(deps) ?? refuseKeyMode(input.key, input.scepKey) ?? refuseTakenName(deps, subject);
  if (refused !== undefined) return err(refused);
  const parent = input.parentId === undefined ? undefined : deps.directory.authority(input.parentId);
  const parentGeneration = parent === undefined ? undefined : deps.directory.currentGeneration(parent.id);
  if (input.parentId !== undefined && (parent === undefined || !parentGeneration?.certificate || !deps.signers.has(parentGeneration.keyId))) {
    return err({ code: 'parent-unusable', message: 'The parent authority does not exist, or its key is not at hand.' });
  }
  const limits = readLimits(input, input.parentId === undefined ? undefined : 0);
  if (!limits.ok) return limits;
  const tooDeep = parentGeneration?.certificate ? pathProblem([parentGeneration.certificate, ...parentGeneration.chain], limits.value.pathLength) : undefined;
  if (tooDeep !== undefined) return err({ code: 'parent-unusable', message: tooDeep, hint: 'Choose the root as parent, a smaller path length, or make a CA of its own.' });
  const issuer: PlannedIssuer | undefined = parent && parentGeneration ? plannedIssuer(parent, parentGeneration) : undefined;
  const constraints: readonly IssuerConstraints[] = [...(limits.value.nameConstraints === undefined ? [] : [{ by: nameToText(subject), constraints: limits.value.nameConstraints }]), ...(issuer?.constraints ?? [])];
  const outside = (issuer === undefined ? undefined : nameProblem({ subject, subjectAltNames: [] }, issuer.constraints)) ?? siblingProblem(subject, constraints);
  if (outside !== undefined) return err({ code: 'name-constraints', message: `The CA could not work under these constraints: ${outside}.`, hint: 'Its own name, and those of its SCEP key and OCSP signer, must be permitted as well: permit the directory name that they begin with.' });

  const now = deps.clock.now();
  const id = newId(deps);
  const number = nextNumber(deps);
  const key = await deps.signers.generate('authority', input.key);
  const parentUrls = parent && parentGeneration ? revocationUrls(deps, parent.number, parentGeneration.number) : NO_URLS;
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
      ...limits.value,
      ...parentUrls,
      now,
    }),
    key,
    parentGeneration === undefined ? input.key : algorithmOf(parentGeneration),
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
  const own: PlannedIssuer = { authorityId: id, generation: 1, subject, subjectKeyId: ca.plan.subjectKeyId, notBefore: ca.plan.notBefore, notAfter: ca.plan.notAfter, constraints };
  const scep = input.scepKey === 'split' ? await mintScepKey(deps, authority, own, input.key, now) : undefined;

  const minted = scep === undefined ? [ca] : [ca, scep];
  const detail = { commonName: input.commonName, key: input.key, scepKey: input.scepKey };
  return reserving(deps, minted, { authorityId: id, detail, expect: [{ kind: 'absent', table: 'authority', id }], actor }, async () => {
    const caRecord = await signIntent(deps, ca.prepared.intent, parent && parentGeneration ? { keyId: parentGeneration.keyId, algorithm: algorithmOf(parentGeneration), spki: parentGeneration.spki } : { keyId: key.id, algorithm: input.key, spki: key.spki });
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
      ...NOT_NEXT,
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
    const event: AuditEvent = { action: 'authority.create', subject: `authority:${id}`, outcome: 'ok', code: 'created', detail: { commonName: authority.commonName, number, key: authority.keyAlgorithm, scepKey: authority.scepKey, parent: authority.parentId, pathLength: limits.value.pathLength ?? null, nameConstraints: constraintsText(limits.value.nameConstraints) } };
    const signed: readonly SignedMint[] = [[ca, caRecord], ...(scep && scepRecord ? [[scep, scepRecord] as const] : [])];
    const committed = await commitAuthority(deps, { authority, generation, identity, minted: signed, keys: [], crlNumber: 1, expect: [], event }, actor);
    if (!committed.ok) throw new Error('a change-set without expectations came back as a conflict');
    return ok(viewOf(deps, authority));
  });
}

/** An authority's current certificate as a file: DER, PEM, PEM with its chain, or certs-only PKCS #7; or the signing request that it was made from. */
export async function exportAuthority(deps: Deps, input: { readonly id: string; readonly form: 'der' | 'pem' | 'chain' | 'p7b' | 'csr' }): Outcome<ExportedFile> {
  const authority = deps.directory.authority(input.id);
  if (authority === undefined) return err(notFound);
  if (input.form === 'csr') return exportSigningRequest(deps, authority);
  const current = deps.directory.currentGeneration(authority.id);
  if (!current?.certificate) return err(AWAITS_CERTIFICATE);
  const name = fileNameOf(authority);
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
