/**
 * The product's two message functions at a test CA, without anything around them: open a request, seal a reply.
 * The raw RSA operation and the signature are node:crypto's through the product's own adapter.
 */
import { createNodeCrypto, rawRsaDecrypt, signWith } from '../../src/main/adapters/crypto/nodeCrypto.ts';
import type { Compatibility } from '../../src/main/core/pki/compatibility.ts';
import type { PublicCrypto } from '../../src/main/core/pki/crypto.ts';
import type { MessageFrame, OpenOptions, OpenOutcome, Reply, SealOptions } from '../../src/main/core/scep/message.ts';
import { openMessage } from '../../src/main/core/scep/openMessage.ts';
import { sealReply } from '../../src/main/core/scep/sealReply.ts';
import { type TestCa, recipientOf, testCa } from './forge.ts';

export const nodeCrypto = createNodeCrypto();

export interface OpeningOptions {
  readonly compatibility?: Compatibility;
  /** CAs whose certificates envelopes may be addressed to; the first test CA without it. */
  readonly cas?: readonly TestCa[];
  readonly skipContent?: boolean;
  /** Counts private-key operations. */
  readonly onDecrypt?: () => void;
  /** Counts everything else. */
  readonly crypto?: PublicCrypto;
}

/** Opens a message as a standard endpoint of the first test CA, or as asked. */
export function open(
  bytes: Uint8Array,
  { compatibility = 'standard', cas = [testCa()], skipContent = false, onDecrypt, crypto = nodeCrypto }: OpeningOptions = {},
): OpenOutcome {
  const options: OpenOptions = { compatibility, recipients: cas.map((ca, i) => recipientOf(ca, `ca${i}`)), skipContent };
  return openMessage(bytes, options, {
    crypto,
    decryptFor: (keyId) => {
      const ca = cas[Number(keyId.replace('key-ca', ''))];
      const decrypt = ca === undefined ? undefined : rawRsaDecrypt(ca.key.privateKey);
      return decrypt === undefined ? undefined : (ciphertext) => (onDecrypt?.(), decrypt(ciphertext));
    },
  });
}

export type Request = OpenOutcome & { readonly kind: 'request' };

/** Opens what must be a good request. */
export function openRequest(bytes: Uint8Array, options?: OpeningOptions): Request {
  const outcome = open(bytes, options);
  if (outcome.kind !== 'request') throw new Error(`no request: ${JSON.stringify(outcome.kind === 'fault' ? outcome.fault : outcome)}`);
  return outcome;
}

/** Opens what must be a request with a PKCS #10. */
export function openCsr(bytes: Uint8Array, options?: OpeningOptions): Request['content'] & { readonly kind: 'csr' } {
  const { content } = openRequest(bytes, options);
  if (content.kind !== 'csr') throw new Error(`the content is ${content.kind}`);
  return content;
}

/** The fault code of a message that can be answered; its kind otherwise. */
export function faultOf(bytes: Uint8Array, options?: OpeningOptions): string {
  const outcome = open(bytes, options);
  return outcome.kind === 'fault' ? outcome.fault.code : outcome.kind;
}

/** Seals a reply signed by the test CA, mirroring the envelope of a request where there is one. */
export function seal(reply: Reply, of: MessageFrame | OpenOutcome, options: Partial<SealOptions> & { readonly ca?: TestCa } = {}): Uint8Array {
  const { ca = testCa(), ...rest } = options;
  if ('kind' in of && of.kind === 'unanswerable') throw new Error(`unanswerable: ${of.reason}`);
  const frame = 'kind' in of ? of.frame : of;
  const envelope = 'kind' in of && of.kind === 'request' ? of.envelope : undefined;
  return sealReply(
    reply,
    frame,
    {
      signerCertificate: ca.certificate,
      cipher: envelope?.cipher ?? 'aes-128-cbc',
      keyTransport: envelope?.keyTransport ?? { kind: 'rsaes-pkcs1' },
      emptyContent: false,
      password: undefined,
      ...rest,
    },
    { crypto: nodeCrypto, sign: signWith(ca.key.privateKey) },
  );
}
