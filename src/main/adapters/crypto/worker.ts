/**
 * One worker of the pool: holds the opened keys as KeyObjects and runs core's pure functions on them, one job after the other.
 * Owns no policy and no queue; which worker does what is the pool's matter.
 */
import type { KeyObject } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { RawRsaDecrypt, Sign } from '../../core/pki/crypto.ts';
import { openMessage } from '../../core/scep/openMessage.ts';
import { sealReply } from '../../core/scep/sealReply.ts';
import type { FromWorker, JobKind, Jobs, ToWorker } from './jobs.ts';
import { createNodeCrypto, rawRsaDecrypt, signWith } from './nodeCrypto.ts';
import { selfTest } from './selfTest.ts';

interface HeldKey {
  readonly sign: Sign;
  /** RSA keys only. */
  readonly decrypt: RawRsaDecrypt | undefined;
}

const port = parentPort;
if (port === null) throw new Error('this file is a worker thread');

const crypto = createNodeCrypto();
const keys = new Map<string, HeldKey>();

const hold = (key: KeyObject): HeldKey => ({ sign: signWith(key), decrypt: key.asymmetricKeyType === 'rsa' ? rawRsaDecrypt(key) : undefined });

function signerOf(keyId: string): Sign {
  const key = keys.get(keyId);
  if (key === undefined) throw new Error(`the worker holds no key ${keyId}`);
  return key.sign;
}

const decryptFor = (keyId: string): RawRsaDecrypt | undefined => keys.get(keyId)?.decrypt;

const work: { readonly [K in JobKind]: (input: Jobs[K]['input']) => Jobs[K]['output'] } = {
  open: ({ message, options }) => openMessage(message, options, { crypto, decryptFor }),
  seal: ({ reply, frame, options, keyId }) => sealReply(reply, frame, options, { crypto, sign: signerOf(keyId) }),
  sign: ({ keyId, scheme, bytes }) => signerOf(keyId)(scheme, bytes),
  'self-test': () => selfTest(),
  'list-keys': () => [...keys.keys()],
  'drop-key': (keyId) => void keys.delete(keyId) as undefined,
  'drop-keys': () => keys.clear() as undefined,
};

/** One answer for one job, whatever happens in it. */
function answer(message: Exclude<ToWorker, { kind: 'add-key' }>): FromWorker {
  try {
    const run = work[message.kind] as (input: unknown) => Jobs[JobKind]['output'];
    return { kind: 'done', id: message.id, output: run(message.input) };
  } catch (error) {
    const { message: text, stack } = error instanceof Error ? error : new Error('a job threw what is no error');
    return { kind: 'failed', id: message.id, message: text, stack };
  }
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'add-key') keys.set(message.keyId, hold(message.key));
  else port.postMessage(answer(message));
});
port.postMessage({ kind: 'ready' } satisfies FromWorker);
