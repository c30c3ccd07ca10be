/**
 * Where everything durable lives. Reads are questions; a write is ONE change-set with its expectations, applied whole or not at all.
 * A failed expectation comes back as a conflict: the caller makes its decision again on fresh facts.
 * A commit resolves only when it is on disk (the SQLite store groups concurrent ones), and the audit entries are chained in commit order.
 */
import type { Result } from '../../core/lib/result.ts';
import type { Instant } from '../../core/lib/instant.ts';
import type { NewGeneration, Follower, Survey, SurveyQuery } from '../../core/ca/adoption.ts';
import type { Authority, Generation, ScepIdentity, StoredKey } from '../../core/ca/authority.ts';
import type { Actor, AuditEntry, AuditEvent, AuditHead, AuditOutcome } from '../../core/ca/audit.ts';
import type { CertificateKind, CertificateRecord, CertificateState, CrlRecord, IssuanceIntent, RevocationReason, RevokedSerial } from '../../core/ca/certificateRecord.ts';
import type { Challenge, ChallengeState } from '../../core/ca/challenge.ts';
import type { CourierItem, CourierLink } from '../../core/ca/courier.ts';
import type { Endpoint } from '../../core/ca/endpoint.ts';
import type { EnrolmentRequest, RequestState } from '../../core/ca/enrolment.ts';
import type { CertificateProfile } from '../../core/ca/profile.ts';
import type { TransactionRecord } from '../../core/ca/transaction.ts';

/** An attacker with a large network must not fill the disk. */
export const SOURCES_KEPT = 10_000;

/** A generation's id is `<authorityId>/<number>`; every other record has one of its own. */
export type VersionedTable = 'authority' | 'generation' | 'scepIdentity' | 'endpoint' | 'profile' | 'request' | 'challenge' | 'certificate' | 'courierLink';

export type Expectation =
  /** The row is there and has this version (the one that was read). */
  | { readonly kind: 'version'; readonly table: VersionedTable; readonly id: string; readonly version: number }
  | { readonly kind: 'absent'; readonly table: VersionedTable; readonly id: string }
  /** Uses left, not withdrawn, not expired at `at`. */
  | { readonly kind: 'challenge-usable'; readonly id: string; readonly at: Instant }
  /** State `valid` and notAfter later than `at`. */
  | { readonly kind: 'certificate-valid'; readonly id: string; readonly at: Instant }
  /**
   * No request with this endpoint, transactionID and signer key other than `ignoring` is pending or approved,
   * or was issued at or after `issuedSince`: two copies of one message that arrive together make one request.
   */
  | {
      readonly kind: 'transaction-unknown';
      readonly endpointId: string;
      readonly transactionId: string;
      readonly signerSpkiSha256: string;
      readonly issuedSince: Instant;
      readonly ignoring: readonly string[];
    }
  /** The device has not been told what became of its request. */
  | { readonly kind: 'request-untold'; readonly id: string }
  /** Fewer than these many requests wait (pending), in all and from this source. */
  | { readonly kind: 'waiting-below'; readonly total: number; readonly source: string; readonly perSource: number }
  /** No certificate, no intent and no revocation of this issuer name has the serial. */
  | { readonly kind: 'serial-free'; readonly issuerHash: string; readonly serial: string }
  /** The path is free, or is this endpoint's own. */
  | { readonly kind: 'path-free'; readonly path: string; readonly endpointId: string };

