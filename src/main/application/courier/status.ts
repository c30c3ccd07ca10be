/** How each pairing stands: what waits for the next run, what the last ones did, and by when the next one must come. */
import { err, ok } from '../../core/lib/result.ts';
import { DAY, type Instant, toIso } from '../../core/lib/instant.ts';
import { type CourierLink, type DueSeverity, dueSeverity } from '../../core/ca/courier.ts';
import type { Finding, Severity } from '../../core/ca/enrolment.ts';
import { plainText } from '../../core/pki/text.ts';
import type { Deps, Outcome } from '../deps.ts';
import { fingerprintOf } from './deps.ts';
import { openRequests } from './exportRequests.ts';
import { needsSuccessor, ownKeysOf } from './ownKeys.ts';
import { openWishes } from './wishes.ts';

export interface CourierDue {
  readonly at: Instant;
  readonly what: 'crl' | 'scep' | 'ocsp';
  readonly severity: DueSeverity;
  readonly text: string;
}

export interface LinkView {
  readonly link: CourierLink;
  readonly ownFingerprint: string;
  readonly peerFingerprint: string | null;
  readonly waiting: { readonly requests: number; readonly answers: number; readonly revocations: number; readonly certificates: number };
  readonly due: CourierDue | null;
}

export async function viewLink(deps: Deps, link: CourierLink): Promise<LinkView> {
  const waiting = link.role === 'listener' ? await waitingHere(deps, link) : await waitingThere(deps, link);
  return {
    link,
    ownFingerprint: fingerprintOf(deps, link.own),
    peerFingerprint: link.peer === null ? null : fingerprintOf(deps, link.peer),
    waiting,
    due: link.role === 'listener' && deps.directory.authority(link.authorityId) !== undefined ? await dueOf(deps, link) : null,
  };
}

export async function listLinks(deps: Deps): Promise<readonly LinkView[]> {
  return Promise.all(deps.directory.courierLinks().map((link) => viewLink(deps, link)));
}

export async function viewAfter<T extends { readonly link: CourierLink }>(deps: Deps, outcome: Outcome<T>): Outcome<T & { readonly view: LinkView }> {
  const done = await outcome;
  return done.ok ? ok({ ...done.value, view: await viewLink(deps, done.value.link) }) : err(done.error);
}

async function waitingHere(deps: Deps, link: CourierLink): Promise<LinkView['waiting']> {
  const [open, wishes, own] = await Promise.all([openRequests(deps, link.authorityId), openWishes(deps, link.authorityId), ownKeysOf(deps, link)]);
  const due = own.filter((key) => needsSuccessor(key, deps.clock.now()) && !link.wanted.some(({ kind, generation }) => kind === key.kind && generation === key.generation.number));
  return { requests: open.length, answers: 0, revocations: wishes.length, certificates: link.wanted.length + due.length };
}

async function waitingThere(deps: Deps, link: CourierLink): Promise<LinkView['waiting']> {
  const [items, open] = await Promise.all([deps.store.read.courierItems(link.id), openRequests(deps, link.authorityId)]);
  const undecided = new Set(open.map(({ id }) => id));
  const requests = items.filter(({ id }) => undecided.has(id)).length;
  return { requests, answers: items.length - requests, revocations: 0, certificates: 0 };
}

const WHAT: Readonly<Record<CourierDue['what'], string>> = { crl: 'revocation list', scep: 'SCEP certificate', ocsp: 'OCSP signer' };

/** The first thing to run out of what the courier brought for the current generation. */
async function dueOf(deps: Deps, link: CourierLink): Promise<CourierDue | null> {
  const now = deps.clock.now();
  const current = deps.directory.currentGeneration(link.authorityId);
  if (current === undefined) return null;
  const crl = await deps.store.read.latestCrl(link.authorityId, current.number);
  const own = (await ownKeysOf(deps, link)).filter(({ generation, life }) => generation.number === current.number && life !== undefined);
  const lives = [
    ...(crl === undefined ? [] : [{ what: 'crl' as const, from: crl.thisUpdate, until: crl.nextUpdate }]),
    ...own.flatMap(({ kind, life }) => (life === undefined ? [] : [{ what: kind, from: life.notBefore, until: life.notAfter }])),
  ].sort((a, b) => a.until - b.until);
  const [first] = lives;
  if (first === undefined) return null;
  const severity = dueSeverity(first, now);
  const text = first.until <= now ? `The ${WHAT[first.what]} of “${link.authority}” ended at ${toIso(first.until)}: run the courier now.` : `The ${WHAT[first.what]} of “${link.authority}” ends at ${toIso(first.until)}: run the courier before.`;
  return { at: first.until, what: first.what, severity, text };
}

const FULL_RUN = 30 * DAY;

/** What an admin should know of the pairings, for the status. */
export async function courierNotices(deps: Deps): Promise<readonly Finding[]> {
  const notices: Finding[] = [];
  const say = (code: string, severity: Severity, text: string): void => void notices.push({ code, severity, text });
  for (const { link, waiting, due } of await listLinks(deps)) {
    const name = `“${plainText(link.authority)}”`;
    if (link.state === 'invited') say('courier-invited', 'notice', `The pairing for ${name} waits for the other machine's acceptance.`);
    if (link.state === 'accepted') say('courier-accepted', 'notice', `${name} begins to work here when the signing machine's first certificates have been taken in.`);
    if (link.state !== 'paired') continue;
    if (due !== null && due.severity !== 'info') say(`courier-due-${due.what}`, due.severity, due.text);
    if (link.role === 'listener') {
      const parts = [...count(waiting.requests, 'request'), ...count(waiting.revocations, 'revocation'), ...count(waiting.certificates, 'certificate of its own', 'certificates of its own')];
      const since = link.received === null ? '' : ` The last file from the signing machine was taken in at ${toIso(link.received.at)}.`;
      if (parts.length > 0) say('courier-waits', 'info', `${name}: ${parts.join(', ')} wait${waiting.requests + waiting.revocations + waiting.certificates === 1 ? 's' : ''} for the courier.${since}`);
    } else {
      if (waiting.answers > 0) say('courier-answers', 'info', `${name}: ${count(waiting.answers, 'decision').join('')} ${waiting.answers === 1 ? 'has' : 'have'} not been confirmed by “${plainText(link.peer?.name ?? '')}”: write a file of certificates.`);
      const last = link.received?.at ?? link.pairedAt ?? link.createdAt;
      if (deps.clock.now() - last > FULL_RUN) say('courier-silent', 'notice', `Nothing has come from “${plainText(link.peer?.name ?? '')}” since ${toIso(last)}.`);
    }
  }
  return notices;
}

const count = (n: number, one: string, many = `${one}s`): readonly string[] => (n === 0 ? [] : [`${n} ${n === 1 ? one : many}`]);
