/** A private key as encrypted PKCS #8 (RFC 5958 3): PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC, which every tool of the last ten years opens. */
import { type KeyObject, createCipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { writeInteger, writeNull, writeOctetString, writeOid, writeSequence } from '../../core/pki/der.ts';
import { OID } from '../../core/pki/oids.ts';

/** Node's own writer counts to 2 048 only: a passphrase that a person can type needs more. */
const ITERATIONS = 600_000;

const derive = promisify(pbkdf2);

export async function sealPrivateKey(key: KeyObject, passphrase: string): Promise<Uint8Array> {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const plaintext = key.export({ type: 'pkcs8', format: 'der' });
  const secret = await derive(Buffer.from(passphrase, 'utf8'), salt, ITERATIONS, 32, 'sha256');
  try {
    const cipher = createCipheriv('aes-256-cbc', secret, iv);
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    const derivation = writeSequence(writeOid(OID.pbkdf2), writeSequence(writeOctetString(salt), writeInteger(ITERATIONS), writeSequence(writeOid(OID.hmacWithSha256), writeNull())));
    const encryption = writeSequence(writeOid(OID.aes256Cbc), writeOctetString(iv));
    return writeSequence(writeSequence(writeOid(OID.pbes2), writeSequence(derivation, encryption)), writeOctetString(sealed));
  } finally {
    plaintext.fill(0);
    secret.fill(0);
  }
}
