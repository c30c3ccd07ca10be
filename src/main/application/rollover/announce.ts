/**
 * The answer to GetNextCACert: which certificates are in it, who signs it, and when it has to be signed anew.
 * It is kept beside the generation: a listener without the CA key serves it from there and never makes one.
 */
import { equalBytes, toHex } from '../../core/lib/bytes.ts';
import type { Actor } from '../../core/ca/audit.ts';
import { type Authority, type Generation, type ScepIdentity, algorithmOf } from '../../core/ca/authority.ts';
import type { Result } from '../../core/lib/result.ts';
import type { SignatureScheme } from '../../core/pki/crypto.ts';
import { parseCertificate } from '../../core/pki/certificate.ts';
import { type NextCaSigner, joinNextCa, nextCaProblem, writeNextCa } from '../../core/scep/nextCa.ts';
import type { Deps } from '../deps.ts';
import { schemeFor } from '../issue.ts';
import { listenerOf, signerOf } from '../pairings.ts';
import { type RolloverDeps, commitStep, unchanged } from './steps.ts';

export type Certified = Generation & { readonly certificate: Uint8Array };

export const isCertified = (generation: Generation | undefined): generation is Certified => generation !== undefined && generation.certificate !== null;

/** Of one generation: the SCEP key that is given out for it, or will be. */
export function identityOf({ directory }: Pick<Deps, 'directory'>, authorityId: string, generation: number): ScepIdentity | undefined {
  return [...directory.scepIdentities(authorityId)].filter((s) => s.generation === generation).sort((a, b) => Number(b.active) - Number(a.active) || b.notAfter - a.notAfter)[0];
}

// More than an authority has valid ones at a time.
const MOST_SCEP_CERTIFICATES = 500;

/** The newest SCEP certificate of a generation whose key is on the paired machine that meets the devices, and so not here. */
async function listenersCertificate({ store, clock, crypto }: Pick<Deps, 'store' | 'clock' | 'crypto'>, { authorityId, number }: Generation): Promise<Uint8Array | undefined> {
  const [{ items }, keys] = await Promise.all([store.read.certificates({ kind: 'scep', state: 'valid', authorityId, limit: MOST_SCEP_CERTIFICATES }, clock.now()), store.read.keys()]);
  const here = new Set(keys.map(({ spki }) => toHex(crypto.digest('sha256', spki))));
  const [newest] = items.filter(({ generation, spkiSha256 }) => generation === number && !here.has(spkiSha256)).sort((a, b) => b.notAfter - a.notAfter);
  return newest?.der;
}

/** Whom envelopes to a generation will be addressed to. Undefined while the paired machine that opens them has no certificate by it. */
export async function recipientOf(deps: Pick<Deps, 'directory' | 'store' | 'clock' | 'crypto'>, next: Certified): Promise<Uint8Array | undefined> {
  if (listenerOf(deps, next.authorityId) !== undefined) return listenersCertificate(deps, next);
  return identityOf(deps, next.authorityId, next.number)?.certificate ?? next.certificate;
}

/** The certificates that devices are given: in split mode the next SCEP key's first, for that is whom envelopes will be addressed to (SCEP.md A4.6). Undefined where that is not known yet. */
export async function announcedCertificates(deps: Pick<Deps, 'directory' | 'store' | 'clock' | 'crypto'>, next: Certified): Promise<readonly Uint8Array[] | undefined> {
  const recipient = await recipientOf(deps, next);
  if (recipient === undefined) return undefined;
  return [...(equalBytes(recipient, next.certificate) ? [] : [recipient]), next.certificate, ...next.chain];
}

/** Those whose keys sign: the current CA, and in split mode the SCEP key that devices talk to now, unless it is on a paired machine. */
export function announcingCertificates(deps: Pick<Deps, 'directory'>, current: Certified): readonly Uint8Array[] {
  const scep = announcingIdentity(deps, current);
  return scep === undefined ? [current.certificate] : [current.certificate, scep.certificate];
}

function announcingIdentity(deps: Pick<Deps, 'directory'>, current: Generation): ScepIdentity | undefined {
  if ((listenerOf(deps, current.authorityId) ?? signerOf(deps, current.authorityId)) !== undefined) return undefined;
  const identity = deps.directory.activeScepIdentity(current.authorityId);
  return identity === undefined || identity.keyId === current.keyId ? undefined : identity;
}

