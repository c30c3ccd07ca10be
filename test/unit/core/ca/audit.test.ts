import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  actorText,
  type AuditEntry,
  canonicalJson,
  EMPTY_HEAD,
  FIRST_PREVIOUS,
  followChain,
  fromStoredEntry,
  hashEntry,
  headMessage,
  isFault,
  judgeCertificate,
  judgeEnding,
  type LogEnding,
  toStoredEntry,
} from '../../../../src/main/core/ca/audit.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function entry(previous: string, changes: Partial<AuditEntry> = {}): AuditEntry {
  const unhashed = {
    seq: 1,
    at: 1780272000000,
    actor: 'admin:window',
    action: 'request.approve',
    subject: 'request:r1',
    outcome: 'ok' as const,
    code: 'done',
    detail: { source: '192.0.2.10', polls: 3, known: null },
    previous,
    ...changes,
  };
  return { ...unhashed, hash: hashEntry(unhashed, digest) };
}

describe('an entry', () => {
  it('is hashed over everything it says, whatever order its fields were written in', () => {
    const first = entry(FIRST_PREVIOUS);
    const text =
      `{"action":"request.approve","actor":"admin:window","at":1780272000000,"code":"done","detail":{"known":null,"polls":3,"source":"192.0.2.10"},` +
      `"outcome":"ok","previous":"${FIRST_PREVIOUS}","seq":1,"subject":"request:r1"}`;
    expect(first.hash).toBe(digest(text));
    expect(entry(FIRST_PREVIOUS, { detail: { known: null, polls: 3, source: '192.0.2.10' } }).hash).toBe(first.hash);
  });

  it('with a certificate is hashed with it', () => {
    const certificate = { id: 'c1', serial: '0A', sha256: 'aa', state: 'valid' };
    const { hash, ...marked } = entry(FIRST_PREVIOUS, { certificate });
    expect(hash).toBe(digest(canonicalJson(marked)));
    expect(hash).not.toBe(entry(FIRST_PREVIOUS).hash);
  });

  it('comes back from its stored form', () => {
    const plain = entry(FIRST_PREVIOUS);
    const marked = entry(FIRST_PREVIOUS, { certificate: { id: 'c1', serial: '0A', sha256: 'aa', state: 'held' } });
    expect(fromStoredEntry(toStoredEntry(plain))).toEqual(plain);
    expect(fromStoredEntry(toStoredEntry(marked))).toEqual(marked);
  });

  it('names its actor by kind and name', () => expect(actorText({ kind: 'device', name: '192.0.2.10' })).toBe('device:192.0.2.10'));
});

describe('canonical JSON', () => {
  it('sorts keys by code unit, leaves out what is undefined and keeps arrays in order', () => {
    expect(canonicalJson({ b: [2, { d: 1, c: 'é"' }], a: null, B: true, x: undefined })).toBe('{"B":true,"a":null,"b":[2,{"c":"é\\"","d":1}]}');
  });
});

describe('a chain', () => {
  const first = entry(FIRST_PREVIOUS);
  const second = entry(first.hash, { seq: 2 });
  const headOf = ({ seq, hash }: AuditEntry) => ({ seq, hash });

  it('goes on with the entry that names its head', () => {
    expect(followChain(EMPTY_HEAD, toStoredEntry(first), digest)).toEqual(headOf(first));
    expect(followChain(headOf(first), toStoredEntry(second), digest)).toEqual(headOf(second));
  });

  it.each([
    ['a gap', toStoredEntry(entry(first.hash, { seq: 3 })), 2, 'entry 2 is missing'],
    ['a longer gap', toStoredEntry(entry(first.hash, { seq: 5 })), 2, 'entries 2 to 4 are missing'],
    ['an edited entry', { ...toStoredEntry(second), code: 'other' }, 2, 'entry 2 was changed: its hash does not fit what it says'],
    ['an edited predecessor', toStoredEntry(entry('ff'.repeat(32), { seq: 2 })), 1, 'entry 1 was replaced: entry 2 was chained to another one'],
  ])('stops at %s', (_what, stored, seq, problem) => {
    const step = followChain(headOf(first), stored, digest);
    expect(isFault(step)).toBe(true);
    expect(step).toEqual({ seq, problem });
  });

  it('begins with zeros', () => {
    expect(followChain(EMPTY_HEAD, toStoredEntry(entry('ff'.repeat(32))), digest)).toMatchObject({ seq: 1, problem: expect.stringContaining('does not begin') as string });
  });
});

