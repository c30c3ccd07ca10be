/**
 * The delegated OCSP signers, one a generation: found again after a start, made when they are first needed, renewed long before they end.
 * A signer is its certificate's row and the wrapped key with the same public key; a key that no certificate needs any more is taken out of the store.
 */
import { toHex } from '../../core/lib/bytes.ts';
import { MINUTE, type Instant } from '../../core/lib/instant.ts';
import type { Actor } from '../../core/ca/audit.ts';
import { type KeyAlgorithm, type StoredKey, algorithmOf } from '../../core/ca/authority.ts';
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import { signerDue, signerKeyFor } from '../../core/ca/ocsp.ts';
import { reserving } from '../authorities/establish.ts';
import { mintOcspSigner, siblingProblem } from '../authorities/mint.ts';
import { type IssuingDeps, issuedChanges, plannedIssuer, signIntent } from '../issue.ts';
import type { OcspKeys } from '../ports/ocspKeys.ts';
import type { Change } from '../ports/store.ts';
import type { Issuer } from './issuers.ts';

export interface OcspDeps extends IssuingDeps {
  readonly ocspKeys: OcspKeys;
}

export interface OcspSigner {
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  readonly spki: Uint8Array;
  readonly certificate: CertificateRecord;
}

export interface OcspSigners {
  /** Who signs for this generation now; made where nobody does. Undefined: the vault is locked, or neither its key nor the CA's is at hand. */
  signerFor(issuer: Issuer): Promise<OcspSigner | undefined>;
  /** Renews those that are due and, where certificates say that there is OCSP, makes those that are missing. */
  keep(): Promise<void>;
}

const RESPONDER: Actor = { kind: 'system', name: 'ocsp' };

// Anybody may ask: what could not be made is not tried again for every question.
const PAUSE_AFTER_FAILURE = MINUTE;

// More than all generations have valid ones at a time: each has one, and for ten days its successor.
const MOST_SIGNERS = 500;

const placeOf = (authorityId: string, generation: number): string => `${authorityId}/${generation}`;

/** One for the whole program: it knows what it made. */
export function createOcspSigners(deps: OcspDeps): OcspSigners {
  let known: { readonly revision: number; readonly signers: Promise<ReadonlyMap<string, OcspSigner>> } | undefined;
  const failedAt = new Map<string, Instant>();
  let lastMade: Promise<unknown> = Promise.resolve();

  // An admin may revoke a signer.
  deps.events.subscribe((name, { kind }) => {
    if (name === 'certificates.changed' && kind === 'ocsp') known = undefined;
  });

  function signers(): Promise<ReadonlyMap<string, OcspSigner>> {
    const revision = deps.directory.revision();
    if (known?.revision !== revision) {
      const reading = readSigners(deps);
      reading.catch(() => (known = undefined));
      known = { revision, signers: reading };
    }
    return known.signers;
  }

  const isUsable = (signer: OcspSigner | undefined): signer is OcspSigner => signer !== undefined && signer.certificate.notAfter > deps.clock.now() && deps.ocspKeys.has(signer.keyId);

  /** One after the other: two questions at once must not make two signers. */
  function make(issuer: Issuer): Promise<OcspSigner | undefined> {
    const place = placeOf(issuer.authority.id, issuer.generation.number);
    const made = lastMade.then(async () => {
      const before = await readSigners(deps);
      const there = before.get(place);
      if (isUsable(there) && !signerDue(there.certificate, issuer.generation, deps.clock.now())) return there;
      if (deps.vault.state() !== 'open' || !deps.signers.has(issuer.generation.keyId)) return undefined;
      // Its own constraints may leave a CA no name for a signer.
      if (siblingProblem(issuer.authority.subject, plannedIssuer(issuer.authority, issuer.generation).constraints) !== undefined) return undefined;
      try {
        const signer = await issueSigner(deps, issuer, new Set([...before].filter(([at]) => at !== place).map(([, { keyId }]) => keyId)));
        failedAt.delete(place);
        return signer;
      } catch (error) {
        failedAt.set(place, deps.clock.now());
        throw error;
      } finally {
        known = undefined;
      }
    });
    lastMade = made.catch(() => undefined);
    return made;
  }

  return {
    signerFor: async (issuer) => {
      const place = placeOf(issuer.authority.id, issuer.generation.number);
      const signer = (await signers()).get(place);
      if (isUsable(signer)) return signer;
      if (deps.clock.now() < (failedAt.get(place) ?? -Infinity) + PAUSE_AFTER_FAILURE) return undefined;
      return make(issuer);
    },
    keep: async () => {
      if (deps.vault.state() !== 'open') return;
      const announced = deps.directory.settings().publicBaseUrl !== null;
      const now = deps.clock.now();
      for (const authority of deps.directory.authorities()) {
        for (const generation of deps.directory.generations(authority.id)) {
          if (generation.certificate === null || generation.notAfter <= now || !deps.signers.has(generation.keyId)) continue;
          const signer = (await signers()).get(placeOf(authority.id, generation.number));
          if (signer === undefined ? announced : !isUsable(signer) || signerDue(signer.certificate, generation, now)) await make({ authority, generation });
        }
      }
    },
  };
}

