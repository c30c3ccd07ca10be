/**
 * Unauthenticated noise (400, 404, 408, 413, rate limit): into the bounded transaction log, and into one audit summary a minute per source,
 * so that a scanner can neither fill the audit log nor go unseen (DESIGN section 4, Audit).
 */
import type { AuditEvent } from '../../core/ca/audit.ts';
import type { Deps } from '../deps.ts';
import type { Noise } from '../deviceDoor.ts';

export interface NoiseCounter {
  add(noise: Noise): void;
  /** Writes one summary a source and starts counting anew. */
  flush(): Promise<void>;
}

// More sources than this within a minute are counted together: an attacker chooses how many addresses he has.
const MAX_SOURCES = 200;
// Beyond this the transaction log gets no more rows from one source until the next summary.
const MAX_ROWS = 60;

export function createNoiseCounter(deps: Deps): NoiseCounter {
  let counts = new Map<string, Map<string, number>>();
  return {
    add: (noise) => {
      const source = counts.has(noise.source) || counts.size < MAX_SOURCES ? noise.source : 'other sources';
      const codes = counts.get(source) ?? new Map<string, number>();
      counts.set(source, codes);
      codes.set(noise.code, (codes.get(noise.code) ?? 0) + 1);
      const rows = [...codes.values()].reduce((a, b) => a + b, 0);
      if (rows > MAX_ROWS) return;
      deps.store.note({
        transactions: [
          {
            at: deps.clock.now(),
            source: noise.source,
            path: noise.path,
            endpointId: null,
            operation: 'HTTP',
            transactionId: null,
            outcome: 'rejected',
            code: noise.code,
            text: `Turned away with HTTP ${noise.status}.`,
            requestId: null,
            certificateId: null,
            algorithms: null,
            milliseconds: 0,
            client: null,
            subject: null,
          },
        ],
        seen: [],
      });
    },
    flush: async () => {
      if (counts.size === 0) return;
      const summary = counts;
      counts = new Map();
      const audit = [...summary].map(
        ([source, codes]): AuditEvent => ({ action: 'noise.summary', subject: `source:${source}`, outcome: 'refused', code: 'turned-away', detail: Object.fromEntries(codes) }),
      );
      await deps.store.commit({ actor: { kind: 'system', name: 'listener' }, at: deps.clock.now(), expect: [], changes: [], audit });
    },
  };
}
