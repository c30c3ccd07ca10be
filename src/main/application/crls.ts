/** CRLs: one per generation, published from the first day, anew on each revocation and at half of its life (RFC 5280 5, SCEP.md F4). */
import { err, ok } from '../core/lib/result.ts';
import { fromHex } from '../core/lib/bytes.ts';
import { type Instant, toIso } from '../core/lib/instant.ts';
import type { Authority, Generation } from '../core/ca/authority.ts';
import type { Actor, AuditEvent } from '../core/ca/audit.ts';
import type { CrlRecord } from '../core/ca/certificateRecord.ts';
import { crlDates, crlDue, crlMadeAt } from '../core/ca/revocation.ts';
import { assembleCrl, parseCrl, verifyCrl, writeTbsCrl } from '../core/pki/crl.ts';
import type { Deps, Outcome } from './deps.ts';
import { type IssuingDeps, schemeFor } from './issue.ts';
import type { RevokedEntry } from './ports/store.ts';

/** The store's key for the number that no CRL made from now on stays below: a restored CA may have counted further before its disk was lost. */
export const CRL_FLOOR_SETTING = 'crlFloor';

/**
 * A CRL with a lower number than one that a device has seen is ignored (RFC 5280 5.2.3). Microseconds since 1970 lie above every counter, and above
 * dates written as yyyymmddhhmmss: for a CA whose last number is not known.
 */
export const crlNumberAt = (now: Instant): number => now * 1000;

export interface CrlInput {
  readonly authorityId: string;
  /** The current one where it is left out. */
  readonly generation?: number | undefined;
}

/** Signs a CRL with these entries. Whoever calls stores it with the change that made it needed. */
export async function makeCrl(deps: IssuingDeps, authority: Authority, generation: Generation, revoked: readonly RevokedEntry[], number: number): Promise<{ record: CrlRecord; audit: AuditEvent }> {
  const scheme = schemeFor(authority.keyAlgorithm);
  const { thisUpdate, nextUpdate } = crlDates(deps.clock.now(), deps.directory.settings().crlDays);
  const keyId = fromHex(generation.subjectKeyId);
  if (keyId === undefined) throw new Error('the generation has no key identifier');
  const tbs = writeTbsCrl(
    {
      issuer: authority.subject,
      thisUpdate,
      nextUpdate,
      number: BigInt(number),
      authorityKeyId: keyId,
      revoked: revoked.map((entry) => ({ serial: fromHex(entry.serial.padStart(entry.serial.length + (entry.serial.length % 2), '0')) ?? new Uint8Array(), at: entry.revokedAt, ...(entry.reason === null ? {} : { reason: entry.reason }) })),
    },
    scheme,
  );
  const der = assembleCrl(tbs, scheme, await deps.signers.sign(generation.keyId, scheme, tbs));
  const made = parseCrl(der);
  if (!made.ok || !verifyCrl(made.value, generation.spki, deps.crypto)) throw new Error('the signature on the CRL does not verify');
  return {
    record: { authorityId: authority.id, generation: generation.number, number, thisUpdate, nextUpdate, der },
    audit: { action: 'crl.publish', subject: `authority:${authority.id}/${generation.number}`, outcome: 'ok', code: 'published', detail: { number, entries: revoked.length, nextUpdate: toIso(nextUpdate) } },
  };
}

// CRL numbers rise without a twin: publications of one generation wait for each other.
const queues = new WeakMap<Deps['store'], Map<string, Promise<unknown>>>();

function inTurn<T>(deps: Deps, key: string, work: () => Promise<T>): Promise<T> {
  const perStore = queues.get(deps.store) ?? new Map<string, Promise<unknown>>();
  queues.set(deps.store, perStore);
  const turn = (perStore.get(key) ?? Promise.resolve()).then(work, work);
  perStore.set(key, turn);
  return turn;
}

