/** Signed answers that may be given again for a while. Whatever changes a certificate empties the whole of it: never is an old status told on. */
import { MINUTE, type Instant } from '../../core/lib/instant.ts';
import type { Deps } from '../deps.ts';

export interface KeptAnswer {
  /** The whole OCSPResponse. */
  readonly der: Uint8Array;
  readonly producedAt: Instant;
  readonly nextUpdate: Instant;
  /** Whether it may be given to others who ask the same. */
  readonly cacheable: boolean;
  /** SHA-256 of the response, lower hex. */
  readonly digest: string;
}

export interface KeptAnswers {
  find(about: string): KeptAnswer | undefined;
  /** To be called before the facts are read: what it gives back keeps an answer only if nothing has changed since. */
  begin(): (about: string, answer: KeptAnswer) => void;
}

// Two kilobytes each.
const MOST = 1000;
// A sixth of an answer's life: who gets a kept one can still use it for the rest.
const KEPT_FOR = 10 * MINUTE;

export function createKeptAnswers({ clock, events }: Pick<Deps, 'clock' | 'events'>): KeptAnswers {
  let kept = new Map<string, KeptAnswer>();
  events.subscribe((name) => {
    if (name === 'certificates.changed' || name === 'authorities.changed') kept = new Map();
  });
  return {
    find: (about) => {
      const answer = kept.get(about);
      const age = answer === undefined ? undefined : clock.now() - answer.producedAt;
      return age !== undefined && age >= 0 && age < KEPT_FOR && answer !== undefined && answer.nextUpdate > clock.now() ? answer : undefined;
    },
    begin: () => {
      const since = kept;
      return (about, answer) => {
        if (since !== kept) return;
        const [oldest] = kept.keys();
        if (kept.size >= MOST && oldest !== undefined) kept.delete(oldest);
        kept.delete(about);
        kept.set(about, answer);
      };
    },
  };
}
