/** Kinds of clients that are told apart by what they call themselves, and what is known of each without asking it. */
import { type Instant, MINUTE, SECOND } from '../lib/instant.ts';

export const CLIENT_KINDS = [
  'Cisco IOS',
  'Apple device',
  'strongSwan',
  'certmonger',
  'Go client (micromdm, step)',
  'jscep (Java)',
  'Windows',
  'MikroTik RouterOS',
] as const;

export type ClientKind = (typeof CLIENT_KINDS)[number];

/** How long a kind goes on asking by default; null where it asks without end, or where nothing is known. */
const PATIENCE: Readonly<Record<ClientKind, number | null>> = {
  // SCEP.md C: the retry period is one minute, ten times.
  'Cisco IOS': 10 * MINUTE,
  // SCEP.md C: Retries 3 and RetryDelay 10 s where the profile does not say otherwise.
  'Apple device': 30 * SECOND,
  // SCEP.md C: CertPoll every minute, no limit.
  strongSwan: null,
  // CLIENTS.md: a daemon that asks again by itself.
  certmonger: null,
  // CLIENTS.md: the same PKCSReq every 30 seconds while it runs.
  'Go client (micromdm, step)': null,
  // SCEP.md C: the application around the library decides.
  'jscep (Java)': null,
  // SCEP.md E3: RetryCount and RetryDelay of the profile decide.
  Windows: null,
  // SCEP.md C: polls until it is told.
  'MikroTik RouterOS': null,
};

const isClientKind = (text: string | null): text is ClientKind => (CLIENT_KINDS as readonly (string | null)[]).includes(text);

/**
 * When a waiting device stops asking. One that has asked past its kind's default was set to be more patient, and nothing is known of it.
 */
export function givesUpAt(request: { readonly clientGuess: string | null; readonly receivedAt: Instant; readonly lastSeenAt: Instant }): Instant | null {
  const patience = isClientKind(request.clientGuess) ? PATIENCE[request.clientGuess] : null;
  const end = patience === null ? null : request.receivedAt + patience;
  return end === null || request.lastSeenAt > end ? null : end;
}
