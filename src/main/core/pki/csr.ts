import type { Result } from '../lib/result.ts';
import type { PublicKeyInfo, Unsupported } from './algorithms.ts';
import type { PublicCrypto, Sign, SignatureScheme } from './crypto.ts';
import type { Extension, ExtensionView } from './extensions.ts';
export interface Csr extends ExtensionView {
  readonly der: Uint8Array;
  /** The signed bytes. */
  readonly info: Uint8Array;
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly publicKey: PublicKeyInfo;
  readonly signatureAlgorithm: SignatureScheme | Unsupported;
  readonly signature: Uint8Array;
  /** Of every extension request attribute (PKCS #9, Microsoft, VeriSign). */
  readonly extensions: readonly Extension[];
  readonly challengePassword?: string;
  readonly challengeCount: number;
  readonly templateName?: string;
  readonly templateOid?: string;
  readonly nameValuePairs: readonly { readonly name: string; readonly value: string }[];
  readonly unstructuredName?: string;
  readonly attributeOids: readonly string[];
}
export interface CsrContents {
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
  readonly challengePassword?: string;
}
export function parseCsr(der: Uint8Array): Result<Csr, string> { throw new Error('not written yet'); }
/** Proof of possession: the CSR's signature verifies with its own key. */
export function verifyCsr(csr: Csr, crypto: PublicCrypto): boolean { throw new Error('not written yet'); }
export function writeCsr(contents: CsrContents, scheme: SignatureScheme, sign: Sign): Uint8Array { throw new Error('not written yet'); }
