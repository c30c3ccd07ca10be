/**
 * What the device listener bears before it says no (SCEP.md A12.10: a LAN full of odd devices, one of which may be hostile).
 * Only numbers and their reasons; who counts is in traffic.ts, connections.ts and body.ts.
 */

/**
 * PKIOperations from one source: `perMinute` in each minute and, for an office that comes back from a power cut,
 * `burst` more in any five minutes.
 */
export interface MessageRate {
  readonly perMinute: number;
  readonly burst: number;
}

export interface DeviceListenerLimits {
  /** Request line and headers together. GET carries the whole message in the URL: 2 to 20 KiB are ordinary (SCEP.md A2.7). */
  readonly maxHeaderBytes: number;
  readonly maxBodyBytes: number;
  /** Unfinished bodies, all connections together: what slow senders can make us hold. */
  readonly maxHeldBytes: number;
  /** From the connection (or the end of the last request on it) to the end of the headers. */
  readonly headersMs: number;
  /** From the headers to the end of the body. */
  readonly bodyMs: number;
  /** How long a connection may rest between two requests. */
  readonly idleMs: number;
  /** How long neither side may move a byte: ends peers that ask for a long CRL and never read it. */
  readonly stallMs: number;
  /** After a reply to a request that was not read to its end: how long its rest is thrown away before the connection goes, so that no reset overtakes the reply. */
  readonly lingerMs: number;
  /** How long `close` waits for answers that are under way. */
  readonly drainMs: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerSource: number;
  readonly maxMessagesInFlight: number;
  /** Of PKIOperations; `off` lifts every rate, the one of the cheap operations too. */
  readonly rate: MessageRate | 'off';
  /** GetCACaps, GetCACert, CRLs, CA certificates and whatever is turned away, a second. jscep asks many times per enrolment (SCEP.md J.17). */
  readonly readsPerSecond: { readonly perSource: number; readonly overall: number };
}

export const DEFAULT_LIMITS: DeviceListenerLimits = {
  maxHeaderBytes: 128 * 1024,
  maxBodyBytes: 1024 * 1024,
  maxHeldBytes: 64 * 1024 * 1024,
  headersMs: 10_000,
  bodyMs: 15_000,
  idleMs: 10_000,
  stallMs: 60_000,
  lingerMs: 1_000,
  drainMs: 10_000,
  maxConnections: 1024,
  maxConnectionsPerSource: 256,
  maxMessagesInFlight: 256,
  rate: { perMinute: 60, burst: 30 },
  readsPerSecond: { perSource: 500, overall: 2_000 },
};