export type Change =
  /**
   * Inserts or replaces the whole row; its `version` is what the caller made it (1, or the read one plus 1). What a request or a certificate
   * is known by (transaction, keys, hashes, serial, issuer) never changes: putting another under its id throws. Polls, lastSeenAt and toldAt
   * never go back. A row that another one refers to (authority, profile) is put before it and removed after it.
   */
  | { readonly kind: 'put'; readonly table: 'authority'; readonly value: Authority }
  | { readonly kind: 'put'; readonly table: 'generation'; readonly value: Generation }
  | { readonly kind: 'put'; readonly table: 'scepIdentity'; readonly value: ScepIdentity }
  | { readonly kind: 'put'; readonly table: 'key'; readonly value: StoredKey }
  | { readonly kind: 'put'; readonly table: 'endpoint'; readonly value: Endpoint }
  | { readonly kind: 'put'; readonly table: 'profile'; readonly value: CertificateProfile }
  | { readonly kind: 'put'; readonly table: 'request'; readonly value: EnrolmentRequest }
  | { readonly kind: 'put'; readonly table: 'challenge'; readonly value: Challenge }
  | { readonly kind: 'put'; readonly table: 'certificate'; readonly value: CertificateRecord }
  | { readonly kind: 'put'; readonly table: 'crl'; readonly value: CrlRecord }
  | { readonly kind: 'put'; readonly table: 'intent'; readonly value: IssuanceIntent }
  | { readonly kind: 'put'; readonly table: 'courierLink'; readonly value: CourierLink }
  | { readonly kind: 'put'; readonly table: 'courierItem'; readonly value: CourierItem }
  /** A revocation without a certificate. The CRL takes it from here, so the row goes when its certificate comes. */
  | { readonly kind: 'put'; readonly table: 'revokedSerial'; readonly value: RevokedSerial }
  | { readonly kind: 'remove'; readonly table: 'intent' | 'endpoint' | 'profile' | 'key' | 'generation' | 'scepIdentity' | 'courierLink' | 'courierItem' | 'revokedSerial'; readonly id: string }
  /**
   * One use of the challenge, counted in the store so that two commits can never spend the same one (expect `challenge-usable` beside it).
   * Its version goes up by one, so that a row read before cannot give the use back.
   */
  | { readonly kind: 'spend-challenge'; readonly id: string; readonly at: Instant }
  /** A poll: `polls` plus one, lastSeenAt; the version stays, for a poll is no decision and must not make an admin's view stale. */
  | { readonly kind: 'request-seen'; readonly id: string; readonly at: Instant }
  /** The device was told (issued certificate or refusal); the version stays. Only the first time counts. */
  | { readonly kind: 'request-told'; readonly id: string; readonly at: Instant }
  /** Plain JSON under a key: settings, vault record, audit public key. Never a secret in clear. */
  | { readonly kind: 'setting'; readonly key: string; readonly value: unknown };

export interface ChangeSet {
  readonly actor: Actor;
  readonly at: Instant;
  readonly expect: readonly Expectation[];
  readonly changes: readonly Change[];
  readonly audit: readonly AuditEvent[];
  /** Goes into the bounded transaction log within the same commit. */
  readonly transactions?: readonly TransactionRecord[];
}

export interface Conflict {
  readonly failed: Expectation;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
  /** How many match in all. */
  readonly total: number;
}