/** The newest valid signer of each generation whose key is in the store. */
async function readSigners(deps: OcspDeps): Promise<ReadonlyMap<string, OcspSigner>> {
  const [{ items }, stored] = await Promise.all([deps.store.read.certificates({ kind: 'ocsp', state: 'valid', limit: MOST_SIGNERS }, deps.clock.now()), deps.store.read.keys()]);
  const keys = new Map(stored.filter(isOcspKey).map((key) => [toHex(deps.crypto.digest('sha256', key.spki)), key]));
  const signers = new Map<string, OcspSigner>();
  for (const certificate of items) {
    const key = keys.get(certificate.spkiSha256);
    const generation = deps.directory.generation(certificate.authorityId, certificate.generation);
    const place = placeOf(certificate.authorityId, certificate.generation);
    if (key !== undefined && generation !== undefined && !signers.has(place)) signers.set(place, { keyId: key.id, algorithm: signerKeyFor(algorithmOf(generation)), spki: key.spki, certificate });
  }
  return signers;
}

const isOcspKey = (key: StoredKey): boolean => key.purpose === 'ocsp';

/** Makes a key and its certificate; in the commit that brings the certificate, the keys of former signers go. */
async function issueSigner(deps: OcspDeps, { authority, generation }: Issuer, needed: ReadonlySet<string>): Promise<OcspSigner> {
  const minted = await mintOcspSigner(deps, authority, plannedIssuer(authority, generation), algorithmOf(generation), deps.clock.now());
  const algorithm = signerKeyFor(algorithmOf(generation));
  const detail = { commonName: authority.commonName, purpose: 'ocsp', key: algorithm, generation: generation.number };
  return reserving(deps, [minted], { authorityId: authority.id, detail, expect: [], actor: RESPONDER }, async () => {
    const certificate = await signIntent(deps, minted.prepared.intent, { keyId: generation.keyId, algorithm: algorithmOf(generation), spki: generation.spki });
    const issued = issuedChanges(minted.prepared.intent, certificate);
    // A key that waits for a paired machine's certificate has none yet, and is needed all the same.
    const wanted = new Set(deps.directory.courierLinks().flatMap((link) => link.wanted.map(({ keyId }) => keyId)));
    const former = (await deps.store.read.keys()).filter((key) => isOcspKey(key) && key.id !== minted.key.id && !needed.has(key.id) && !wanted.has(key.id));
    const committed = await deps.store.commit({
      actor: RESPONDER,
      at: deps.clock.now(),
      expect: [],
      changes: [...issued.changes, ...former.map(({ id }): Change => ({ kind: 'remove', table: 'key', id }))],
      audit: [issued.audit],
    });
    if (!committed.ok) throw new Error('a change-set without expectations came back as a conflict');
    deps.events.publish('certificates.changed', { id: certificate.id, kind: 'ocsp' });
    return { keyId: minted.key.id, algorithm, spki: minted.key.spki, certificate };
  });
}
