/**
 * What a data folder holds after its server was killed, read from a copy: the folder itself stays as the kill left it.
 * `findBroken` compares it with what devices and admin were answered, and says what is wrong in sentences.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { AuditVerdict } from '../../src/main/application/ports/store.ts';
import { verifyFolder } from '../../src/main/adapters/sqlite/verifyLog.ts';
import type { Device } from './crashFleet.ts';

interface RequestRow {
  readonly id: string;
  readonly state: string;
  readonly transactionId: string;
  readonly proof: string;
  readonly certificateId: string | null;
}

interface CertificateRow {
  readonly id: string;
  readonly kind: string;
  readonly serial: string;
  readonly issuerHash: string;
  readonly requestId: string | null;
  readonly der: Uint8Array;
}

export interface Intent {
  readonly id: string;
  readonly serial: string;
  readonly issuerHash: string;
  readonly requestId: string | null;
  readonly tbs: Uint8Array;
}

interface ChallengeRow {
  readonly id: string;
  readonly uses: number;
  readonly usesLeft: number;
}

export interface FolderState {
  readonly verdict: AuditVerdict;
  readonly requests: readonly RequestRow[];
  readonly certificates: readonly CertificateRow[];
  readonly intents: readonly Intent[];
  readonly challenges: readonly ChallengeRow[];
}

/** A copy of a data folder that goes away after `use`. */
export function withCopy<T>(dataDir: string, use: (copy: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-copy-'));
  try {
    cpSync(dataDir, folder, { recursive: true });
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reads a folder that no server has open. */
export const readFolder = (dataDir: string): FolderState =>
  withCopy(dataDir, (copy) => {
    const verdict = verifyFolder(copy);
    const sql = new Database(join(copy, 'countersign.db'));
    const rows = <T>(text: string): readonly T[] => sql.prepare<[], T>(text).all();
    try {
      return {
        verdict,
        requests: rows('SELECT id, state, transactionId, proof, certificateId FROM request'),
        certificates: rows('SELECT id, kind, serial, issuerHash, requestId, der FROM certificate'),
        intents: rows('SELECT id, serial, issuerHash, requestId, tbs FROM intent'),
        challenges: rows('SELECT id, uses, usesLeft FROM challenge'),
      };
    } finally {
      sql.close();
    }
  });

/** Halves of work, and how many CAs and SCEP keys are in force (one of each where there is one authority): of a folder that no server has open. */
export interface LeftOver {
  readonly intents: number;
  /** Keys that no generation, no SCEP key and no OCSP certificate has. */
  readonly strayKeys: number;
  readonly currents: number;
  readonly active: number;
}

export function leftOver(dataDir: string): LeftOver {
  const sql = new Database(join(dataDir, 'countersign.db'), { readonly: true });
  const count = (text: string): number => Number(sql.prepare<[], number>(text).pluck().get());
  try {
    const certified = new Set(sql.prepare<[], string>(`SELECT spkiSha256 FROM certificate WHERE kind = 'ocsp'`).pluck().all());
    const responders = sql.prepare<[], Uint8Array>(`SELECT spki FROM key WHERE purpose = 'ocsp'`).pluck().all();
    const stray = `SELECT count(*) FROM key WHERE purpose IN ('authority', 'scep') AND id NOT IN (SELECT keyId FROM generation UNION SELECT keyId FROM scepIdentity)`;
    return {
      intents: count('SELECT count(*) FROM intent'),
      strayKeys: count(stray) + responders.filter((spki) => !certified.has(createHash('sha256').update(spki).digest('hex'))).length,
      currents: count(`SELECT count(*) FROM generation WHERE state = 'current'`),
      active: count('SELECT count(*) FROM scepIdentity WHERE active = 1'),
    };
  } finally {
    sql.close();
  }
}

export const NOTHING_LEFT: LeftOver = { intents: 0, strayKeys: 0, currents: 1, active: 1 };

/** What a kill may leave of the log's end, and what it may not. */
const LAGS = [/^the last (entry is|\d+ entries are) not signed: the program was stopped hard/, /^the head file holds a write that was cut short/];

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

export function* judgeLog({ ok, firstBad, notes }: AuditVerdict): Generator<string> {
  if (!ok) yield `the audit log does not hold: ${firstBad?.problem ?? ''}`;
  for (const note of notes) if (!LAGS.some((lag) => lag.test(note))) yield `the audit log says: ${note}`;
}

function* judgeSerials({ certificates, intents }: FolderState): Generator<string> {
  const seen = new Set<string>();
  for (const { serial, issuerHash } of [...certificates, ...intents]) {
    if (seen.has(serial + issuerHash)) yield `serial ${serial} was used twice`;
    seen.add(serial + issuerHash);
  }
}

function* judgeChallenges({ challenges, requests }: FolderState): Generator<string> {
  const spent = new Map<string, number>();
  for (const { proof } of requests) {
    const { challengeId } = JSON.parse(proof) as { readonly challengeId?: string };
    if (challengeId !== undefined) spent.set(challengeId, (spent.get(challengeId) ?? 0) + 1);
  }
  for (const { id, uses, usesLeft } of challenges) {
    const granted = spent.get(id) ?? 0;
    if (granted > uses) yield `challenge ${id} was spent ${granted} times of ${uses}`;
    if (usesLeft !== uses - granted) yield `challenge ${id} has ${usesLeft} of ${uses} uses left after ${granted} requests`;
  }
}

function* judgeRequests({ requests, certificates, intents }: FolderState): Generator<string> {
  const transactions = new Set<string>();
  for (const { id, state, transactionId, certificateId } of requests) {
    if (transactions.has(transactionId)) yield `transaction ${transactionId} has two requests`;
    transactions.add(transactionId);
    const issued = certificates.filter(({ requestId }) => requestId === id);
    const meant = intents.filter(({ requestId }) => requestId === id);
    if (!['pending', 'approved', 'issued'].includes(state)) yield `request ${id} is ${state}`;
    if (state === 'issued' ? issued.length !== 1 || issued[0]?.id !== certificateId : issued.length > 0 || certificateId !== null) {
      yield `request ${id} is ${state} and has ${issued.length} certificates`;
    }
    if (meant.length > (state === 'approved' ? 1 : 0)) yield `request ${id} is ${state} and has ${meant.length} intents`;
  }
  const known = new Set(requests.map(({ id }) => id));
  for (const { kind, serial, requestId } of certificates) if (kind === 'device' && !known.has(requestId ?? '')) yield `certificate ${serial} has no request`;
}

/** What was answered before the kill. */
export interface Answers {
  readonly devices: readonly Device[];
  readonly approved: ReadonlySet<string>;
}

function* judgeAnswers({ requests, certificates }: FolderState, { devices, approved }: Answers): Generator<string> {
  for (const { name, sent, certificate, waits } of devices) {
    const request = requests.find(({ transactionId }) => transactionId === sent.transactionId);
    if (waits === true && request === undefined) yield `${name} was told to wait, and its request is gone`;
    if (certificate !== undefined && !certificates.some(({ der, requestId }) => same(der, certificate) && requestId === request?.id)) {
      yield `${name} received a certificate that has no row`;
    }
  }
  for (const id of approved) {
    const state = requests.find((request) => request.id === id)?.state;
    // The admin is answered after the second commit.
    if (state !== 'issued') yield `the approval of ${id} was confirmed, and it is ${state ?? 'gone'}`;
  }
}

/** What was meant before an earlier kill must be there still, or have become a certificate with the serial that was reserved. */
function* judgeIntents({ certificates, intents }: FolderState, earlier: Iterable<Intent>): Generator<string> {
  const issued = new Map(certificates.map((certificate) => [certificate.id, certificate]));
  const left = new Map(intents.map((intent) => [intent.id, intent]));
  for (const { id, serial, tbs } of earlier) {
    const certificate = issued.get(id);
    if (certificate === undefined ? left.get(id)?.serial !== serial : certificate.serial !== serial || !Buffer.from(certificate.der).includes(Buffer.from(tbs))) {
      yield `the intent with serial ${serial} was not finished as it was meant`;
    }
  }
}

/** Everything that is wrong with a folder; empty where every law holds. */
export const findBroken = (state: FolderState, answers: Answers, earlier: Iterable<Intent> = []): readonly string[] => [
  ...judgeLog(state.verdict),
  ...judgeSerials(state),
  ...judgeChallenges(state),
  ...judgeRequests(state),
  ...judgeAnswers(state, answers),
  ...judgeIntents(state, earlier),
];
