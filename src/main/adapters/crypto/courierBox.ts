/**
 * The box of a courier file: ephemeral-static ECDH on P-256, HKDF-SHA-256, AES-256-GCM. A fresh key for each file, so the nonce can repeat nothing;
 * it is random all the same. ephemeral SPKI (91) | nonce (12) | ciphertext | tag (16). What stands before the box in the file is authenticated with it.
 */
import { type KeyObject, createCipheriv, createDecipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto';

const SPKI_LENGTH = 91;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const INFO = 'countersign courier box v1';

const spkiBytes = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

function boxKey(own: KeyObject, other: KeyObject, ephemeral: Uint8Array, recipient: Uint8Array): Buffer {
  const shared = diffieHellman({ privateKey: own, publicKey: other });
  const key = Buffer.from(hkdfSync('sha256', shared, Buffer.concat([ephemeral, recipient]), INFO, 32));
  shared.fill(0);
  return key;
}

/** `headOf` is given the box's length before anything is sealed. Throws where the SPKI is no P-256 key. */
export function sealCourierBox(recipientSpki: Uint8Array, headOf: (boxLength: number) => Uint8Array, text: string): { readonly head: Uint8Array; readonly box: Uint8Array } {
  const plaintext = Buffer.from(text, 'utf8');
  const recipient = p256Of(recipientSpki);
  if (recipient === undefined) throw new Error('the paired machine’s key is not on P-256');
  const head = headOf(SPKI_LENGTH + NONCE_LENGTH + plaintext.length + TAG_LENGTH);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ephemeral = spkiBytes(publicKey);
  const key = boxKey(privateKey, recipient, ephemeral, recipientSpki);
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(head);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  key.fill(0);
  plaintext.fill(0);
  return { head, box: new Uint8Array(Buffer.concat([ephemeral, nonce, ciphertext, cipher.getAuthTag()])) };
}

/** Undefined where a bit of head or box, or the key, is another one. */
export function openCourierBox(key: KeyObject, head: Uint8Array, box: Uint8Array): string | undefined {
  if (box.length < SPKI_LENGTH + NONCE_LENGTH + TAG_LENGTH) return undefined;
  const ephemeral = box.subarray(0, SPKI_LENGTH);
  const other = p256Of(ephemeral);
  if (other === undefined) return undefined;
  const secret = boxKey(key, other, ephemeral, spkiBytes(createPublicKey(key)));
  const decipher = createDecipheriv('aes-256-gcm', secret, box.subarray(SPKI_LENGTH, SPKI_LENGTH + NONCE_LENGTH), { authTagLength: TAG_LENGTH });
  secret.fill(0);
  decipher.setAAD(head);
  decipher.setAuthTag(box.subarray(box.length - TAG_LENGTH));
  const plaintext = decipher.update(box.subarray(SPKI_LENGTH + NONCE_LENGTH, box.length - TAG_LENGTH));
  try {
    decipher.final();
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext);
  } catch {
    return undefined;
  } finally {
    plaintext.fill(0);
  }
}

/** A public key on P-256, its point checked to be on the curve; undefined for anything else. */
export function p256Of(spki: Uint8Array): KeyObject | undefined {
  if (spki.length !== SPKI_LENGTH) return undefined;
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}
