/** The audit log's page: sentences, days, links and the filter in the address. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contract } from '../../../src/preload/contract/contract.ts';
import { actorsToChoose, sayActor, sayDecider } from '../../../src/renderer/src/design/actors.ts';
import { byDay, dayOf } from '../../../src/renderer/src/features/audit/days.ts';
import { GROUPS, inputOf, isNarrowed, paramsOf, readFilter, startOf } from '../../../src/renderer/src/features/audit/filter.ts';
import { sayEntry, sayName } from '../../../src/renderer/src/features/audit/sentences.ts';
import { subjectOf } from '../../../src/renderer/src/features/audit/subjects.ts';

type Entry = Parameters<typeof byDay>[0][number];

const entry = (changes: Partial<Entry> = {}): Entry => ({
  seq: 1,
  at: '2026-11-21T08:00:00Z',
  actor: 'admin:web',
  action: 'vault.lock',
  subject: 'vault',
  outcome: 'ok',
  code: 'done',
  detail: {},
  hash: '0'.repeat(64),
  ...changes,
});

/** The actions that the use cases write. */
function actionsOfTheApplication(): readonly string[] {
  const root = fileURLToPath(new URL('../../../src/main/application/', import.meta.url));
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const groups = Object.keys(GROUPS).join('|');
  return [...new Set(sources.flatMap((name) => readFileSync(`${root}${name}`, 'utf8').match(new RegExp(`(?<=')(${groups})\\.(?!changed'|pem')[a-zA-Z]+(?=')`, 'g')) ?? []))];
}

describe('the sentence of an entry', () => {
  const actions = actionsOfTheApplication();

  it('finds the actions to begin with', () => {
    expect(actions).toEqual(expect.arrayContaining(['request.approve', 'vault.unlock', 'noise.summary', 'authority.import']));
  });

  it.each(actions)('is in plain words for %s', (action) => {
    expect(sayEntry(entry({ action }))).not.toContain(action);
  });

  it('tells what was done to whom', () => {
    expect(sayEntry(entry({ action: 'certificate.revoke', code: 'revoked', detail: { subject: 'CN=a', reason: 'superseded' } }))).toBe('Revoked the certificate of CN=a (superseded)');
    expect(sayEntry(entry({ action: 'certificate.revoke', code: 'held', detail: { subject: 'CN=a', reason: 'certificateHold' } }))).toBe('Put the certificate of CN=a on hold');
    expect(sayEntry(entry({ action: 'request.approve', detail: { subject: 'CN=a', matched: true } }))).toBe('Approved the request of CN=a, its fingerprint matched');
    expect(sayEntry(entry({ action: 'noise.summary', subject: 'source:192.0.2.7', outcome: 'refused', detail: { 'http-400': 2, oversized: 3 } }))).toBe('Turned away 5 messages from 192.0.2.7 that nobody could read');
  });

  it('names each setting that was changed once', () => {
    expect(sayEntry(entry({ action: 'settings.update', detail: { maxWaiting: 5, maxWaitingBefore: 9, crlDays: 1, crlDaysBefore: 7 } }))).toBe('Changed the settings: max waiting, crl days');
  });

  it('does not tell a refusal as if it had been done', () => {
    expect(sayEntry(entry({ action: 'vault.unlock', outcome: 'refused', code: 'wrong-passphrase' }))).toBe('Tried to unlock the vault with a wrong passphrase');
    expect(sayEntry(entry({ action: 'request.match', outcome: 'refused', code: 'fingerprint-differs' }))).toMatch(/differs/);
    expect(sayEntry(entry({ action: 'vault.lock', outcome: 'failed', code: 'broken' }))).toMatch(/broken/);
  });

  it('shows the code of an action that it does not know', () => {
    expect(sayEntry(entry({ action: 'moon.land' }))).toBe('moon.land');
    expect(sayEntry(entry({ action: 'moon.land', outcome: 'refused', code: 'too-far' }))).toBe('moon.land: too-far');
    expect(sayEntry(entry({ action: 'constructor' }))).toBe('constructor');
  });

  it('names fields in words', () => {
    expect(sayName('startAtLogin')).toBe('Start at login');
    expect(sayName('http-400')).toBe('Http 400');
  });
});

describe('the days of the log', () => {
  it('stand before the first entry of each', () => {
    const entries = [entry({ seq: 3, at: '2026-11-21T12:00:00Z' }), entry({ seq: 2, at: '2026-11-21T11:59:00Z' }), entry({ seq: 1, at: '2026-11-19T12:00:00Z' })];
    expect(byDay(entries).map((line) => (line.kind === 'day' ? line.day : line.entry.seq))).toEqual(['2026-11-21', 3, 2, '2026-11-19', 1]);
    expect(byDay([])).toEqual([]);
  });

  it('begin and end where the admin’s clock has them', () => {
    const start = startOf('2026-11-21');
    expect(dayOf(start)).toBe('2026-11-21');
    expect(dayOf(new Date(Date.parse(start) - 1_000).toISOString())).toBe('2026-11-20');
    expect(startOf('2026-12-31', 1)).toBe(startOf('2027-01-01'));
  });
});

describe('the filter of the log', () => {
  it('reads the address into a question that the contract takes', () => {
    const filter = readFilter(new URLSearchParams('query=x&outcome=refused&group=vault&actor=admin%3Aweb&since=2026-11-01&until=2026-11-21'));
    expect(inputOf(filter)).toEqual({ query: 'x', outcome: 'refused', action: 'vault', actor: 'admin:web', since: startOf('2026-11-01'), until: startOf('2026-11-22') });
    expect(contract['audit.list'].input.safeParse(inputOf(filter)).success).toBe(true);
    expect(readFilter(new URLSearchParams(Object.entries(paramsOf(filter)).filter((pair): pair is [string, string] => pair[1] !== undefined)))).toEqual(filter);
  });

  it('leaves out what it does not understand', () => {
    const filter = readFilter(new URLSearchParams('outcome=maybe&group=constructor&since=yesterday&until=2026-99-99'));
    expect(inputOf(filter)).toEqual({});
    expect(isNarrowed(filter)).toBe(false);
  });
});

describe('what an entry is about', () => {
  it.each([
    ['request:ab', '/requests/ab'],
    ['certificate:67DF2381', '/certificates/serial/67DF2381'],
    ['authority:a1/2', '/authorities/a1'],
    ['transaction:x y', '/transactions?query=x+y'],
    ['source:2001:db8::1', '/transactions?query=2001%3Adb8%3A%3A1'],
    ['vault', undefined],
    ['listener', undefined],
  ])('%s', (subject, to) => {
    expect(subjectOf(subject)?.to).toBe(to);
  });
});

describe('actors', () => {
  it('are told in words', () => {
    expect(sayActor('device:192.0.2.7')).toBe('The device at 192.0.2.7');
    expect(sayActor('system:later')).toBe('system:later');
    expect([sayDecider('web'), sayDecider('sweep'), sayDecider('somebody')]).toEqual(['an admin in the browser', 'Countersign, finishing what was begun', 'somebody']);
  });

  it('to choose from hold the chosen one and each once', () => {
    const choice = actorsToChoose(['device:b', 'admin:web', 'device:a'], 'device:z');
    expect(choice.slice(-3)).toEqual(['device:a', 'device:b', 'device:z']);
    expect(new Set(choice).size).toBe(choice.length);
    expect(actorsToChoose(['device:a'], 'device:a').filter((actor) => actor === 'device:a')).toHaveLength(1);
  });
});
