/** Files of other products that need more than core to be read: private keys (looked at, never taken here) and XCA's SQLite databases. */
import type { Result } from '../../core/lib/result.ts';
import type { KeyFileProblem } from './keyFiles.ts';

export interface LookedAtFile {
  /** SubjectPublicKeyInfo of each private key in it that opens. */
  readonly keys: readonly Uint8Array[];
  /** Certificates that were sealed in it together with a key. */
  readonly certificates: readonly Uint8Array[];
  /** Why a key in it does not open, or is none. */
  readonly problem: KeyFileProblem | null;
}

export interface XcaContents {
  readonly schema: number;
  /** DER, with the name that it has in the database. */
  readonly certificates: readonly { readonly name: string; readonly der: Uint8Array }[];
  /** Encrypted PKCS #8 of the CAs' keys. */
  readonly keys: readonly { readonly name: string; readonly der: Uint8Array }[];
  readonly crls: readonly { readonly name: string; readonly der: Uint8Array }[];
  /** Of the CA with this certificate: times as `YYYYMMDDHHMMSSZ`, reasons by RFC 5280's numbers. */
  readonly revocations: readonly { readonly issuerDer: Uint8Array; readonly serial: string; readonly date: string; readonly reason: number }[];
  /** Highest number of a CRL that was made, by the CA's certificate. */
  readonly crlNumbers: readonly { readonly issuerDer: Uint8Array; readonly number: number }[];
  /** Rows that cannot be read, in sentences. */
  readonly unreadable: readonly string[];
  /** Items of other kinds that stay where they are: keys of devices, requests, templates. */
  readonly others: { readonly keys: number; readonly requests: number; readonly templates: number };
}

export interface MigrationFiles {
  /** In the order of the files; all of them together may cost only so much. */
  look(files: readonly Uint8Array[], passphrase: string | undefined): Promise<readonly LookedAtFile[]>;
  /** The error is a sentence. */
  readXca(database: Uint8Array): Result<XcaContents, string>;
}
