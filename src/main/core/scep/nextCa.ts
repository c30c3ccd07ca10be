/**
 * The answer to GetNextCACert (RFC 8894 4.7.1): SignedData whose content is a degenerate one with the next CA certificates, signed by the CA key of now.
 * The same certificates stand beside the signatures as well: sscep reads the content, jscep the outer set, and there it takes the first that fits,
 * so the next ones come before the signers' (SCEP.md A11.2).
 *
 * In split mode the RFC's signer is still the CA key; jscep verifies with the certificate that it talks to, the SCEP key's. Both sign: a client looks
 * for the signer that it knows, and whoever verifies all of them finds two signatures that hold (SCEP.md A11.3).
 */
import { type Result, err, ok } from '../lib/result.ts';
import { equalBytes } from '../lib/bytes.ts';
import { writeSignatureAlgorithm } from '../pki/algorithms.ts';
import { issuerAndSerialDer, parseCertificate } from '../pki/certificate.ts';
import type { PublicCrypto, SignatureScheme } from '../pki/crypto.ts';
import { decoding } from '../pki/der.ts';
import { RSA_SIGNATURE_ALGORITHM, type SignerContents, parseSignedData, writeCertsOnly, writeDataAttributes, writeDataSignedBy } from '../pki/signedData.ts';

export const NEXT_CA_CONTENT_TYPE = 'application/x-x509-next-ca-cert';

export interface NextCaSigner {
  readonly certificate: Uint8Array;
  readonly spki: Uint8Array;
  readonly scheme: Extract<SignatureScheme, { kind: 'rsa-pkcs1' | 'ecdsa' }>;
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array>;
}

/** Signs these certificates, the one that envelopes will be addressed to first. Throws where a signature does not verify. */
export async function writeNextCa(certificates: readonly Uint8Array[], signers: readonly NextCaSigner[], crypto: PublicCrypto): Promise<Uint8Array> {
  const content = writeCertsOnly(certificates);
  const infos: SignerContents[] = [];
  for (const { certificate, spki, scheme, sign } of signers) {
    const parsed = parseCertificate(certificate);
    if (!parsed.ok) throw new Error(`the certificate of the key that announces the next CA cannot be read: ${parsed.error}`);
    const attributes = writeDataAttributes(crypto.digest(scheme.digest, content));
    const signature = await sign(attributes);
    // A signature that went wrong in a faulty machine must not leave it: an RSA-CRT fault would give the key away (Boneh et al. 1997).
    if (!crypto.verify(spki, scheme, attributes, signature)) throw new Error('the signature on the next CA certificate does not verify');
    const algorithm = scheme.kind === 'rsa-pkcs1' ? RSA_SIGNATURE_ALGORITHM : writeSignatureAlgorithm(scheme);
    infos.push({ digest: scheme.digest, signer: issuerAndSerialDer(parsed.value), attributes, algorithm, signature });
  }
  return writeDataSignedBy(content, [...certificates, ...signers.map(({ certificate }) => certificate)], infos);
}

/**
 * An answer that somebody else signed with one key, and with a further one besides: the key that devices talk to is not where the CA's is. Undefined
 * `own`: it is only proven. An error where the first signature does not hold.
 */
export async function joinNextCa(bytes: Uint8Array, first: Omit<NextCaSigner, 'sign'>, own: NextCaSigner | undefined, crypto: PublicCrypto): Promise<Result<Uint8Array, string>> {
  const read = decoding(() => {
    const { content, signers } = parseSignedData(bytes);
    return content === undefined ? undefined : { content, certificates: parseSignedData(content).certificates, signature: signers[0]?.signature };
  });
  if (!read.ok) return read;
  const { content, certificates, signature } = read.value ?? {};
  if (content === undefined || certificates === undefined || signature === undefined) return err('nobody signed it');
  const attributes = writeDataAttributes(crypto.digest(first.scheme.digest, content));
  if (!crypto.verify(first.spki, first.scheme, attributes, signature)) return err('its signature does not hold');
  const held: NextCaSigner = { ...first, sign: () => Promise.resolve(signature) };
  return ok(await writeNextCa(certificates, own === undefined ? [held] : [held, own], crypto));
}

export interface NextCaAnswer {
  readonly inner: readonly Uint8Array[];
  readonly outer: readonly Uint8Array[];
}

/** What an answer of ours holds; signatures are not looked at. */
export function readNextCa(bytes: Uint8Array): Result<NextCaAnswer, string> {
  return decoding(() => {
    const { content, certificates } = parseSignedData(bytes);
    return { inner: content === undefined ? [] : parseSignedData(content).certificates, outer: certificates };
  });
}

/** Why an answer may not be kept as ours: it does not hold these certificates, or is signed by none of these. Undefined where it is good. */
export function nextCaProblem(bytes: Uint8Array, certificates: readonly Uint8Array[], signers: readonly Uint8Array[]): string | undefined {
  const read = readNextCa(bytes);
  if (!read.ok) return read.error;
  const same = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean => a.length === b.length && a.every((der, i) => b[i] !== undefined && equalBytes(der, b[i]));
  if (!same(read.value.inner, certificates)) return 'it gives other certificates';
  return same(read.value.outer, [...certificates, ...signers]) ? undefined : 'it is signed by others';
}

