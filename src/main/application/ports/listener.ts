/** The device listener, as far as an admin may steer it: where it listens, and whether it does. */
import type { Result } from '../../core/lib/result.ts';

export interface NetworkInterface {
  readonly name: string;
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly loopback: boolean;
}

export interface ListenerState {
  readonly host: string;
  readonly port: number;
  readonly listening: boolean;
  /** `http://host:port`, with the host a device can use; null while not listening. */
  readonly baseUrl: string | null;
  readonly problem: string | null;
}

export interface ListenerControl {
  state(): ListenerState;
  interfaces(): readonly NetworkInterface[];
  /** Moves the listener; on failure the old one goes on and the sentence says why (port in use, not allowed, no such address). */
  configure(host: string, port: number): Promise<Result<ListenerState, string>>;
  /** Whether it could move there, by taking the address for a moment; the listener stays where it is. What it holds itself counts as free. */
  probe(host: string, port: number): Promise<Result<void, string>>;
}
