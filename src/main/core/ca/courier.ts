/**
 * The courier: two machines that share one authority and no network. The listener meets the devices and has no CA key; the signer has it and meets nobody.
 * What each keeps of the other, and the rules of order between their files. What the files say stands in courierPayload, how they are framed in courierFile.
 */
import { concat } from '../lib/bytes.ts';
import { DAY, type Instant } from '../lib/instant.ts';

export type CourierRole = 'listener' | 'signer';

/** Who wrote a file: both keys, DER SubjectPublicKeyInfo in base64. */
export interface CourierMachine {
  readonly name: string;
  /** Ed25519: signs files. */
  readonly signing: string;
  /** P-256: files are encrypted to it. */
  readonly agreement: string;
}

/** A file that was written or taken in. */
export interface CourierMark {
  readonly sequence: number;
  /** Of the whole file, lower hex. */
  readonly sha256: string;
  readonly at: Instant;
}

export type OwnKeyKind = 'scep' | 'ocsp';

/** A key of the listener's that waits for its certificate. */
export interface WantedKey {
  readonly kind: OwnKeyKind;
  readonly generation: number;
  readonly keyId: string;
  readonly spkiSha256: string;
  /** PKCS#10 in base64: signed once, when the key was made. */
  readonly csr: string;
}

/** Signer: what the listener has when it took in the file with this number. */
export interface Delivery {
  readonly sequence: number;
  /** Certificates, oldest first. */
  readonly upTo: number;
  /** Of them, those that no file carried: their generation was withdrawn before. */
  readonly leftOut?: number;
}

/** A pairing, as one of the two machines keeps it; both know it by the same id. */
export interface CourierLink {
  readonly id: string;
  readonly version: number;
  readonly role: CourierRole;
  readonly state: 'invited' | 'accepted' | 'paired';
  readonly authorityId: string;
  readonly authority: string;
  readonly own: CourierMachine;
  readonly signingKeyId: string;
  readonly agreementKeyId: string;
  /** Null while only the invitation was written. */
  readonly peer: CourierMachine | null;
  readonly createdAt: Instant;
  readonly pairedAt: Instant | null;
  readonly sent: CourierMark | null;
  readonly received: CourierMark | null;
  /** Number of the last file from here that the other machine says it took in; 0: none. */
  readonly peerGot: number;
  /** Listener: own keys without a certificate. */
  readonly wanted: readonly WantedKey[];
  /** Signer: how many certificates, oldest first, the listener has for certain. */
  readonly delivered: number;
  /** Signer: the last files, oldest first. */
  readonly deliveries: readonly Delivery[];
}

/** Signer: a request that the listener waits for an answer to; it has the same id there and here. Gone when the answer has arrived. */
export interface CourierItem {
  readonly id: string;
  readonly linkId: string;
  /** It was granted there already: `acceptGranted` may issue it. */
  readonly granted: boolean;
  /** Number of the first file that carried its answer. */
  readonly sentIn: number | null;
}

export type CourierRefusalCode =
  | 'courier-foreign'
  | 'courier-damaged'
  | 'courier-truncated'
  | 'courier-newer'
  | 'courier-wrong-direction'
  | 'courier-replayed'
  | 'courier-rollback'
  | 'courier-too-large';

/** What the fingerprint of a machine is made of: both public keys. */
export const machineBytes = (signing: Uint8Array, agreement: Uint8Array): Uint8Array => concat([Uint8Array.from([signing.length]), signing, Uint8Array.from([agreement.length]), agreement]);

/** Where a file stands in the order of its sender's files. */
export type Place = 'next' | 'after-gap' | 'same' | 'replayed';

/**
 * Files are numbered and each names the one before it. A stick may get lost, for each file carries all that is open: gaps are no harm.
 * An older number, or another file in the place of one that was taken in, is a replay or comes from a machine that was put back.
 */
export function placeOfFile(received: CourierMark | null, file: { readonly sequence: number; readonly previous: string | null; readonly sha256: string }): Place {
  const last = received?.sequence ?? 0;
  if (received !== null && file.sequence === last) return file.sha256 === received.sha256 ? 'same' : 'replayed';
  if (file.sequence < last + 1) return 'replayed';
  if (file.sequence > last + 1) return 'after-gap';
  return received === null || file.previous === received.sha256 ? 'next' : 'replayed';
}

/**
 * What was written here, as far as the other machine knows: where it has seen a later file than this machine remembers, or another one under the same
 * number, this machine was put back to an older state, and goes on from what was seen.
 */
export function resumeAfter(sent: CourierMark | null, ack: { readonly sequence: number; readonly sha256: string } | null, at: Instant): { readonly sent: CourierMark | null; readonly putBack: boolean } {
  const last = sent?.sequence ?? 0;
  if (ack === null || ack.sequence < last || (ack.sequence === last && ack.sha256 === sent?.sha256)) return { sent, putBack: false };
  return { sent: { ...ack, at }, putBack: true };
}

/** Nobody lists more files than that without an answer in between. */
export const DELIVERIES_KEPT = 50;

/** True when a key of the listener's should get a successor with the next run: a run may be months away, so well before its end. */
export const ownKeyDue = ({ notBefore, notAfter }: { readonly notBefore: Instant; readonly notAfter: Instant }, issuer: { readonly notAfter: Instant }, now: Instant): boolean =>
  now >= notBefore + (notAfter - notBefore) / 3 && issuer.notAfter > notAfter;

const OCSP_SIGNER_LEAST_DAYS = 30;
// Nobody asks whether it was revoked: lint allows no more.
const OCSP_SIGNER_MOST_DAYS = 90;

/** An OCSP signer that the courier brings must outlast the time between two runs, which is what the life of a CRL is chosen for. */
export const courierOcspDays = (crlDays: number): number => Math.min(OCSP_SIGNER_MOST_DAYS, Math.max(OCSP_SIGNER_LEAST_DAYS, 2 * crlDays));

export type DueSeverity = 'info' | 'warning' | 'danger';

/** How urgent a run is for something with this life: a third of it left is a warning, a tenth or less an alarm. */
export function dueSeverity({ from, until }: { readonly from: Instant; readonly until: Instant }, now: Instant): DueSeverity {
  const left = until - now;
  const life = Math.min(until - from, 180 * DAY);
  return left <= life / 10 ? 'danger' : left <= life / 3 ? 'warning' : 'info';
}
