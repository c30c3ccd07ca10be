/** authorities.*, the part about what stands above and below: limits of a CA, an issuing CA that a root here signs by files, and the SCEP key beside a CA's own. */
import { z } from 'zod';
import { authority } from './authorities.ts';
import { limits, limitsInput } from './limits.ts';
import { binaryFile, byId, extension, findings, fingerprints, id, pem, serial, sha256, time, version } from './values.ts';

/** What signing would make, or has made. */
const signedCa = z.strictObject({
  subject: z.string(),
  /** `RSA 3072`, `EC P-256`. */
  key: z.string(),
  /** Of the PKCS#10's DER, and of its key's SubjectPublicKeyInfo: to compare with what the other machine shows. */
  requestFingerprints: fingerprints,
  keyFingerprints: fingerprints,
  issuer: z.string(),
  notBefore: time,
  notAfter: time,
  ...limits,
  keyUsage: z.array(z.string()),
  extensions: z.array(extension),
});

export const hierarchyChannels = {
  /**
   * A root here signs the issuing CA of another machine: its PKCS#10, as PEM text or as base64 of a PEM or DER file. `preview: true` shows
   * everything that would be signed and signs nothing. Signed, it is a certificate of kind `authority` of this root: listed, exported, revoked like others.
   */
  'authorities.signRequest': {
    input: z.strictObject({
      authorityId: id,
      csr: z.string().min(1).max(200_000),
      years: z.number().int().min(1).max(30).default(5),
      ...limitsInput,
      preview: z.boolean().default(false),
    }),
    output: z.strictObject({
      preview: z.boolean(),
      plan: signedCa,
      /** What should be known before it is signed, worst first. */
      findings,
      /** Null in a preview. */
      certificate: z.strictObject({ id, serial, pem, sha256 }).nullable(),
      /** What to carry back: the certificate first, then the chain up to the root (PEM). Null in a preview. */
      file: binaryFile.nullable(),
    }),
  },
  /** From combined to split: an RSA-2048 SCEP key of its own, certified by the CA, is given out from now on; what devices enveloped to the CA's own key still opens. */
  'authorities.split': { input: byId.extend({ version }), output: authority },
  /** Back. Refused for an EC key, and where the CA's certificate allows no encryption to its key. */
  'authorities.combine': { input: byId.extend({ version }), output: authority },
  /** A new SCEP key and certificate now; by itself it happens well before the old one ends. Split mode only. */
  'authorities.renewScepKey': { input: byId.extend({ version: version.optional() }), output: authority },
} as const;
