/** Explains an entry of the transaction log: what the device wanted, what it was told, why, and what to do about it. */
import { CLIENT_KINDS, type ClientKind } from '../../core/ca/clientKind.ts';
import type { TransactionOutcome, TransactionRecord } from '../../core/ca/transaction.ts';
import type { NoiseCode } from '../deviceDoor.ts';
import type { AnswerCode } from '../scep/answer.ts';
import { type Explanation, type Fix, failed, fine } from './explanation.ts';
import { FAULTS } from './faults.ts';
import { REFUSALS } from './refusals.ts';
import { TURNED_AWAY_WITH } from './turnedAway.ts';

const ALL: Readonly<Record<AnswerCode | NoiseCode, Explanation>> = {
  ...TURNED_AWAY_WITH,
  ...REFUSALS,
  ...FAULTS,
  issued: fine('was given its certificate'),
  sent: fine('was given it'),
  pending: fine('was told to wait for your decision, and asks again by itself'),
  'approved-unsigned': fine('was told to wait: it is approved, and the certificate comes when the CA’s key is at hand'),
  unanswerable: TURNED_AWAY_WITH['unreadable-message'],
};

// The log outlives a version of the program: a code of another one has the words that its outcome has.
const UNKNOWN: Readonly<Record<TransactionOutcome, Explanation>> = {
  success: fine('was answered'),
  pending: fine('was told to wait'),
  failure: failed('was refused with a signed answer', 'The text of the entry says what was met.', []),
  rejected: failed('was turned away', 'The text of the entry says what was met.', []),
};

const isKnown = (code: string): code is keyof typeof ALL => Object.hasOwn(ALL, code);
const isClient = (name: string | null): name is ClientKind => (CLIENT_KINDS as readonly (string | null)[]).includes(name);

const WISHES: Readonly<Record<string, string>> = {
  PKCSReq: 'asked for a certificate',
  RenewalReq: 'asked to renew its certificate',
  CertPoll: 'asked what became of its request',
  GetCert: 'asked for a copy of a certificate',
  GetCRL: 'asked for the revocation list',
  PKIOperation: 'sent a message',
  HTTP: 'connected',
};

export interface Explained {
  readonly summary: string;
  readonly cause: string | null;
  readonly fixes: readonly Fix[];
}

/** Of a device whose kind is known, only what helps that kind is told besides what helps all. */
export function explain(record: TransactionRecord): Explained {
  const { told, cause, fixes } = isKnown(record.code) ? ALL[record.code] : UNKNOWN[record.outcome];
  const who = record.client === null ? `A device at ${record.source}` : `A device at ${record.source} (${record.client})`;
  const whom = record.subject === null || record.subject === '' ? '' : ` for ${record.subject}`;
  const wish = WISHES[record.operation] ?? `sent a message of the type ${record.operation}`;
  const { client } = record;
  return { summary: `${who} ${wish}${whom} and ${told}.`, cause, fixes: isClient(client) ? fixes.filter((fix) => fix.client === null || fix.client === client) : fixes };
}
