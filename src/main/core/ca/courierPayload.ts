/**
 * What courier files say: JSON with bytes in base64, each kind with exactly these fields, all of them bounded. Reading proves nothing but the shape:
 * who wrote it is known by then, and whether it may be believed is judged where it is used.
 */
import { toBase64 } from '../lib/bytes.ts';
import type { Instant } from '../lib/instant.ts';
import type { GenerationState, KeyAlgorithm } from './authority.ts';
import type { CertificateKind, RevocationReason } from './certificateRecord.ts';
import type { CourierMachine, OwnKeyKind } from './courier.ts';
import type { Finding } from './enrolment.ts';
import { type Reader, Unfit, bytes, flag, instant, integer, list, nullable, object, oneOf, text } from './strictJson.ts';

export interface CarriedGeneration {
  readonly number: number;
  readonly state: Exclude<GenerationState, 'awaiting-certificate'>;
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly activateAt: Instant | null;
  readonly publishedAt: Instant | null;
  /** The answer to GetNextCACert as the signer's current key signed it. */
  readonly announcement: Uint8Array | null;
}

export interface CarriedAuthority {
  readonly id: string;
  readonly number: number;
  readonly commonName: string;
  readonly organization: string | null;
  readonly keyAlgorithm: KeyAlgorithm;
  readonly generations: readonly CarriedGeneration[];
}

export interface Invitation {
  readonly machine: CourierMachine;
  readonly authority: CarriedAuthority;
}

export interface CarriedKeyRequest {
  readonly kind: OwnKeyKind;
  readonly generation: number;
  /** PKCS#10: proof that the listener has the key. */
  readonly csr: Uint8Array;
}

export interface Acceptance {
  readonly machine: CourierMachine;
  /** Fingerprint of the machine that invited. */
  readonly invitedBy: string;
  readonly wanted: readonly CarriedKeyRequest[];
}

/** What a machine took in last from the other one. */
export interface Acknowledgement {
  readonly sequence: number;
  readonly sha256: string;
}

export type CarriedEvidence =
  | { readonly kind: 'challenge'; readonly label: string | null }
  | { readonly kind: 'certificate'; readonly certificateId: string; readonly serial: string }
  | { readonly kind: 'none' };

export interface CarriedRequest {
  readonly id: string;
  /** Holds its challenge: nothing but the box it travels in may show it. */
  readonly csr: Uint8Array;
  readonly endpoint: string;
  /** The generation whose SCEP key the device addressed. */
  readonly generation: number;
  readonly transactionId: string;
  readonly messageType: 'PKCSReq' | 'RenewalReq';
  readonly signerSpkiSha256: string;
  readonly signerCertificate: Uint8Array;
  readonly messageSha256: string;
  readonly source: string;
  readonly client: string | null;
  readonly receivedAt: Instant;
  readonly evidence: CarriedEvidence;
  /** By whom it was granted there: `policy`, or the admin's name. */
  readonly grantedBy: string | null;
  readonly matchedAt: Instant | null;
  readonly findings: readonly Finding[];
}

export interface CarriedWish {
  readonly generation: number;
  readonly serial: string;
  readonly reason: RevocationReason;
  readonly at: Instant;
}

/** A device that followed a rollover, or was seen during it, at the listener. */
export interface CarriedFollower {
  readonly certificateId: string;
  readonly source: string;
  readonly lastSeenAt: Instant;
  /** When it asked for the next CA certificate. */
  readonly fetchedAt: Instant | null;
}

export interface RequestsPayload {
  readonly ack: Acknowledgement | null;
  /** How many certificates of this authority the listener has. */
  readonly have: number;
  readonly publicBaseUrl: string | null;
  readonly crls: readonly { readonly generation: number; readonly number: number }[];
  readonly wanted: readonly CarriedKeyRequest[];
  readonly revocations: readonly CarriedWish[];
  readonly followers: readonly CarriedFollower[];
  readonly requests: readonly CarriedRequest[];
  /** These are all; what the signer has beyond them was closed at the listener. */
  readonly complete: boolean;
}

