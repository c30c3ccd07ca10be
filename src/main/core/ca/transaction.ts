/** One SCEP message and its answer, explained: the bounded log that tells an admin what a device did and why it failed. */
import type { Instant } from '../lib/instant.ts';

export type TransactionOutcome = 'success' | 'pending' | 'failure' | 'rejected';

export interface TransactionRecord {
  readonly at: Instant;
  readonly source: string;
  /** The URL path asked for. */
  readonly path: string;
  readonly endpointId: string | null;
  /** `PKCSReq`, `CertPoll`, …, or the HTTP operation where no message could be read. */
  readonly operation: string;
  readonly transactionId: string | null;
  readonly outcome: TransactionOutcome;
  /** Stable word: a fault's or refusal's code, `issued`, `pending`, `http-400`. */
  readonly code: string;
  /** In plain words, with the cause and what to do about it. */
  readonly text: string;
  readonly requestId: string | null;
  readonly certificateId: string | null;
  /** `aes-128-cbc, sha256, POST` and the like. */
  readonly algorithms: string | null;
  readonly milliseconds: number;
  /** A guess at what kind of device it is, from its User-Agent. */
  readonly client: string | null;
  /** Whom a certificate was asked for. */
  readonly subject: string | null;
}
