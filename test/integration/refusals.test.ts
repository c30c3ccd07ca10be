/**
 * What must be refused, over the real listener and the real store: each with the right failInfo and words, explained in the audit log
 * (or, for unauthenticated noise, in the transaction log), and without burning the challenge that came with it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as der from '../../src/main/core/pki/der.ts';
import { certPoll, extension, pkcsReq, type RequestOptions, rsaKey, type SentMessage } from '../support/forge.ts';
import { type Office, openOffice } from '../support/office.ts';
import { converse, rawRequest } from '../support/rawHttp.ts';

const FAIL = { badAlg: 0, badMessageCheck: 1, badRequest: 2, badCertId: 4 } as const;
let office: Office;
let spared: string;
let key = 30;
beforeAll(async () => {
  office = await openOffice({ listener: true, store: 'sqlite' });
  await office.change({ path: '/scep/lab', authorityId: office.endpoint.authorityId, profileId: 'device' });
  spared = await office.challenge({ label: 'must survive' });
}, 60_000);
afterAll(() => office.close());

const first = (options: RequestOptions = {}): SentMessage => pkcsReq({ subject: 'O=Test, CN=device', recipient: office.scepCertificate, key: rsaKey(20), ...options });
const sparedUses = async (): Promise<number | undefined> => (await office.store.read.challenges({ limit: 50, query: 'survive' }, office.now())).items[0]?.usesLeft;
const audited = async (code: string): Promise<boolean> => (await office.audit()).some((e) => e.code === code && e.outcome === 'refused');
const explained = async (code: string): Promise<string> => (await office.transactions()).find((t) => t.code === code)?.text ?? '';

describe('refused with a signed answer, audited, and nothing burnt', () => {
  const cases: readonly (readonly [name: string, code: string, failInfo: number, options: () => RequestOptions])[] = [
    ['F2 a CSR with CA:TRUE', 'csr-ca', FAIL.badRequest, () => ({ csr: { extensions: [extension('2.5.29.19', der.writeSequence(der.writeTrue()), true)] } })],
    ['A7.3 a PKCSReq re-signed with another key', 'signer-key-mismatch', FAIL.badMessageCheck, () => ({ key: rsaKey(21), csr: { key: rsaKey(20), challenge: spared } })],
    ['A6.7 message type 18', 'unknown-message-type', FAIL.badRequest, () => ({ messageType: 18 })],
    ['A5.4 a flipped byte of the signature', 'bad-signature', FAIL.badMessageCheck, () => ({ breakSignature: true })],
    ['A7.2 a CSR signed with another key', 'undecryptable', FAIL.badRequest, () => ({ csr: { signWith: rsaKey(21), challenge: spared } })],
    ['A8.18 a damaged envelope', 'undecryptable', FAIL.badRequest, () => ({ damage: 'rsa-padding' })],
    ['A1.3 MD5', 'unsupported-digest', FAIL.badAlg, () => ({ digest: 'md5' })],
    ['A7.23 a small key', 'key-too-small', FAIL.badRequest, () => ({ key: rsaKey(0, 1024) })],
  ];
  it.each(cases)('%s: %s', async (_, code, failInfo, options) => {
    const reply = await office.ask(first({ challenge: spared, ...options() }));
    expect(reply).toMatchObject({ pkiStatus: 'FAILURE', failInfo, eContent: 'absent' });
    expect(reply.failInfoText).toMatch(/^[A-Z].{20,}\.$/s);
    expect(await audited(code)).toBe(true);
    expect(await explained(code)).not.toBe('');
    expect(await sparedUses()).toBe(1);
  });

  it('A7.18 a poll signed by a stranger', async () => {
    const sent = first({ key: rsaKey(22) });
    expect((await office.ask(sent)).pkiStatus).toBe('PENDING');
    const strangers = certPoll(first({ key: rsaKey(23), transactionId: sent.transactionId }), { recipient: office.scepCertificate });
    expect(await office.ask(strangers)).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badCertId });
    expect(await audited('unknown-transaction')).toBe(true);
  });

  it('A7.6 A7.7 a challenge used twice, expired, for another subject, on another endpoint', async () => {
    const next = (options: RequestOptions): SentMessage => first({ key: rsaKey(++key), subject: `O=Test, CN=d${key}`, ...options });
    const once = await office.challenge();
    const bound = await office.challenge({ subject: 'O=Test, CN=printer' });
    const lab = await office.challenge({ endpoint: '/scep/lab' });
    const short = await office.challenge({ minutes: 1 });
    expect((await office.ask(next({ challenge: once }))).pkiStatus).toBe('SUCCESS');
    const refused = [await office.ask(next({ challenge: once })), await office.ask(next({ challenge: bound })), await office.ask(next({ challenge: lab }))];
    office.advance(61_000);
    refused.push(await office.ask(next({ challenge: short })));
    expect(new Set(refused.map((r) => `${r.pkiStatus} ${r.failInfo ?? ''} ${r.failInfoText ?? ''}`)).size).toBe(1);
    for (const code of ['challenge-spent', 'challenge-mismatch', 'challenge-expired']) expect(await audited(code)).toBe(true);
    expect((await office.ask(next({ challenge: lab }), { path: '/scep/lab' })).pkiStatus).toBe('SUCCESS');
    expect((await office.ask(next({ challenge: bound, subject: 'O=Test, CN=printer' }))).pkiStatus).toBe('SUCCESS');
  });
});

describe('turned away as noise: transaction log now, one audit summary a minute per source', () => {
  it('A2.32 A2.35 A2.30 garbage, a body of 2 MiB, an unknown path, an unknown operation', async () => {
    const { port } = new URL(office.baseUrl);
    const statusOf = async (bytes: Buffer): Promise<number | undefined> => (await converse(Number(port), [bytes])).replies[0]?.status;
    const post = (body: Buffer): Buffer => rawRequest('POST /scep?operation=PKIOperation HTTP/1.1', { Host: 'x', Connection: 'close', 'Content-Length': String(body.length) }, body);
    expect(await statusOf(post(Buffer.from('garbage')))).toBe(400);
    expect(await statusOf(post(Buffer.alloc(2 * 1024 * 1024)))).toBe(413);
    expect(await statusOf(rawRequest('GET /nowhere HTTP/1.1', { Host: 'x', Connection: 'close' }))).toBe(404);
    expect(await statusOf(rawRequest('GET /scep?operation=Nonsense HTTP/1.1', { Host: 'x', Connection: 'close' }))).toBe(400);
    await office.settle();
    const log = await office.transactions();
    for (const code of ['unanswerable', 'body-too-large', 'unknown-path', 'http-400']) expect(log.map((t) => t.code)).toContain(code);
    const summary = (await office.audit()).find((e) => e.action === 'noise.summary');
    expect(summary).toMatchObject({ outcome: 'refused', detail: { 'body-too-large': 1, 'unknown-path': 1 } });
  });
});

describe('afterwards', () => {
  it('nothing is lost: the spared challenge still works once, and the audit log verifies', async () => {
    expect((await office.ask(first({ key: rsaKey(60), subject: 'O=Test, CN=last', challenge: spared }))).pkiStatus).toBe('SUCCESS');
    expect(await sparedUses()).toBe(0);
    expect(await office.store.verifyAudit()).toMatchObject({ ok: true });
  });
});