export interface CarriedCertificate {
  readonly id: string;
  readonly kind: CertificateKind;
  readonly generation: number;
  readonly requestId: string | null;
  readonly profileId: string | null;
  readonly renews: string | null;
  readonly issuedAt: Instant;
  readonly der: Uint8Array;
}

export interface CarriedAnswer {
  readonly id: string;
  /** Null: refused. */
  readonly certificateId: string | null;
  /** Why it was refused. */
  readonly reason: string | null;
  readonly decidedAt: Instant;
  readonly decidedBy: string;
}

export interface CertificatesPayload {
  readonly ack: Acknowledgement | null;
  readonly authority: CarriedAuthority;
  readonly crls: readonly { readonly generation: number; readonly number: number; readonly der: Uint8Array }[];
  /** Everything that is revoked or held now and has not expired: what is not among them is not revoked. */
  readonly revoked: readonly { readonly generation: number; readonly serial: string; readonly revokedAt: Instant; readonly reason: RevocationReason | null }[];
  readonly certificates: readonly CarriedCertificate[];
  readonly answers: readonly CarriedAnswer[];
  readonly undecided: number;
  /** Certificates are left for the next file. */
  readonly more: boolean;
}

export const MOST_REQUESTS = 2_000;
/** In one file; the rest comes with the next. */
export const MOST_CERTIFICATES = 5_000;
/** Of requests or certificates in one file: in base64, with a long revocation list beside them, they stay below what a file may have. */
export const MOST_CONTENT_BYTES = 12_000_000;
/** The rest shows at the listener alone. */
export const MOST_FOLLOWERS = 20_000;
const MOST_REVOKED = 200_000;
const MOST_GENERATIONS = 50;

