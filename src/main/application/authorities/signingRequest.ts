/**
 * An issuing CA under an offline root begins with a key and a PKCS #10; until its certificate comes back it exists, and answers nobody.
 * The request is kept, so that the very file whose fingerprint was written down can be carried again.
 */
import { fromBase64, toBase64, toHex, toPem, utf8 } from '../../core/lib/bytes.ts';
import { err, ok } from '../../core/lib/result.ts';
import { type Authority, type Generation, type KeyAlgorithm, NOT_NEXT, type ScepKeyMode, algorithmOf } from '../../core/ca/authority.ts';
import type { Actor } from '../../core/ca/audit.ts';
import { authorityRequestExtensions } from '../../core/ca/identity.ts';
import { keyIdentifierOf } from '../../core/pki/certificate.ts';
import { assembleCsr, parseCsr, verifyCsr, writeCsrInfo } from '../../core/pki/csr.ts';
import type { ExportedFile } from '../certificates.ts';
import type { Deps, Outcome, Refusal } from '../deps.ts';
import { type IssuingDeps, newId, schemeFor } from '../issue.ts';
import { type AuthorityName, fileNameOf, nextNumber, refuseKeyMode, refuseTakenName, refuseWithoutVault, subjectOf } from './naming.ts';

export interface SigningRequestInput extends AuthorityName {
  readonly key: KeyAlgorithm;
  readonly scepKey: ScepKeyMode;
}

export interface SigningRequest {
  readonly authority: Authority;
  /** Of the file. */
  readonly name: string;
  readonly der: Uint8Array;
  readonly sha256: string;
}

export const AWAITS_CERTIFICATE: Refusal = {
  code: 'awaiting-certificate',
  message: 'This authority still waits for its certificate.',
  hint: 'Have its signing request signed by the CA above it, then install what comes back.',
};

/** The store's key for the request of one generation. */
export const requestSetting = (authorityId: string, generation: number): string => `signing-request:${authorityId}/${generation}`;

export const csrName = (authority: Authority): string => `${fileNameOf(authority)}.csr`;

/**
 * Makes an authority whose certificate another CA signs. In split mode its SCEP key is made when the certificate comes: until then there is
 * nothing that could certify it. Refused: empty, locked, ec-needs-split, name-taken.
 */
export async function requestAuthority(deps: IssuingDeps, input: SigningRequestInput, actor: Actor): Outcome<SigningRequest> {
  const subject = subjectOf(input);
  const refused = refuseWithoutVault(deps) ?? refuseKeyMode(input.key, input.scepKey) ?? refuseTakenName(deps, subject);
  if (refused !== undefined) return err(refused);
  const key = await deps.signers.generate('authority', input.key);
  const now = deps.clock.now();
  const authority: Authority = {
    id: newId(deps),
    number: nextNumber(deps),
    commonName: input.commonName,
    organization: input.organization ?? null,
    subject,
    keyAlgorithm: input.key,
    scepKey: input.scepKey,
    parentId: null,
    createdAt: now,
    version: 1,
  };
  const subjectKeyId = keyIdentifierOf(key.spki, deps.crypto);
  // No certificate, no dates: what is stored for them is never shown.
  const generation: Generation = { authorityId: authority.id, number: 1, state: 'awaiting-certificate', keyId: key.id, spki: key.spki, certificate: null, chain: [], subjectKeyId: toHex(subjectKeyId), notBefore: now, notAfter: now, ...NOT_NEXT, version: 1 };
  const der = await signRequest(deps, authority, generation, subjectKeyId);
  const sha256 = toHex(deps.crypto.digest('sha256', der));
  const committed = await deps.store.commit({
    actor,
    at: now,
    expect: [{ kind: 'absent', table: 'authority', id: authority.id }],
    changes: [
      { kind: 'put', table: 'key', value: key },
      { kind: 'put', table: 'authority', value: authority },
      { kind: 'put', table: 'generation', value: generation },
      { kind: 'setting', key: requestSetting(authority.id, 1), value: toBase64(der) },
    ],
    audit: [{ action: 'authority.request', subject: `authority:${authority.id}`, outcome: 'ok', code: 'awaiting-certificate', detail: { commonName: authority.commonName, number: authority.number, key: input.key, scepKey: input.scepKey, csrSha256: sha256 } }],
  });
  if (!committed.ok) throw new Error('a fresh id cannot conflict');
  await deps.directory.refresh();
  deps.events.publish('authorities.changed', { id: authority.id });
  deps.events.publish('status.changed');
  return ok({ authority, name: csrName(authority), der, sha256 });
}

/** The PKCS #10 for a generation's key, under its authority's name. */
export async function signRequest(deps: IssuingDeps, { subject, scepKey }: Authority, { spki, keyId }: Pick<Generation, 'spki' | 'keyId'>, subjectKeyId: Uint8Array): Promise<Uint8Array> {
  const scheme = schemeFor(algorithmOf({ spki }));
  const info = writeCsrInfo({ subject, spki, extensions: authorityRequestExtensions(scepKey, subjectKeyId) });
  const der = assembleCsr(info, scheme, await deps.signers.sign(keyId, scheme, info));
  const made = parseCsr(der);
  if (!made.ok || !verifyCsr(made.value, deps.crypto)) throw new Error('the signature on the signing request does not verify');
  return der;
}

/** The signing request of an authority as a PEM file, also after its certificate has come: the CA above may have to sign it again. */
export async function exportSigningRequest(deps: Deps, authority: Authority): Outcome<ExportedFile> {
  const newestFirst = [...deps.directory.generations(authority.id)].sort((a, b) => b.number - a.number);
  const stored = await Promise.all(newestFirst.map(({ number }) => deps.store.read.setting(requestSetting(authority.id, number))));
  const kept = stored.find((value) => typeof value === 'string');
  const der = kept === undefined ? undefined : fromBase64(kept);
  if (der === undefined) return err({ code: 'no-signing-request', message: 'This authority was not made by a signing request.', hint: 'Only an authority under a CA elsewhere has one.' });
  return ok({ name: csrName(authority), mediaType: 'application/pkcs10', bytes: utf8(toPem('CERTIFICATE REQUEST', der)) });
}
