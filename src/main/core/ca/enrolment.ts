/** One request in the queue: what a device asked for, how it proved itself, what was odd, and what became of it. */
import type { Instant } from '../lib/instant.ts';
import type { CsrFingerprints } from '../pki/fingerprints.ts';

export type RequestState = 'pending' | 'approved' | 'issued' | 'refused' | 'expired' | 'superseded';

export type Severity = 'info' | 'notice' | 'warning' | 'danger';

/** Something odd that an admin should see before deciding. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly text: string;
}

export type Proof =
  | { readonly kind: 'challenge'; readonly challengeId: string; readonly label: string | null }
  | { readonly kind: 'certificate'; readonly certificateId: string; readonly serial: string }
  | { readonly kind: 'none' };

export interface EnrolmentRequest {
  readonly id: string;
  readonly version: number;
  readonly state: RequestState;
  readonly endpointId: string;
  readonly authorityId: string;
  /** The generation whose SCEP key the envelope named. */
  readonly generation: number;
  readonly profileId: string;
  readonly transactionId: string;
  /** SHA-256 of the message signer's SubjectPublicKeyInfo, lower hex: with the endpoint and the transactionID it is who polls. */
  readonly signerSpkiSha256: string;
  /** DER of the certificate that signed the message: replies are enveloped to it. */
  readonly signerCertificate: Uint8Array;
  readonly messageType: 'PKCSReq' | 'RenewalReq';
  /** SHA-256 of the message's bytes: identical bytes are known without opening them. */
  readonly messageSha256: string;
  readonly subject: string;
  readonly subjectAltNames: readonly string[];
  /** `RSA 2048`, `EC P-256`. */
  readonly key: string;
  readonly fingerprints: CsrFingerprints;
  /** The CSR sealed under a vault key: it holds its challenge (DESIGN section 4). */
  readonly sealedCsr: Uint8Array;
  readonly proof: Proof;
  readonly findings: readonly Finding[];
  readonly source: string;
  readonly clientGuess: string | null;
  readonly receivedAt: Instant;
  readonly lastSeenAt: Instant;
  readonly polls: number;
  /** When a waiting request lapses. */
  readonly expiresAt: Instant;
  readonly matchedAt: Instant | null;
  readonly decidedAt: Instant | null;
  readonly decidedBy: string | null;
  /** Why it was refused: a stable code and the admin's or the CA's words. */
  readonly refusal: { readonly code: string; readonly reason: string } | null;
  /** The device was told the refusal (or given the certificate): a refusal can be reopened until then. */
  readonly toldAt: Instant | null;
  readonly certificateId: string | null;
  /** Cipher and key transport of the request, for replies that are sealed later. */
  readonly replyCipher: string;
  readonly replyKeyTransport: string;
}