function rsaOrEc(scheme: SignatureScheme): NextCaSigner['scheme'] {
  if (scheme.kind === 'rsa-pkcs1' || scheme.kind === 'ecdsa') return scheme;
  throw new Error(`a CA key does not sign by ${scheme.kind}`);
}

/** Whether the keys that have to sign are at hand. */
export function canAnnounce(deps: RolloverDeps, current: Generation): boolean {
  const scep = announcingIdentity(deps, current);
  return deps.signers.has(current.keyId) && (scep === undefined || deps.announcementKeys.has(scep.keyId));
}

/** Signs the answer. The keys must be at hand. */
export function makeAnnouncement(deps: RolloverDeps, current: Certified, certificates: readonly Uint8Array[]): Promise<Uint8Array> {
  const scheme = rsaOrEc(schemeFor(algorithmOf(current)));
  const scep = announcingIdentity(deps, current);
  const signers: NextCaSigner[] = [{ certificate: current.certificate, spki: current.spki, scheme, sign: (bytes) => deps.signers.sign(current.keyId, scheme, bytes) }];
  if (scep !== undefined) signers.push(scepSigner(deps, scep));
  return writeNextCa(certificates, signers, deps.crypto);
}

type ScepSigning = Pick<RolloverDeps, 'announcementKeys'>;

function scepSigner({ announcementKeys }: ScepSigning, { certificate, keyId }: ScepIdentity): NextCaSigner {
  const parsed = parseCertificate(certificate);
  if (!parsed.ok) throw new Error(`the SCEP certificate cannot be read: ${parsed.error}`);
  return { certificate, spki: parsed.value.spki, scheme: { kind: 'rsa-pkcs1', digest: 'sha256' }, sign: (bytes) => announcementKeys.sign(keyId, bytes) };
}

/**
 * Listener: proves an answer that the courier brought by the current CA's key, and signs it besides with the key that devices talk to here. RSA signs
 * the same way each time, so the same answer from there is the same one here. An error where it does not hold.
 */
export function joinAnnouncement(deps: Pick<Deps, 'directory' | 'crypto'> & ScepSigning, current: Pick<Certified, 'authorityId' | 'spki' | 'certificate'>, announcement: Uint8Array): Promise<Result<Uint8Array, string>> {
  const identity = deps.directory.activeScepIdentity(current.authorityId);
  const own = identity !== undefined && deps.announcementKeys.has(identity.keyId) ? scepSigner(deps, identity) : undefined;
  return joinNextCa(announcement, { certificate: current.certificate, spki: current.spki, scheme: rsaOrEc(schemeFor(algorithmOf(current))) }, own, deps.crypto);
}

const KEEPER: Actor = { kind: 'system', name: 'rollover' };

/** Signs an answer anew that tells of certificates which have changed: a chain was completed, a SCEP key renewed. Without the keys the old one stays. */
export async function renewAnnouncements(deps: RolloverDeps): Promise<void> {
  for (const authority of deps.directory.authorities()) await renewAnnouncement(deps, authority, KEEPER);
}

export async function renewAnnouncement(deps: RolloverDeps, authority: Authority, actor: Actor): Promise<void> {
  const next = deps.directory.publishedGeneration(authority.id);
  const current = deps.directory.currentGeneration(authority.id);
  if (!isCertified(next) || !isCertified(current) || !canAnnounce(deps, current)) return;
  const certificates = await announcedCertificates(deps, next);
  if (certificates === undefined && next.announcement === null) return;
  // Without a recipient, devices must not be told of one that cannot open what they send: it was published before the machines were paired.
  const problem = certificates === undefined ? 'the machine that devices talk to has no SCEP certificate by the next generation' : next.announcement === null ? 'there is none' : nextCaProblem(next.announcement, certificates, announcingCertificates(deps, current));
  if (problem === undefined) return;
  const announcement = certificates === undefined ? null : await makeAnnouncement(deps, current, certificates);
  await commitStep(
    deps,
    {
      authority,
      expect: [unchanged(next), unchanged(current)],
      changes: [{ kind: 'put', table: 'generation', value: { ...next, announcement, version: next.version + 1 } }],
      audit: [{ action: 'rollover.announce', subject: `authority:${authority.id}/${next.number}`, outcome: 'ok', code: announcement === null ? 'withheld' : 'signed-anew', detail: { reason: problem } }],
    },
    actor,
  );
}
