/** The outside world in small: time, randomness, hashing, words for the log, and events for whoever watches. */
import type { Instant } from '../../core/lib/instant.ts';
import type { PublicCrypto } from '../../core/pki/crypto.ts';

export interface Clock {
  now(): Instant;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** NDJSON in the end; fields are redacted by the adapter (no passphrase, challenge, token or key ever gets this far). */
export type Log = (level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>) => void;

export type EventName = 'requests.changed' | 'challenges.changed' | 'certificates.changed' | 'authorities.changed' | 'listener.changed' | 'status.changed';

export interface Events {
  publish(name: EventName, detail?: Readonly<Record<string, string | number | boolean | null>>): void;
  /** Returns its own unsubscribe. */
  subscribe(listener: (name: EventName, detail: Readonly<Record<string, string | number | boolean | null>>) => void): () => void;
}

export interface System {
  readonly clock: Clock;
  readonly crypto: PublicCrypto;
  readonly log: Log;
  readonly events: Events;
}
