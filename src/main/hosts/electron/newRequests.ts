/**
 * Which requests are new and wait for somebody: gathered for a moment, so that a fleet that enrols at once makes one note and not two hundred.
 * Free of Electron; reading a request and telling of it come in.
 */
import type { RequestState } from '../../core/ca/enrolment.ts';

export interface SeenRequest {
  readonly id: string;
  readonly subject: string;
  readonly source: string;
  readonly state: RequestState;
  readonly receivedAt: number;
}

export interface NewRequestsParts {
  readonly read: (id: string) => Promise<SeenRequest | undefined>;
  /** False where nobody was told after all, so that no quiet follows. */
  readonly tell: (requests: readonly SeenRequest[]) => boolean;
  /** Requests from before this moment are no news: a comparison or a refusal taken back changes them too. */
  readonly since: number;
  /** A first one is told after so many milliseconds … */
  readonly gatherMs?: number;
  /** … and the next ones no sooner than so many after it. */
  readonly quietMs?: number;
  readonly onTrouble: (error: unknown) => void;
}

export interface NewRequests {
  /** A request changed: it may be a new one. */
  changed(id: string): void;
  stop(): void;
}

// Far more than wait at one time by default; whoever sends more is told of as a number anyway.
const REMEMBERED = 5_000;

/** Watches; call `changed` for each request that is said to be pending now. */
export function watchNewRequests({ read, tell, since, gatherMs = 800, quietMs = 10_000, onTrouble }: NewRequestsParts): NewRequests {
  const known = new Set<string>();
  let gathered: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;

  const flush = async (): Promise<void> => {
    timer = undefined;
    const ids = gathered;
    gathered = [];
    const found = await Promise.all(ids.map(read));
    // Some are decided already: by their challenge's bulk approval, or by an admin who was quicker.
    const waiting = found.filter((request) => request !== undefined && request.state === 'pending' && request.receivedAt >= since) as SeenRequest[];
    if (waiting.length === 0) return;
    if (tell(waiting)) toldAt = performance.now();
  };

  return {
    changed: (id) => {
      if (known.has(id)) return;
      if (known.size >= REMEMBERED) known.clear();
      known.add(id);
      gathered.push(id);
      timer ??= setTimeout(() => void flush().catch(onTrouble), Math.max(gatherMs, toldAt + quietMs - performance.now()));
    },
    stop: () => {
      clearTimeout(timer);
    },
  };
}