const id = text(100, /^[0-9A-Za-z-]+$/);
const sha256 = text(64, /^[0-9a-f]{64}$/);
const serial = text(60, /^[0-9A-F]+$/);
const line = text(1_000);
const generation = integer(1, 10_000);
const certificate = bytes(65_536);
const REASONS = ['unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'certificateHold', 'privilegeWithdrawn', 'aACompromise'] as const satisfies readonly RevocationReason[];
const reason = oneOf<RevocationReason>(REASONS);

const machine = object<CourierMachine>({ name: text(64), signing: text(200, /^[A-Za-z0-9+/]+=*$/), agreement: text(200, /^[A-Za-z0-9+/]+=*$/) });

const authority = object<CarriedAuthority>({
  id,
  number: integer(1, 1_000_000),
  commonName: line,
  organization: nullable(line),
  keyAlgorithm: oneOf<KeyAlgorithm>(['rsa-2048', 'rsa-3072', 'rsa-4096', 'p256', 'p384']),
  generations: list(
    object<CarriedGeneration>({
      number: generation,
      state: oneOf<CarriedGeneration['state']>(['next', 'current', 'previous', 'retired']),
      certificate,
      chain: list(certificate, 10),
      activateAt: nullable(instant),
      publishedAt: nullable(instant),
      announcement: nullable(bytes(1_000_000)),
    }),
    MOST_GENERATIONS,
  ),
});

const wanted = list(object<CarriedKeyRequest>({ kind: oneOf<OwnKeyKind>(['scep', 'ocsp']), generation, csr: bytes(8_192) }), 2 * MOST_GENERATIONS);
// Far below what a header may bear: a machine goes on from what the other one says that it has seen.
const ack = nullable(object<Acknowledgement>({ sequence: integer(1, 500_000_000), sha256 }));

const evidence: Reader<CarriedEvidence> = (value) => {
  const kind = oneOf(['challenge', 'certificate', 'none'] as const)((value as { readonly kind?: unknown } | null)?.kind);
  switch (kind) {
    case 'challenge':
      return object<Extract<CarriedEvidence, { kind: 'challenge' }>>({ kind: oneOf([kind]), label: nullable(line) })(value);
    case 'certificate':
      return object<Extract<CarriedEvidence, { kind: 'certificate' }>>({ kind: oneOf([kind]), certificateId: id, serial })(value);
    case 'none':
      return object<Extract<CarriedEvidence, { kind: 'none' }>>({ kind: oneOf([kind]) })(value);
  }
};

const request = object<CarriedRequest>({
  id,
  csr: bytes(65_536),
  endpoint: line,
  generation,
  transactionId: line,
  messageType: oneOf(['PKCSReq', 'RenewalReq'] as const),
  signerSpkiSha256: sha256,
  signerCertificate: certificate,
  messageSha256: sha256,
  source: line,
  client: nullable(line),
  receivedAt: instant,
  evidence,
  grantedBy: nullable(line),
  matchedAt: nullable(instant),
  findings: list(object<Finding>({ code: text(100, /^[a-z0-9-]+$/), severity: oneOf<Finding['severity']>(['info', 'notice', 'warning', 'danger']), text: text(2_000) }), 50),
});

const READERS = {
  invitation: object<Invitation>({ machine, authority }),
  acceptance: object<Acceptance>({ machine, invitedBy: sha256, wanted }),
  requests: object<RequestsPayload>({
    ack,
    have: integer(0, 1_000_000_000),
    publicBaseUrl: nullable(line),
    crls: list(object<RequestsPayload['crls'][number]>({ generation, number: integer(0, Number.MAX_SAFE_INTEGER) }), MOST_GENERATIONS),
    wanted,
    revocations: list(object<CarriedWish>({ generation, serial, reason, at: instant }), MOST_REVOKED),
    followers: list(object<CarriedFollower>({ certificateId: id, source: line, lastSeenAt: instant, fetchedAt: nullable(instant) }), MOST_FOLLOWERS),
    requests: list(request, MOST_REQUESTS),
    complete: flag,
  }),
  certificates: object<CertificatesPayload>({
    ack,
    authority,
    crls: list(object<CertificatesPayload['crls'][number]>({ generation, number: integer(0, Number.MAX_SAFE_INTEGER), der: bytes(16_000_000) }), MOST_GENERATIONS),
    revoked: list(object<CertificatesPayload['revoked'][number]>({ generation, serial, revokedAt: instant, reason: nullable(reason) }), MOST_REVOKED),
    certificates: list(
      object<CarriedCertificate>({
        id,
        kind: oneOf<CertificateKind>(['device', 'authority', 'scep', 'ocsp']),
        generation,
        requestId: nullable(id),
        profileId: nullable(id),
        renews: nullable(id),
        issuedAt: instant,
        der: certificate,
      }),
      MOST_CERTIFICATES + MOST_REQUESTS,
    ),
    answers: list(object<CarriedAnswer>({ id, certificateId: nullable(id), reason: nullable(line), decidedAt: instant, decidedBy: line }), 10 * MOST_REQUESTS),
    undecided: integer(0, 1_000_000),
    more: flag,
  }),
} as const;

export interface Payloads {
  readonly invitation: Invitation;
  readonly acceptance: Acceptance;
  readonly requests: RequestsPayload;
  readonly certificates: CertificatesPayload;
}

export const writePayload = (payload: Payloads[keyof Payloads]): string => JSON.stringify(withText(payload));

/** Bytes as base64, before JSON sees them: some kinds of byte arrays have a written form of their own. */
function withText(value: unknown): unknown {
  if (value instanceof Uint8Array) return toBase64(value);
  if (Array.isArray(value)) return value.map(withText);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withText(field)])) : value;
}

/** False for what a device made so long that the other machine would refuse the whole file for it. */
export function fitsFile(carried: CarriedRequest): boolean {
  try {
    request(withText(carried));
    return true;
  } catch (error) {
    if (error instanceof Unfit) return false;
    throw error;
  }
}

/** Undefined where the text is not what this kind of file says. */
export function readPayload<K extends keyof Payloads>(kind: K, written: string): Payloads[K] | undefined {
  try {
    return READERS[kind](JSON.parse(written) as unknown) as Payloads[K];
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Unfit) return undefined;
    throw error;
  }
}
