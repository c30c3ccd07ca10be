/** One worker thread of the benchmark: makes messages with the forge, or runs the bare RSA operations of an enrolment for the floor. */
import { constants, generateKeyPairSync, privateDecrypt, randomBytes, sign, verify } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { type SentMessage, certPoll, pkcsReq } from '../support/forge.ts';
import { requestOf } from './connection.ts';
import { deviceKey } from './deviceKeys.ts';
import type { Built, JobKind, Jobs, Style } from './jobs.ts';

const port = parentPort;
if (port === null) throw new Error('this file is a worker thread');

function build({ url }: Style, number: number, { bytes, signerCertificate, transactionId, senderNonce }: SentMessage): Built {
  const request = requestOf('POST', new URL(`${url}?operation=PKIOperation`), bytes, { 'Content-Type': 'application/x-pki-message' });
  return { request, trace: { number, signerCertificate, transactionId, senderNonce } };
}

const work: { readonly [K in JobKind]: (input: Jobs[K]['input']) => Jobs[K]['output'] } = {
  enrol: ({ style, primes, first, challenges }) =>
    challenges.map((challenge, i) => {
      const number = first + i;
      const { recipient, cipher, digest } = style;
      const transactionId = randomBytes(20).toString('hex').toUpperCase();
      const subject = `CN=bench-${number}-${transactionId.slice(0, 8)}, O=Bench`;
      const sent = pkcsReq({ key: deviceKey(primes, number), subject, transactionId, recipient, cipher, digest, ...(challenge === null ? {} : { challenge }) });
      return build(style, number, sent);
    }),

  poll: ({ style, primes, of }) =>
    of.map(({ number, transactionId, senderNonce, signerCertificate }) => {
      const { recipient, cipher, digest } = style;
      const asked: SentMessage = { bytes: new Uint8Array(0), transactionId, senderNonce, key: deviceKey(primes, number), signerCertificate, digest };
      return build(style, number, certPoll(asked, { recipient, cipher, digest }));
    }),

  floor: ({ seconds }) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const bytes = randomBytes(1024);
    const signature = sign('sha256', bytes, privateKey);
    // What an enrolment cannot do without: open the envelope, sign the certificate, sign the CertRep; verify the message and the PKCS#10, envelop the reply.
    const round = (): boolean => {
      privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, signature);
      sign('sha256', bytes, privateKey);
      sign('sha256', bytes, privateKey);
      return verify('sha256', bytes, publicKey, signature) && verify('sha256', bytes, publicKey, signature) && verify('sha256', bytes, publicKey, signature);
    };
    for (let i = 0; i < 50; i++) round();
    const cpu = process.threadCpuUsage();
    const start = performance.now();
    let rounds = 0;
    for (; performance.now() - start < seconds * 1000; rounds++) {
      if (!round()) throw new Error('a signature of our own is wrong');
    }
    const { user, system } = process.threadCpuUsage(cpu);
    return { rounds, seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
  },
};

port.on('message', ({ id, kind, input }: { readonly id: number; readonly kind: JobKind; readonly input: unknown }) => {
  port.postMessage({ id, output: (work[kind] as (input: unknown) => unknown)(input) });
});
