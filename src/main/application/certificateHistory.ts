/** What became of a certificate, from its request to its end, out of its records and the audit log. */
import type { AuditEntry } from '../core/ca/audit.ts';
import type { CertificateRecord } from '../core/ca/certificateRecord.ts';
import type { EnrolmentRequest } from '../core/ca/enrolment.ts';
import type { Instant } from '../core/lib/instant.ts';

export type HistoryKind = 'requested' | 'matched' | 'approved' | 'issued' | 'delivered' | 'renewed' | 'held' | 'released' | 'revoked' | 'expires';

export interface HistoryEntry {
  readonly at: Instant;
  readonly kind: HistoryKind;
  /** One sentence. */
  readonly text: string;
  readonly requestId?: string;
  readonly certificateId?: string;
}

export interface HistoryFacts {
  readonly certificate: CertificateRecord;
  readonly request: EnrolmentRequest | null;
  /** Oldest first. */
  readonly renewals: readonly CertificateRecord[];
  /** What the log says of the request and of the certificate, oldest first. */
  readonly entries: readonly AuditEntry[];
  /** Common name of the authority. */
  readonly issuer: string;
  readonly now: Instant;
}

/** `admin:web` is “web” to an admin; a device is known by its address. */
function nameActor(actor: string): string {
  const [kind, name] = [actor.slice(0, actor.indexOf(':')), actor.slice(actor.indexOf(':') + 1)];
  if (kind === 'device') return `the device at ${name}`;
  return kind === 'admin' ? name : 'the CA itself';
}

function describeRequest({ proof, source, clientGuess }: EnrolmentRequest): string {
  const who = clientGuess === null ? source : `${source} (${clientGuess})`;
  switch (proof.kind) {
    case 'challenge':
      return `Requested from ${who} with ${proof.label === null ? 'a challenge' : `the challenge “${proof.label}”`}.`;
    case 'certificate':
      return `Renewal requested from ${who} with the certificate ${proof.serial}.`;
    case 'none':
      return `Requested from ${who} without any proof.`;
  }
}

const requestEntries = (request: EnrolmentRequest): readonly HistoryEntry[] => [
  { at: request.receivedAt, kind: 'requested', text: describeRequest(request), requestId: request.id },
  ...(request.decidedBy === 'policy' && request.decidedAt !== null
    ? [{ at: request.decidedAt, kind: 'approved', text: request.proof.kind === 'certificate' ? 'Granted at once: the certificate that it renews was valid.' : 'Granted at once: the challenge held.', requestId: request.id } as const]
    : []),
];

/** Entries of the log that are steps of the way; undefined for the others (polls told, supersession, the issue itself). */
function stepOf(entry: AuditEntry): HistoryEntry | undefined {
  const { at, action, outcome, detail, actor, certificate } = entry;
  if (outcome !== 'ok') return undefined;
  const by = nameActor(actor);
  switch (action) {
    case 'request.match':
      return { at, kind: 'matched', text: `Fingerprint compared by ${by}: it is the one that the device printed.` };
    case 'request.approve':
      return { at, kind: 'approved', text: `Approved by ${by}.` };
    case 'certificate.revoke':
      return certificate?.state === 'held' ? { at, kind: 'held', text: `Put on hold by ${by}.` } : { at, kind: 'revoked', text: `Revoked by ${by}: ${String(detail['reason'] ?? 'unspecified')}.` };
    case 'certificate.release':
      return { at, kind: 'released', text: `Taken off hold by ${by}.` };
    default:
      return undefined;
  }
}

/** Oldest first. Steps of the same moment stand in the order in which they are taken. */
export function historyOf({ certificate, request, renewals, entries, issuer, now }: HistoryFacts): readonly HistoryEntry[] {
  const steps = entries.flatMap((entry) => stepOf(entry) ?? []);
  const early = steps.filter(({ kind }) => kind === 'matched' || kind === 'approved').map((step) => (request === null ? step : { ...step, requestId: request.id }));
  const delivered: readonly HistoryEntry[] =
    request === null || request.toldAt === null || request.certificateId !== certificate.id ? [] : [{ at: request.toldAt, kind: 'delivered', text: 'Sent to the device.', requestId: request.id }];
  return [
    ...(request === null ? [] : requestEntries(request)),
    ...early,
    { at: certificate.issuedAt, kind: 'issued', text: `Issued by ${issuer}.` } as const,
    ...delivered,
    ...renewals.map((renewal): HistoryEntry => ({ at: renewal.issuedAt, kind: 'renewed', text: `Renewed by the certificate ${renewal.serial}.`, certificateId: renewal.id })),
    ...steps.filter(({ kind }) => kind !== 'matched' && kind !== 'approved'),
    { at: certificate.notAfter, kind: 'expires', text: certificate.notAfter > now ? 'Expires.' : 'Expired.' } as const,
  ].sort((a, b) => a.at - b.at);
}
