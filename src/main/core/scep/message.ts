/**
 * What a SCEP message is once it is read, and what an answer is before it is written (RFC 8894 sections 3 and 4).
 * Only values: openMessage makes the first kind, sealReply takes the second. Everything here survives a structured clone.
 */
import type { CipherName, DigestName, KeyTransport, PublicCrypto, RawRsaDecrypt, Sign } from '../pki/crypto.ts';
import type { Compatibility } from '../pki/compatibility.ts';
import type { Csr } from '../pki/csr.ts';
import type { CsrFingerprints } from '../pki/fingerprints.ts';

/** The request types that this CA answers. The union is closed: every other messageType is a fault (CVE-2026-30836 was an open one). */
export type RequestType = 'PKCSReq' | 'RenewalReq' | 'CertPoll' | 'GetCert' | 'GetCRL';

/** What can be wrong with a message that can still be answered; failInfo.ts says what a device is told. */
export type FaultCode =
  | 'unsupported-digest'
  | 'unsupported-signature-algorithm'
  | 'unsupported-cipher'
  | 'unsupported-key-transport'
  | 'unsupported-recipient'
  | 'bad-signature'
  | 'unknown-message-type'
  | 'missing-envelope'
  | 'unencrypted-content'
  | 'wrong-recipient'
  | 'undecryptable'
  | 'signer-key-mismatch'
  | 'bad-attributes'
  | 'unreplyable-key';

export interface Fault {
  readonly code: FaultCode;
  /** For the admin's log, never for the device: what exactly was met, without any secret. */
  readonly detail: string;
}

/** The certificate that signed a message. */
export interface Signer {
  readonly certificate: Uint8Array;
  readonly spki: Uint8Array;
  readonly spkiSha256: string;
  /** Issuer and subject are equal and the signature verifies with its own key. */
  readonly selfSigned: boolean;
  /** DER Name. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Upper hex. */
  readonly serial: string;
  /** An RSA key: replies are enveloped to it by key transport; another key needs a password recipient (RFC 8894 3.1). */
  readonly canDecrypt: boolean;
}

/** What a reply must repeat or mirror, known as soon as the outer SignedData is read. */
export interface MessageFrame {
  readonly messageSha256: string;
  readonly transactionId: string;
  readonly senderNonce: Uint8Array;
  /** The messageType attribute as text, whether known or not. */
  readonly messageType: string;
  readonly digest: DigestName;
  readonly signer: Signer;
}

export type MessageContent =
  | { readonly kind: 'csr'; readonly csr: Csr; readonly fingerprints: CsrFingerprints }
  | { readonly kind: 'issuer-and-serial'; readonly issuer: Uint8Array; readonly serial: string }
  /** Not opened, because the caller asked so or because it carries nothing that is needed (CertPoll, SCEP.md A7.16). */
  | { readonly kind: 'unopened' };

/** How the request was enveloped, so that the reply can mirror it. */
export interface EnvelopeFacts {
  readonly cipher: CipherName;
  readonly keyTransport: KeyTransport;
  /** Which of our SCEP identities the envelope named. */
  readonly recipientId: string;
}

export type OpenOutcome =
  /** `envelope` is undefined where the message was not opened and its envelope is none that could be. */
  | {
      readonly kind: 'request';
      readonly type: RequestType;
      readonly frame: MessageFrame;
      readonly content: MessageContent;
      readonly envelope: EnvelopeFacts | undefined;
    }
  /** Wrong, but a signed FAILURE can say so (SCEP.md A2.33). */
  | {
      readonly kind: 'fault';
      readonly fault: Fault;
      readonly frame: MessageFrame;
      readonly type: RequestType | undefined;
      /** Which of our SCEP identities the envelope named, where it can be read: the one that the sender knows, and by which the FAILURE is signed. */
      readonly recipientId?: string;
    }
  /** Nothing can be signed back meaningfully: HTTP 400 (SCEP.md A2.32). */
  | { readonly kind: 'unanswerable'; readonly reason: string };

/** A certificate that envelopes may be addressed to. */
export interface Recipient {
  readonly id: string;
  /** DER Name and serial (upper hex) of its certificate; SubjectKeyIdentifier in lower hex. */
  readonly issuer: Uint8Array;
  readonly serial: string;
  readonly subjectKeyId: string;
  readonly keyId: string;
}

export interface OpenOptions {
  readonly compatibility: Compatibility;
  readonly recipients: readonly Recipient[];
  /** Verify the signature and read the attributes only: for messages whose bytes were seen before. */
  readonly skipContent: boolean;
}

export interface OpenTools {
  readonly crypto: PublicCrypto;
  /** The raw decrypt of the key with this id; undefined when it is not in memory. */
  readonly decryptFor: (keyId: string) => RawRsaDecrypt | undefined;
}

/** failInfo values of RFC 8894 section 3.2.1.4.1 (badAlg 0 … badCertId 4). */
export type FailInfo = 'badAlg' | 'badMessageCheck' | 'badRequest' | 'badTime' | 'badCertId';

export type Reply =
  /** The issued certificate first; CA certificates behind it where the endpoint wants them. */
  | { readonly kind: 'success'; readonly certificates: readonly Uint8Array[] }
  | { readonly kind: 'crl'; readonly crl: Uint8Array }
  | { readonly kind: 'pending' }
  | { readonly kind: 'failure'; readonly failInfo: FailInfo; readonly text: string };

export interface SealOptions {
  /** Certificate of the SCEP key that signs, as GetCACert gives it out (SCEP.md J.12), DER. */
  readonly signerCertificate: Uint8Array;
  /** What the request used, or the default where that is unknown (AES-128, PKCS#1 v1.5). */
  readonly cipher: CipherName;
  readonly keyTransport: KeyTransport;
  /** PENDING and FAILURE with an empty eContent instead of none (SCEP.md J.1). */
  readonly emptyContent: boolean;
  /** The CSR's challengePassword, for signers whose key cannot decrypt (password recipient). */
  readonly password: string | undefined;
}

export interface SealTools {
  readonly crypto: PublicCrypto;
  readonly sign: Sign;
}
