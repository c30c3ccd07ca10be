/**
 * Superseded on renewal, where an endpoint wants it: some days after a device has got its renewed certificate, the one before is revoked.
 * Never while a renewal has not been handed over, and while the device still asks for one the days do not begin.
 */
import { DAY, HOUR, type Instant } from '../core/lib/instant.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { CertificateRecord } from '../core/ca/certificateRecord.ts';
import type { Endpoint } from '../core/ca/endpoint.ts';
import { revoke } from '../core/ca/revocation.ts';
import type { Deps } from './deps.ts';

export interface Superseding {
  /** Revokes what is due; looks at most once an hour, for the days are long. The CRL comes in the same round of housekeeping. */
  keep(): Promise<void>;
}

const KEEPER: Actor = { kind: 'system', name: 'superseding' };

const PAUSE = HOUR;
const AT_ONCE = 500;

/** One for the whole program. */
export function createSuperseding(deps: Deps): Superseding {
  let nextLook: Instant = -Infinity;
  let lookedWith = -1;
  return {
    keep: async () => {
      const now = deps.clock.now();
      const endpoints = deps.directory.endpoints().filter(({ supersedeAfterDays }) => supersedeAfterDays !== null);
      // A policy that was changed is followed at once.
      if (endpoints.length === 0 || (now < nextLook && lookedWith === deps.directory.revision())) return;
      lookedWith = deps.directory.revision();
      nextLook = now + PAUSE;
      for (const endpoint of endpoints) await supersedeAt(deps, endpoint, now);
    },
  };
}

async function supersedeAt(deps: Deps, { id, path, supersedeAfterDays }: Endpoint, now: Instant): Promise<void> {
  if (supersedeAfterDays === null) return;
  for (const old of await deps.store.read.supersededAt(id, now - supersedeAfterDays * DAY, now, AT_ONCE)) {
    const [renewal] = (await deps.store.read.renewalsOf(old.id)).slice(-1);
    // One by the next generation begins with that: until then the device needs the one before.
    if (renewal !== undefined && renewal.notBefore <= now) await supersede(deps, old, renewal, path, now);
  }
}

async function supersede(deps: Deps, old: CertificateRecord, renewal: CertificateRecord, path: string, now: Instant): Promise<void> {
  const decided = revoke(old, 'superseded', now);
  if (!decided.ok) return;
  const committed = await deps.store.commit({
    actor: KEEPER,
    at: now,
    expect: [
      { kind: 'version', table: 'certificate', id: old.id, version: old.version },
      // The device must be left with one that holds.
      { kind: 'certificate-valid', id: renewal.id, at: now },
    ],
    changes: [{ kind: 'put', table: 'certificate', value: decided.value }],
    audit: [
      {
        action: 'certificate.revoke',
        subject: `certificate:${old.serial}`,
        outcome: 'ok',
        code: decided.value.state,
        detail: { reason: 'superseded', subject: old.subject, by: renewal.serial, endpoint: path },
        certificate: { id: old.id, serial: old.serial, sha256: old.sha256, state: decided.value.state },
      },
    ],
  });
  if (committed.ok) deps.events.publish('certificates.changed', { id: old.id, kind: old.kind, state: decided.value.state });
}
