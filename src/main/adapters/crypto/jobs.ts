/**
 * What travels between the pool and its workers, as types: jobs there, answers back.
 * Everything survives a structured clone; the only keys in it are KeyObjects, which are handles and no bytes.
 */
import type { KeyObject } from 'node:crypto';
import type { SignatureScheme } from '../../core/pki/crypto.ts';
import type { MessageFrame, OpenOptions, OpenOutcome, Reply, SealOptions } from '../../core/scep/message.ts';
import type { SelfTestResult } from './selfTest.ts';

export interface Jobs {
  readonly open: { readonly input: { readonly message: Uint8Array; readonly options: OpenOptions }; readonly output: OpenOutcome };
  readonly seal: {
    readonly input: { readonly reply: Reply; readonly frame: MessageFrame; readonly options: SealOptions; readonly keyId: string };
    readonly output: Uint8Array;
  };
  readonly sign: { readonly input: { readonly keyId: string; readonly scheme: SignatureScheme; readonly bytes: Uint8Array }; readonly output: Uint8Array };
  readonly 'self-test': { readonly input: undefined; readonly output: readonly SelfTestResult[] };
  /** Ids of the keys that this worker holds. */
  readonly 'list-keys': { readonly input: undefined; readonly output: readonly string[] };
  readonly 'drop-key': { readonly input: string; readonly output: undefined };
  readonly 'drop-keys': { readonly input: undefined; readonly output: undefined };
}

export type JobKind = keyof Jobs;

export type ToWorker =
  | { [K in JobKind]: { readonly kind: K; readonly id: number; readonly input: Jobs[K]['input'] } }[JobKind]
  /** Unanswered: messages are handled in the order of their posting, so whoever posts a job afterwards finds the key there. */
  | { readonly kind: 'add-key'; readonly keyId: string; readonly key: KeyObject };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly output: Jobs[JobKind]['output'] }
  /** A bug or an outage: expected outcomes are values. */
  | { readonly kind: 'failed'; readonly id: number; readonly message: string; readonly stack: string | undefined };
