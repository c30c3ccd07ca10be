/** What the benchmark's worker threads do before and after the clock runs, as types. */
import type { CipherName, DigestName } from '../../src/main/core/pki/crypto.ts';

/** How messages are made for one server. */
export interface Style {
  readonly url: string;
  /** Who opens the envelopes. */
  readonly recipient: Uint8Array;
  readonly cipher: CipherName;
  readonly digest: DigestName;
}

/** What is behind a message, for opening its answer and for polling. */
export interface Trace {
  /** Of the device's key. */
  readonly number: number;
  readonly signerCertificate: Uint8Array;
  readonly transactionId: string;
  readonly senderNonce: Uint8Array;
}

export interface Built {
  /** HTTP request, ready to be written. */
  readonly request: Uint8Array;
  readonly trace: Trace;
}

export interface Jobs {
  readonly enrol: {
    /** `challenges[i]` belongs to the device `first + i`; null: none. */
    readonly input: { readonly style: Style; readonly primes: readonly bigint[]; readonly first: number; readonly challenges: readonly (string | null)[] };
    readonly output: readonly Built[];
  };
  readonly poll: {
    readonly input: { readonly style: Style; readonly primes: readonly bigint[]; readonly of: readonly Trace[] };
    readonly output: readonly Built[];
  };
  /** The cryptography of enrolments and nothing else, for so long. */
  readonly floor: { readonly input: { readonly seconds: number }; readonly output: { readonly rounds: number; readonly seconds: number; readonly cpuSeconds: number } };
}

export type JobKind = keyof Jobs;
