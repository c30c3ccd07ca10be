/**
 * How much the listener takes in: PKIOperations per source and in flight, cheap requests per second (SCEP.md A12.2, A12.7, A12.10).
 * Owns the counters; what a refusal looks like on the wire is the handler's.
 */
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { DeviceListenerLimits } from './limits.ts';

export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly retryAfterSeconds: number };

export interface Traffic {
  /** Counts one PKIOperation of a source. */
  admitMessage(limitKey: string): Promise<Admission>;
  /** Counts one request of any other kind. */
  admitRead(limitKey: string): Promise<Admission>;
  /** A place among the messages in flight, to be given back by calling it; undefined when all are taken. */
  takePlace(): (() => void) | undefined;
}

interface Limiter {
  consume(key: string): Promise<RateLimiterRes>;
}

const ADMITTED: Admission = { admitted: true };
const FIVE_MINUTES = 300;
const EVERYBODY = 'everybody';

/** Counters over memory: a restart forgives, which a device that retries is glad of. */
export function createTraffic({ rate, readsPerSecond, maxMessagesInFlight }: DeviceListenerLimits): Traffic {
  const messages: Limiter | null =
    rate === 'off'
      ? null
      : new BurstyRateLimiter(
          new RateLimiterMemory({ keyPrefix: 'message', points: rate.perMinute, duration: 60 }),
          new RateLimiterMemory({ keyPrefix: 'burst', points: rate.burst, duration: FIVE_MINUTES }),
        );
  // One noisy source meets its own cap long before it can use up everybody's.
  const readsOfSource = rate === 'off' ? null : new RateLimiterMemory({ keyPrefix: 'read', points: readsPerSecond.perSource, duration: 1 });
  const readsOverall = rate === 'off' ? null : new RateLimiterMemory({ keyPrefix: 'reads', points: readsPerSecond.overall, duration: 1 });
  let inFlight = 0;

  return {
    admitMessage: (limitKey) => admit(messages, limitKey),
    admitRead: async (limitKey) => {
      const own = await admit(readsOfSource, limitKey);
      return own.admitted ? admit(readsOverall, EVERYBODY) : own;
    },
    takePlace: () => {
      if (inFlight >= maxMessagesInFlight) return undefined;
      inFlight += 1;
      return () => {
        inFlight -= 1;
      };
    },
  };
}

async function admit(limiter: Limiter | null, key: string): Promise<Admission> {
  if (limiter === null) return ADMITTED;
  try {
    await limiter.consume(key);
    return ADMITTED;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return { admitted: false, retryAfterSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) };
  }
}
