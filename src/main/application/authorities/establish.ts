/**
 * The moment in which an authority can work: certificate, SCEP key, first CRL, and for the first one the endpoint `/scep`, in one commit.
 * Where the certificate came from (signed here, by another CA, or brought along with its key) is left to the use cases.
 */
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Authority, Generation, ScepIdentity, StoredKey } from '../../core/ca/authority.ts';
import type { Actor, AuditEvent } from '../../core/ca/audit.ts';
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import type { Endpoint } from '../../core/ca/endpoint.ts';
import { SEED_PROFILES } from '../../core/ca/profile.ts';
import { makeCrl } from '../crls.ts';
import type { Deps } from '../deps.ts';
import { ENDPOINT_DEFAULTS } from '../endpoints.ts';
import { type IssuingDeps, issuedChanges, issuing, newId, plannedIssuer, signIntent } from '../issue.ts';
import type { Change, Expectation, RevokedEntry } from '../ports/store.ts';
import { type Minted, mintScepKey } from './mint.ts';

export type SignedMint = readonly [Minted, CertificateRecord];

export interface NewAuthority {
  readonly authority: Authority;
  /** The current one, with its certificate. */
  readonly generation: Generation;
  readonly identity: ScepIdentity;
  /** Certificates signed here, whose intents are stored. */
  readonly minted: readonly SignedMint[];
  /** Keys that are not stored yet. */
  readonly keys: readonly StoredKey[];
  readonly crlNumber: number;
  readonly expect: readonly Expectation[];
  readonly event: AuditEvent;
  /** What comes in with it in the same commit, and stands on its first CRL. */
  readonly brought?: { readonly revoked: readonly RevokedEntry[]; readonly changes: readonly Change[]; readonly audit: readonly AuditEvent[] };
}

/** Stores it all; an expectation of the caller's that failed comes back. */
export async function commitAuthority(deps: IssuingDeps, made: NewAuthority, actor: Actor): Promise<Result<void, Expectation>> {
  const { authority, generation, identity } = made;
  // One that waits for its certificate serves nobody: the first that can work counts.
  const first = !deps.directory.authorities().some((a) => deps.directory.currentGeneration(a.id)?.certificate);
  const seeds = first ? SEED_PROFILES.filter((p) => deps.directory.profile(p.id) === undefined) : [];
  const endpoint = first && deps.directory.endpointByPath('/scep') === undefined ? defaultEndpoint(deps, authority) : undefined;
  const crl = await makeCrl(deps, authority, generation, made.brought?.revoked ?? [], made.crlNumber);
  const done = made.minted.map(([minted, record]) => issuedChanges(minted.prepared.intent, record));
  const commit = (brought: Endpoint | undefined) =>
    deps.store.commit({
      actor,
      at: deps.clock.now(),
      expect: [...made.expect, ...(brought === undefined ? [] : [{ kind: 'path-free', path: brought.path, endpointId: brought.id } as const])],
      changes: [
        ...made.keys.map((value): Change => ({ kind: 'put', table: 'key', value })),
        { kind: 'put', table: 'authority', value: authority },
        { kind: 'put', table: 'generation', value: generation },
        { kind: 'put', table: 'scepIdentity', value: identity },
        ...done.flatMap((d) => d.changes),
        ...(made.brought?.changes ?? []),
        { kind: 'put', table: 'crl', value: crl.record },
        ...seeds.map((value): Change => ({ kind: 'put', table: 'profile', value })),
        ...(brought === undefined ? [] : [{ kind: 'put', table: 'endpoint', value: brought } as const]),
      ],
      audit: [
        made.event,
        ...done.map((d) => d.audit),
        ...(made.brought?.audit ?? []),
        crl.audit,
        ...(brought === undefined ? [] : [{ action: 'endpoint.save', subject: `endpoint:${brought.path}`, outcome: 'ok', code: 'created', detail: { profile: brought.profileId, authorization: brought.authorization, compatibility: brought.compatibility } } as const]),
      ],
    });
  const once = await commit(endpoint);
  // Somebody made /scep at the same moment: theirs stays, and this authority comes without an endpoint.
  const committed = !once.ok && once.error.failed.kind === 'path-free' ? await commit(undefined) : once;
  if (!committed.ok) return err(committed.error.failed);
  await deps.directory.refresh();
  deps.events.publish('authorities.changed', { id: authority.id });
  deps.events.publish('status.changed');
  return ok(undefined);
}

const defaultEndpoint = (deps: Deps, authority: Authority): Endpoint => ({ ...ENDPOINT_DEFAULTS, id: newId(deps), path: '/scep', authorityId: authority.id, profileId: 'device' });

export interface Reservation {
  readonly authorityId: string;
  /** What the audit log says of the keys. */
  readonly detail: AuditEvent['detail'];
  readonly expect: readonly Expectation[];
  readonly actor: Actor;
}

/** Stores keys and intents, so that a crash leaves their serials behind; `work` then signs. */
export async function reserving<T>(deps: IssuingDeps, minted: readonly Minted[], reserve: Reservation, work: () => Promise<T>): Promise<T> {
  const { authorityId, detail, expect, actor } = reserve;
  return issuing(deps, minted.map((m) => m.prepared.intent.id), async () => {
    if (minted.length === 0) return work();
    const reserved = await deps.store.commit({
      actor,
      at: deps.clock.now(),
      expect: [...expect, ...minted.flatMap((m) => m.prepared.expect)],
      changes: minted.flatMap((m): Change[] => [{ kind: 'put', table: 'key', value: m.key }, ...m.prepared.changes]),
      audit: [{ action: 'authority.key', subject: `authority:${authorityId}`, outcome: 'ok', code: 'generated', detail }],
    });
    if (!reserved.ok) throw new Error('fresh ids and serials cannot conflict');
    return work();
  });
}

export interface Arrival extends Omit<NewAuthority, 'identity' | 'minted'> {
  readonly generation: Generation & { readonly certificate: Uint8Array };
}

/** Establishes an authority whose certificate came from outside: in split mode its SCEP key and certificate are made now. Its key is open. */
export async function establishArrived(deps: IssuingDeps, arrival: Arrival, actor: Actor): Promise<Result<void, Expectation>> {
  const { authority, generation } = arrival;
  const scep = authority.scepKey === 'split' ? await mintScepKey(deps, authority, plannedIssuer(authority, generation), deps.clock.now()) : undefined;
  return reserving(deps, scep === undefined ? [] : [scep], { authorityId: authority.id, detail: { commonName: authority.commonName, purpose: 'scep', key: 'rsa-2048' }, expect: [], actor }, async () => {
    const record = scep === undefined ? undefined : await signIntent(deps, scep.prepared.intent, { keyId: generation.keyId, algorithm: authority.keyAlgorithm, spki: generation.spki });
    const identity: ScepIdentity = {
      id: newId(deps),
      authorityId: authority.id,
      generation: generation.number,
      keyId: scep?.key.id ?? generation.keyId,
      certificate: record?.der ?? generation.certificate,
      active: true,
      notAfter: record?.notAfter ?? generation.notAfter,
      version: 1,
    };
    return commitAuthority(deps, { ...arrival, identity, minted: scep !== undefined && record !== undefined ? [[scep, record]] : [] }, actor);
  });
}
