/** Change-sets as messages to the worker. Translating on the caller's side keeps the worker, which every commit waits for, short of work. */
import type { Change, ChangeSet } from '../../application/ports/store.ts';
import { actorText, canonicalJson } from '../../core/ca/audit.ts';
import { assertNever } from '../../core/lib/assertNever.ts';
import type { ChangeMessage, ChangeSetMessage } from './messages.ts';
import { certificateText, challengeText, requestText } from './searchText.ts';
import * as tables from './tables.ts';

/** How expectations and rows name a generation, which has no id of its own. */
export const generationId = (authorityId: string, number: number): string => `${authorityId}/${number}`;

type Put = Extract<Change, { kind: 'put' }>;

function translatePut(change: Put): ChangeMessage {
  const put = change.table;
  switch (change.table) {
    case 'authority':
      return { put, row: tables.authorities.toRow(change.value) };
    case 'generation':
      return { put, row: [...tables.generations.toRow(change.value), generationId(change.value.authorityId, change.value.number)] };
    case 'scepIdentity':
      return { put, row: tables.scepIdentities.toRow(change.value) };
    case 'key':
      return { put, row: tables.keys.toRow(change.value) };
    case 'endpoint':
      return { put, row: tables.endpoints.toRow(change.value) };
    case 'profile':
      return { put, row: tables.profiles.toRow(change.value) };
    case 'request':
      return { put, row: tables.requests.toRow(change.value), text: requestText(change.value) };
    case 'challenge':
      return { put, row: [...tables.challenges.toRow(change.value), challengeText(change.value)] };
    case 'certificate':
      return { put, row: tables.certificates.toRow(change.value), text: certificateText(change.value) };
    case 'crl':
      return { put, row: tables.crls.toRow(change.value) };
    case 'intent':
      return { put, row: tables.intents.toRow(change.value) };
    case 'courierLink':
      return { put, row: tables.courierLinks.toRow(change.value) };
    case 'courierItem':
      return { put, row: tables.courierItems.toRow(change.value) };
    case 'revokedSerial':
      return { put, row: tables.revokedSerials.toRow(change.value) };
    default:
      return assertNever(change);
  }
}

function translateChange(change: Change): ChangeMessage {
  switch (change.kind) {
    case 'put':
      return translatePut(change);
    case 'remove':
      return { remove: change.table, id: change.id };
    case 'spend-challenge':
      return { spend: change.id, at: change.at };
    case 'request-seen':
      return { seen: change.id, at: change.at };
    case 'request-told':
      return { told: change.id, at: change.at };
    case 'setting':
      return { setting: change.key, value: JSON.stringify(change.value) ?? 'null' };
    default:
      return assertNever(change);
  }
}

export function translate(set: ChangeSet): ChangeSetMessage {
  return {
    actor: actorText(set.actor),
    at: set.at,
    expect: set.expect,
    changes: set.changes.map(translateChange),
    audit: set.audit.map((event) => [
      event.action,
      event.subject,
      event.outcome,
      event.code,
      canonicalJson(event.detail),
      event.certificate === undefined ? null : canonicalJson(event.certificate),
    ]),
    transactions: (set.transactions ?? []).map((record) => tables.transactions.toRow(record)),
  };
}