/** Publishes a generation's CRL now. Refused: not-found, locked (its key is not at hand). */
export async function publishCrl(deps: IssuingDeps, input: CrlInput, actor: Actor): Outcome<CrlRecord> {
  const authority = deps.directory.authority(input.authorityId);
  const generation = input.generation === undefined ? deps.directory.currentGeneration(input.authorityId) : deps.directory.generation(input.authorityId, input.generation);
  if (authority === undefined || generation === undefined) return err({ code: 'not-found', message: 'There is no such authority or generation.' });
  // Until its certificate has come nobody knows under which name and key identifier it will sign.
  if (generation.certificate === null) return err({ code: 'awaiting-certificate', message: 'This authority still waits for its certificate.', hint: 'Install it first.' });
  if (!deps.signers.has(generation.keyId)) {
    const byCourier = deps.directory.courierLinks().some((link) => link.role === 'listener' && link.authorityId === authority.id);
    return err({ code: 'locked', message: 'The key that signs this CRL is not at hand; the last CRL goes on being served.', hint: byCourier ? 'A new one comes with the next courier run.' : 'Unlock the vault.' });
  }
  return inTurn(deps, `${authority.id}/${generation.number}`, async () => {
    const now = deps.clock.now();
    const [floor, latest, revoked] = await Promise.all([
      crlFloor(deps),
      deps.store.read.latestCrl(authority.id, generation.number),
      deps.store.read.revoked(authority.id, generation.number, now),
    ]);
    const made = await makeCrl(deps, authority, generation, revoked, Math.max((latest?.number ?? 0) + 1, floor));
    const committed = await deps.store.commit({ actor, at: now, expect: [], changes: [{ kind: 'put', table: 'crl', value: made.record }], audit: [made.audit] });
    if (!committed.ok) throw new Error('a CRL without expectations cannot conflict');
    deps.events.publish('authorities.changed', { id: authority.id });
    return ok(made.record);
  });
}

async function crlFloor({ store }: Pick<IssuingDeps, 'store'>): Promise<number> {
  const kept = await store.read.setting(CRL_FLOOR_SETTING);
  return typeof kept === 'number' ? kept : 0;
}

const entryKey = (serial: string, reason: string | null | undefined): string => `${serial.replace(/^0+/, '')} ${reason ?? 'unspecified'}`;

/** Whether something was revoked, held or released since: the key was locked away then, or the program was killed before it could sign. */
async function lagsBehind(deps: IssuingDeps, latest: CrlRecord): Promise<boolean> {
  const parsed = parseCrl(latest.der);
  if (!parsed.ok) throw new Error(`the stored CRL ${latest.number} cannot be read: ${parsed.error}`);
  const wanted = await deps.store.read.revoked(latest.authorityId, latest.generation, crlMadeAt(latest));
  const listed = new Set(parsed.value.revoked.map(({ serialHex, reason }) => entryKey(serialHex, reason)));
  return wanted.length !== listed.size || wanted.some(({ serial, reason }) => !listed.has(entryKey(serial, reason)));
}

/** Publishes every CRL that is due, below the floor, or behind what was decided, and whose key is at hand. */
export async function publishDueCrls(deps: IssuingDeps, actor: Actor): Promise<void> {
  const floor = await crlFloor(deps);
  for (const authority of deps.directory.authorities()) {
    for (const generation of deps.directory.generations(authority.id)) {
      if (generation.certificate === null || !deps.signers.has(generation.keyId)) continue;
      const latest = await deps.store.read.latestCrl(authority.id, generation.number);
      if (latest === undefined || latest.number < floor || crlDue(latest, deps.clock.now()) || (await lagsBehind(deps, latest))) {
        await publishCrl(deps, { authorityId: authority.id, generation: generation.number }, actor);
      }
    }
  }
}

export async function getCrl(deps: Deps, input: CrlInput): Outcome<CrlRecord> {
  const generation = input.generation ?? deps.directory.currentGeneration(input.authorityId)?.number;
  const crl = generation === undefined ? undefined : await deps.store.read.latestCrl(input.authorityId, generation);
  return crl === undefined ? err({ code: 'not-found', message: 'There is no CRL of this authority.' }) : ok(crl);
}
