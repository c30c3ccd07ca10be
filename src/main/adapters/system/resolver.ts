/** The system's own resolver (hosts file, DNS, mDNS), with an end to its patience; answers are kept for a minute, for a page asks every few seconds. */
import { lookup } from 'node:dns/promises';
import type { Resolver } from '../../application/ports/resolver.ts';
import type { Clock } from '../../application/ports/system.ts';

const PATIENCE_MS = 1_000;
const KEPT_MS = 60_000;
const MOST_KEPT = 20;

/** Codes that say that there is no such name; everything else is no answer. */
const NO_SUCH_NAME: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

export function createResolver(clock: Clock, ask: (host: string) => Promise<readonly { readonly address: string }[]> = (host) => lookup(host, { all: true })): Resolver {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<readonly string[] | undefined> }>();

  async function find(host: string): Promise<readonly string[] | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const tired = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
      timer.unref();
    });
    try {
      return await Promise.race([ask(host).then((found) => found.map(({ address }) => address)), tired]);
    } catch (error) {
      return NO_SUCH_NAME.has((error as NodeJS.ErrnoException).code ?? '') ? [] : undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    resolve: (host) => {
      const known = kept.get(host);
      if (known !== undefined && known.until > clock.now()) return known.answer;
      if (kept.size >= MOST_KEPT) kept.clear();
      const answer = find(host);
      kept.set(host, { until: clock.now() + KEPT_MS, answer });
      return answer;
    },
  };
}
