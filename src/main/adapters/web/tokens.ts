/**
 * Who holds a token: the command line has the standing one from the data folder, a window a session token that it got for a one-time token.
 * Tokens are kept as SHA-256 and compared in constant time; none is ever logged. Nothing here survives the process.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../../admin/door.ts';
import type { Clock } from '../../application/ports/system.ts';
import { type WindowSession, openWindowSession } from '../../application/window.ts';
import { HOUR, MINUTE, type Instant } from '../../core/lib/instant.ts';

export interface Tokens {
  /** A token for a URL's fragment: works once, for ten minutes. */
  issueOneTime(): string;
  /** The session token for a one-time token; undefined where that is unknown, used or too old. */
  redeem(oneTime: string): string | undefined;
  /** Who a bearer token stands for; a session that is used stays alive. It is the session that is locked, so a reload opens nothing. */
  whoHolds(bearer: string): Caller | undefined;
}

const ONE_TIME_LIFE = 10 * MINUTE;
const SESSION_IDLE = 12 * HOUR;
// An admin has a handful of windows; whoever can issue more than this holds the standing token anyway.
const MOST = 64;

interface Kept {
  readonly digest: Buffer;
  expiresAt: Instant;
}

interface Session extends Kept {
  readonly window: WindowSession;
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** 256 bits, in letters that need no escaping in a URL's fragment. */
export const makeToken = (): string => randomBytes(32).toString('base64url');

/** Looks at every kept token whatever it finds. */
function find<K extends Kept>(kept: readonly K[], token: string): K | undefined {
  const digest = digestOf(token);
  let found: K | undefined;
  for (const one of kept) if (timingSafeEqual(one.digest, digest)) found = one;
  return found;
}

export function createTokens({ clock, standing }: { readonly clock: Clock; readonly standing: string }): Tokens {
  const commandLine: Kept = { digest: digestOf(standing), expiresAt: Number.POSITIVE_INFINITY };
  let oneTimes: Kept[] = [];
  let sessions: Session[] = [];
  const live = <K extends Kept>(kept: readonly K[]): K[] => kept.filter((one) => one.expiresAt > clock.now()).slice(-MOST);
  return {
    issueOneTime: () => {
      const token = makeToken();
      oneTimes = live([...oneTimes, { digest: digestOf(token), expiresAt: clock.now() + ONE_TIME_LIFE }]);
      return token;
    },
    redeem: (oneTime) => {
      oneTimes = live(oneTimes);
      const found = find(oneTimes, oneTime);
      if (found === undefined) return undefined;
      oneTimes = oneTimes.filter((one) => one !== found);
      const token = makeToken();
      sessions = live([...sessions, { digest: digestOf(token), expiresAt: clock.now() + SESSION_IDLE, window: openWindowSession() }]);
      return token;
    },
    whoHolds: (bearer) => {
      sessions = live(sessions);
      if (find([commandLine], bearer) !== undefined) return { kind: 'admin', name: 'command-line' };
      const session = find(sessions, bearer);
      if (session === undefined) return undefined;
      session.expiresAt = clock.now() + SESSION_IDLE;
      return { kind: 'admin', name: 'web', window: session.window };
    },
  };
}
