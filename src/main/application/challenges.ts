/**
 * One-time challenges: made, listed, withdrawn. The password leaves once, in the answer to `createChallenge`; kept is its MAC under a vault
 * key, and neither the audit log nor an event carries it. Spending one belongs to the enrolment's own change-set.
 */
import { MINUTE, toIso } from '../core/lib/instant.ts';
import { err, ok } from '../core/lib/result.ts';
import { toHex } from '../core/lib/bytes.ts';
import { generalNameToText, parseGeneralNameText } from '../core/pki/generalNames.ts';
import { parseNameText } from '../core/pki/names.ts';
import type { Actor } from '../core/ca/audit.ts';
import { actorText } from '../core/ca/audit.ts';
import { type Challenge, type ChallengeState, challengeState, normalizeChallenge, writeChallenge } from '../core/ca/challenge.ts';
import type { Deps, Outcome, Refusal } from './deps.ts';
import type { ListQuery, Page } from './ports/store.ts';

export interface ChallengeWish {
  readonly endpoint?: string | undefined;
  readonly profileId?: string | undefined;
  readonly subject?: string | undefined;
  readonly subjectAltNames?: readonly string[] | undefined;
  readonly label?: string | undefined;
  readonly uses?: number | undefined;
  readonly minutes?: number | undefined;
}

export interface CreatedChallenge {
  readonly challenge: Challenge;
  /** In groups of four, shown once. */
  readonly password: string;
}

export interface ListedChallenge {
  readonly challenge: Challenge;
  readonly state: ChallengeState;
}

/** Makes a challenge bound to what was wished; lifetime and length are the settings' where nothing else was said. */
export async function createChallenge(deps: Deps, wish: ChallengeWish, actor: Actor): Outcome<CreatedChallenge> {
  const wrong = findWrongBinding(deps, wish);
  if (wrong !== undefined) return err(wrong);
  const now = deps.clock.now();
  const settings = deps.directory.settings();
  const password = writeChallenge(deps.crypto.random(settings.challengeLength));
  const uses = wish.uses ?? 1;
  const challenge: Challenge = {
    id: toHex(deps.crypto.random(8)),
    version: 1,
    mac: deps.secrets.mac('challenge', normalizeChallenge(password)),
    label: wish.label ?? null,
    endpointPath: wish.endpoint ?? null,
    profileId: wish.profileId ?? null,
    subject: wish.subject ?? null,
    subjectAltNames: wish.subjectAltNames?.map(inFullForm) ?? null,
    uses,
    usesLeft: uses,
    createdAt: now,
    createdBy: actorText(actor),
    expiresAt: now + (wish.minutes ?? settings.challengeMinutes) * MINUTE,
    withdrawnAt: null,
    lastUsedAt: null,
  };
  const done = await deps.store.commit({
    actor,
    at: now,
    expect: [{ kind: 'absent', table: 'challenge', id: challenge.id }],
    changes: [{ kind: 'put', table: 'challenge', value: challenge }],
    audit: [{ action: 'challenge.create', subject: `challenge:${challenge.id}`, outcome: 'ok', code: 'done', detail: describe(challenge) }],
  });
  if (!done.ok) throw new Error('two challenges drew the same 64-bit id');
  deps.events.publish('challenges.changed', { id: challenge.id });
  return ok({ challenge, password });
}

/** Newest first, each with where it stands now. */
export async function listChallenges(deps: Deps, query: ListQuery<ChallengeState>): Promise<Page<ListedChallenge>> {
  const now = deps.clock.now();
  const page = await deps.store.read.challenges(query, now);
  return { ...page, items: page.items.map((challenge) => ({ challenge, state: challengeState(challenge, now) })) };
}

/** One challenge and where it stands now. */
export async function getChallenge(deps: Deps, { id }: { readonly id: string }): Outcome<ListedChallenge> {
  const found = await deps.store.read.challenge(id);
  return found === undefined ? err(NOT_FOUND) : ok({ challenge: found, state: challengeState(found, deps.clock.now()) });
}

const NOT_FOUND: Refusal = { code: 'not-found', message: 'There is no challenge with this id.' };

/** From now on it opens nothing; what was issued with it stays. Withdrawing twice changes nothing. */
export async function withdrawChallenge(deps: Deps, { id }: { readonly id: string }, actor: Actor): Outcome<ListedChallenge> {
  for (;;) {
    const now = deps.clock.now();
    const found = await deps.store.read.challenge(id);
    if (found === undefined) return err(NOT_FOUND);
    if (found.withdrawnAt !== null) return ok({ challenge: found, state: 'withdrawn' });
    const challenge: Challenge = { ...found, version: found.version + 1, withdrawnAt: now };
    const done = await deps.store.commit({
      actor,
      at: now,
      // A device that spends it at this moment wins or loses, but its use is not overwritten: then the decision is made again.
      expect: [{ kind: 'version', table: 'challenge', id, version: found.version }],
      changes: [{ kind: 'put', table: 'challenge', value: challenge }],
      audit: [{ action: 'challenge.withdraw', subject: `challenge:${id}`, outcome: 'ok', code: 'done', detail: { label: found.label, usesLeft: found.usesLeft } }],
    });
    if (!done.ok) continue;
    deps.events.publish('challenges.changed', { id });
    return ok({ challenge, state: 'withdrawn' });
  }
}

function findWrongBinding({ directory }: Deps, wish: ChallengeWish): Refusal | undefined {
  if (wish.endpoint !== undefined && directory.endpointByPath(wish.endpoint) === undefined) {
    return { code: 'not-found', message: `There is no endpoint ${wish.endpoint}.`, hint: 'endpoints.list names them.' };
  }
  if (wish.profileId !== undefined && directory.profile(wish.profileId) === undefined) {
    return { code: 'not-found', message: `There is no profile ${wish.profileId}.`, hint: 'profiles.list names them.' };
  }
  const subject = wish.subject === undefined ? undefined : parseNameText(wish.subject);
  if (subject !== undefined && !subject.ok) return { code: 'invalid-input', message: `subject: ${subject.error}`, hint: 'Write it like CN=printer-3, O=Office.' };
  for (const name of wish.subjectAltNames ?? []) {
    const parsed = parseGeneralNameText(name);
    if (!parsed.ok) return { code: 'invalid-input', message: `subjectAltNames: ${parsed.error}`, hint: 'Write names like DNS:printer-3.lan or IP:192.0.2.7.' };
  }
  return undefined;
}

/** `printer.lan` as `DNS:printer.lan`: kept as an admin will see it in the request. */
function inFullForm(name: string): string {
  const parsed = parseGeneralNameText(name);
  return parsed.ok ? generalNameToText(parsed.value) : name;
}

function describe(challenge: Challenge): Readonly<Record<string, string | number | null>> {
  const { label, endpointPath, profileId, subject, uses, expiresAt } = challenge;
  return { label, endpointPath, profileId, subject, subjectAltNames: challenge.subjectAltNames?.join(', ') ?? null, uses, expiresAt: toIso(expiresAt) };
}