describe("the log's end", () => {
  const base: LogEnding = {
    head: { seq: 10, hash: 'h10' },
    signed: { seq: 10, hash: 'h10' },
    hashAtSigned: 'h10',
    signatureDue: true,
    locked: false,
    clean: true,
    unsignedFrom: 9,
  };
  const lagging = { signed: { seq: 8, hash: 'h8' }, hashAtSigned: 'h8' };

  it('is as it was signed', () => expect(judgeEnding(base)).toEqual({ notes: [] }));
  it('before the first key is not signed, and says so', () => {
    expect(judgeEnding({ ...base, signed: null, signatureDue: false })).toEqual({ notes: ['the log is not signed: it has no key yet'] });
    expect(judgeEnding({ ...base, head: EMPTY_HEAD, signed: null })).toEqual({ notes: [] });
  });
  it('after a kill may lag one commit, and is noted', () => {
    expect(judgeEnding({ ...base, ...lagging, clean: false })).toEqual({ notes: [expect.stringContaining('the last 2 entries are not signed: the program was stopped hard')] });
  });
  it('while the vault was locked may lag at will, and is noted', () => {
    expect(judgeEnding({ ...base, ...lagging, locked: true })).toEqual({ notes: ['the last 2 entries are not signed yet: the vault was locked'] });
  });
  it.each([
    ['without its signed head', { signed: null }, null, /missing/],
    ['cut', { head: { seq: 9, hash: 'h9' } }, 10, /ends at entry 9, and entry 10 was signed/],
    ['rewritten', { hashAtSigned: 'other' }, 10, /not the one that was signed/],
    ['with entries added after an orderly stop', lagging, 9, /added after the signed head/],
    ['with an older head put back while the vault was locked', { ...lagging, locked: true, unsignedFrom: 10 }, 9, /added after the signed head/],
    ['lagging more than one commit after a kill', { ...lagging, clean: false, unsignedFrom: 10 }, 9, /added after the signed head/],
  ])('%s is a fault', (_what, changes, seq, problem) => {
    expect(judgeEnding({ ...base, ...changes }).fault).toEqual({ seq, problem: expect.stringMatching(problem) as string });
  });
});

describe("a certificate's row", () => {
  const mark = { id: 'c1', serial: '0A', sha256: 'aa', state: 'valid' };
  const last = { seq: 7, mark };
  it('agrees with the last entry about it', () => expect(judgeCertificate({ ...mark, derSha256: 'aa' }, last)).toBeUndefined());
  it.each([
    ['state', { ...mark, state: 'revoked', derSha256: 'aa' }],
    ['serial', { ...mark, serial: '0B', derSha256: 'aa' }],
    ['content', { ...mark, sha256: 'bb', derSha256: 'bb' }],
    ['content', { ...mark, derSha256: 'bb' }],
  ])('differs in its %s', (field, row) => {
    expect(judgeCertificate(row, last)).toEqual({ seq: 7, problem: `certificate 0A: its ${field} differs from what entry 7 says` });
  });
  it('needs an entry, and an entry needs the row', () => {
    expect(judgeCertificate({ ...mark, derSha256: 'aa' }, undefined)).toEqual({ seq: null, problem: 'certificate 0A has no entry in the log' });
    expect(judgeCertificate(undefined, last)).toEqual({ seq: 7, problem: 'certificate 0A is gone: entry 7 tells of it' });
  });
});

it("a head's message can mean nothing else", () => {
  expect(new TextDecoder().decode(headMessage({ seq: 3, hash: 'abc' }))).toBe('countersign-audit-head-v1\n3\nabc\n');
});