export interface ListQuery<State extends string = string> {
  /** Free text: subject, names, serial, fingerprint, transactionID, source, label. Every word must be found. */
  readonly query?: string | undefined;
  readonly state?: State | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export type ListedCertificateState = CertificateState | 'expired';

export interface CertificateQuery extends ListQuery<ListedCertificateState> {
  readonly kind?: CertificateKind | undefined;
  readonly authorityId?: string | undefined;
  readonly endpointId?: string | undefined;
  /** Valid ones that end by then, the soonest first instead of the newest. */
  readonly expiringBy?: Instant | undefined;
}

export interface AuditQuery extends ListQuery<AuditOutcome> {
  /** As an entry writes it: `admin:web`. */
  readonly actor?: string | undefined;
  /** A whole action, or what stands before its dot. */
  readonly action?: string | undefined;
  /** At or after it. */
  readonly since?: Instant | undefined;
  /** Before it. */
  readonly until?: Instant | undefined;
}

/** What happened to devices' certificates from `from` until the next day's `from`. */
export interface DayCount {
  readonly from: Instant;
  readonly issued: number;
  /** Of the issued ones. */
  readonly renewed: number;
  readonly revoked: number;
}

export interface CertificateCounts {
  readonly valid: number;
  readonly held: number;
  readonly revoked: number;
  readonly expired: number;
}

/** An address that asked for capabilities or certificates while a next generation was published. The first of its kind counts. */
export interface SourceContact {
  readonly authorityId: string;
  readonly generation: number;
  readonly source: string;
  readonly at: Instant;
  /** It was given the answer to GetNextCACert. */
  readonly fetched: boolean;
}

/** A message that a device signed with a certificate of ours. */
export interface DeviceContact {
  readonly certificateId: string;
  readonly source: string;
  readonly at: Instant;
}

export interface Notes {
  readonly transactions: readonly TransactionRecord[];
  readonly seen: readonly { readonly id: string; readonly at: Instant }[];
  readonly sources?: readonly SourceContact[];
  readonly devices?: readonly DeviceContact[];
}

/** A device in a survey, as a list shows it. */
export interface SurveyedDevice extends Follower {
  readonly subject: string;
  readonly serial: string;
  /** As its last request's User-Agent was understood. */
  readonly client: string | null;
}

export type DeviceSurvey = Omit<Survey, 'page'> & { readonly page: readonly SurveyedDevice[] };

export interface RevokedEntry {
  readonly serial: string;
  readonly revokedAt: Instant;
  readonly reason: RevocationReason | null;
}

export interface Reads {
  setting(key: string): Promise<unknown>;

  authorities(): Promise<readonly Authority[]>;
  generations(): Promise<readonly Generation[]>;
  scepIdentities(): Promise<readonly ScepIdentity[]>;
  keys(): Promise<readonly StoredKey[]>;
  endpoints(): Promise<readonly Endpoint[]>;
  profiles(): Promise<readonly CertificateProfile[]>;

  request(id: string): Promise<EnrolmentRequest | undefined>;
  /** Newest first among those with this endpoint, transactionID and signer key. */
  requestsOfTransaction(endpointId: string, transactionId: string, signerSpkiSha256: string): Promise<readonly EnrolmentRequest[]>;
  /** Those that wait at this endpoint and were signed with this key, newest first. */
  waitingOfSigner(endpointId: string, signerSpkiSha256: string): Promise<readonly EnrolmentRequest[]>;
  /** Newest first. */
  requests(query: ListQuery<RequestState>): Promise<Page<EnrolmentRequest>>;
  /** All waiting requests, for the fingerprint matcher (at most a thousand by the limit on waiting requests). */
  waitingRequests(): Promise<readonly EnrolmentRequest[]>;
  countRequests(): Promise<Readonly<Record<RequestState, number>>>;
  /** Pending requests whose expiresAt is not later than `at`. */
  lapsedRequests(at: Instant): Promise<readonly EnrolmentRequest[]>;
  approvedRequests(): Promise<readonly EnrolmentRequest[]>;

  challenge(id: string): Promise<Challenge | undefined>;
  challengeByMac(mac: string): Promise<Challenge | undefined>;
  challenges(query: ListQuery<ChallengeState>, at: Instant): Promise<Page<Challenge>>;

  certificate(id: string): Promise<CertificateRecord | undefined>;
  /** Also how a message's signer is recognised as one of ours, by comparing the DER of what is found. */
  certificateBySerial(issuerHash: string, serial: string): Promise<CertificateRecord | undefined>;
  /** Unexpired and unrevoked ones with this key, to notice a key that is certified for another subject already (SCEP.md A7.15). */
  certificatesOfKey(spkiSha256: string, at: Instant): Promise<readonly CertificateRecord[]>;
  /** Those with this key that were revoked for good, whenever they ended: whoever asks for another one with it may have stolen it. */
  revokedOfKey(spkiSha256: string): Promise<readonly CertificateRecord[]>;
  /** Newest first, or the soonest to end. A word may also be the path of the endpoint. */
  certificates(query: CertificateQuery, at: Instant): Promise<Page<CertificateRecord>>;
  /** Those that renewed this one, oldest first. */
  renewalsOf(certificateId: string): Promise<readonly CertificateRecord[]>;
  /**
   * Valid certificates of devices that one issued at this endpoint renewed, each renewal handed over, and the device last heard of about any of
   * them, not later than `settledBy`; oldest first, at most so many.
   */
  supersededAt(endpointId: string, settledBy: Instant, at: Instant, limit: number): Promise<readonly CertificateRecord[]>;
  /** Of devices; the CA's own certificates are not counted. */
  countCertificates(at: Instant): Promise<CertificateCounts>;
  /** Issued to devices at or after `since`; of them, renewals. */
  countIssued(since: Instant): Promise<{ readonly issued: number; readonly renewals: number }>;
  /** One count a day from `since` on, each 24 hours long, for so many days. */
  countDays(since: Instant, days: number): Promise<readonly DayCount[]>;
  /** Held and revoked ones of one generation that had not expired at `at`, those whose certificate is not here last. */
  revoked(authorityId: string, generation: number, at: Instant): Promise<readonly RevokedEntry[]>;
  /** Whatever a generation signed that has not ended at `at` and is not revoked, oldest first. */
  certificatesBy(authorityId: string, generation: number, at: Instant): Promise<readonly CertificateRecord[]>;
  /** Device certificates that a generation signed at or after `since`. */
  countIssuedBy(authorityId: string, generation: number, since: Instant): Promise<number>;
  /** The authority's devices with a certificate that is valid at `at`, and how they stand to its new generation. */
  surveyDevices(authorityId: string, target: NewGeneration, query: SurveyQuery, at: Instant): Promise<DeviceSurvey>;
  /** The revocation of a certificate that is not here. */
  revokedSerial(issuerHash: string, serial: string): Promise<RevokedSerial | undefined>;
  /** Of all generations, in the order they came. */
  revokedSerials(authorityId: string): Promise<readonly RevokedSerial[]>;
  intents(): Promise<readonly IssuanceIntent[]>;

  courierLinks(): Promise<readonly CourierLink[]>;
  /** Those of one pairing, oldest first. */
  courierItems(linkId: string): Promise<readonly CourierItem[]>;

  latestCrl(authorityId: string, generation: number): Promise<CrlRecord | undefined>;

  /** Newest first. */
  transactions(query: ListQuery): Promise<Page<TransactionRecord & { readonly id: number }>>;
  transaction(id: number): Promise<(TransactionRecord & { readonly id: number }) | undefined>;
  /** Newest first. */
  audit(query: AuditQuery): Promise<Page<AuditEntry>>;
  /** What the log says of this request, and every entry that issued or changed this certificate; oldest first, at most a thousand of each. */
  auditAbout(subject: { readonly requestId: string | null; readonly certificateId: string | null }): Promise<readonly AuditEntry[]>;
  auditHead(): Promise<AuditHead>;
}

/** What `audit verify` found; `firstBad` says where and what. */
export interface AuditVerdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly head: AuditHead;
  readonly signedHead: AuditHead | null;
  readonly firstBad?: { readonly seq: number | null; readonly problem: string };
  /** What is no tampering but worth saying: the head file lags one commit after an unclean stop, entries since a lock are not signed yet. */
  readonly notes: readonly string[];
}

export interface Store {
  readonly read: Reads;
  commit(changes: ChangeSet): Promise<Result<AuditHead, Conflict>>;
  /**
   * Appends to the bounded transaction log, counts polls and keeps who was seen, without waiting for the disk: what is lost in a crash is no decision.
   * Of addresses at most SOURCES_KEPT are kept for a generation, those that came first.
   */
  note(notes: Notes): void;
  /** Recomputes the chain, checks it against the signed head and every certificate row against its last entry. */
  verifyAudit(): Promise<AuditVerdict>;
  /** The whole log as NDJSON with the signed head as its last line: what `audit verify FILE` takes. */
  exportAudit(): Promise<string>;
}
