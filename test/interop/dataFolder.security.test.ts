/**
 * Attack: a backup, a stolen disk or another user reads the data folder. Impact: a challenge in clear enrols a stranger's device, a private key makes a
 * second CA. Defence: challenges are kept as an HMAC, CSRs (which hold theirs) sealed, keys wrapped; nothing is logged. Searched byte by byte in every
 * file, the write-ahead log too, while the server runs and after it stopped; admin.json, which must hold the admin's bearer token, is no exception.
 */
import { createPublicKey, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certPoll, ecKey, pkcsReq, renewalReq, rsaKey, spkiOf } from '../support/forge.ts';
import { type Lab, openLab } from '../support/interopLab.ts';
import { type Haystack, PRIVATE_KEY_MARKS, findFactors, findNeedles, needlesOfBytes, needlesOfText, readFolder } from '../support/interopSearch.ts';
import { createScepClient } from '../support/scepClient.ts';
import { SERVER_PASSPHRASE } from '../support/server.ts';

const modulusOf = (spki: Uint8Array): Buffer => Buffer.from(String(createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({ format: 'jwk' }).n), 'base64url');

/** Of the form that challenges have, so that nothing else can be mistaken for it. */
const invented = (): string => randomBytes(12).toString('hex').toUpperCase().match(/.{4}/g)?.join('-') ?? '';

let lab: Lab;
/** What was said in confidence, and what the CA's keys look like from outside. */
const challenges: string[] = [];
const requests: Uint8Array[] = [];
const moduli: Buffer[] = [];
const scans: { readonly when: string; readonly haystacks: readonly Haystack[] }[] = [];

const scan = (when: string): void => void scans.push({ when, haystacks: readFolder(lab.server.dataDir) });

beforeAll(async () => {
  lab = await openLab({ env: { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE, COUNTERSIGN_LOG: 'debug' } });
  await lab.createAuthority({ commonName: 'Office CA', key: 'rsa-2048' });
  const curve = await lab.createAuthority({ commonName: 'Curve CA', key: 'p256' });
  const [combined, split, hold] = await Promise.all(
    [lab.server.scepUrl, await lab.saveEndpoint({ path: '/scep/curve', authorityId: curve.id }), await lab.saveEndpoint({ path: '/scep/hold', authorityId: curve.id, authorization: 'hold' })].map(async (url) => {
      const client = createScepClient(url);
      const [recipient = new Uint8Array(0)] = await client.caCertificates();
      return { client, recipient };
    }),
  );
  if (combined === undefined || split === undefined || hold === undefined) throw new Error('no endpoints');
  moduli.push(...[combined, split].map(({ recipient }) => modulusOf(spkiOf(recipient))));

  const ask = async ({ client, recipient }: typeof combined, name: string, i: number, challenge: string, key = rsaKey(i)) => {
    const sent = pkcsReq({ key, recipient, subject: `CN=${name}`, challenge, transactionId: name });
    challenges.push(challenge);
    requests.push(sent.csr ?? new Uint8Array(0));
    return { sent, reply: await client.ask(sent) };
  };

  const password = await lab.createChallenge();
  const issued = await ask(combined, 'issued', 0, password);
  const outcomes = [
    issued,
    await ask(combined, 'spent', 1, password),
    await ask(combined, 'wrong', 2, invented()),
    await ask(split, 'issued-ec', 0, await lab.createChallenge(), ecKey(0)),
    await ask(hold, 'held', 3, invented()),
    await ask(hold, 'approved', 4, invented(), ecKey(1)),
    await ask(hold, 'refused', 5, invented()),
  ];
  expect(outcomes.map(({ reply }) => reply.pkiStatus)).toEqual(['SUCCESS', 'FAILURE', 'FAILURE', 'SUCCESS', 'PENDING', 'PENDING', 'PENDING']);
  // Live ones, which nobody has used yet.
  challenges.push(await lab.createChallenge({ label: 'printer' }), await lab.createChallenge({ subject: 'CN=later', uses: 3 }));
  scan('while requests wait');

  await lab.approve(await lab.waitingRequest('approved'));
  await lab.refuse(await lab.waitingRequest('refused'), 'Nobody knows this device.');
  const approved = outcomes[5]!.sent;
  expect((await hold.client.ask({ ...certPoll(approved, { recipient: hold.recipient }), challenge: approved.challenge! })).pkiStatus).toBe('SUCCESS');
  const [certificate = new Uint8Array(0)] = issued.reply.certificates;
  const renewal = renewalReq({ key: issued.sent.key, signerCertificate: certificate, recipient: combined.recipient, subject: 'CN=issued', challenge: invented(), transactionId: 'renewal' });
  challenges.push(renewal.challenge!);
  expect((await combined.client.ask(renewal)).pkiStatus).toBe('SUCCESS');
  scan('after the decisions');

  const finished = await lab.server.stop();
  scans.push({ when: 'what the server said', haystacks: [{ name: 'standard error', bytes: Buffer.from(finished.err) }] });
  scan('after the stop');
}, 60_000);

afterAll(() => lab?.close());

describe('the data folder', () => {
  it('was looked at with its write-ahead log, and after everything was written back', () => {
    expect(scans.map(({ when, haystacks }) => [when, haystacks.some(({ name }) => name.endsWith('-wal')), haystacks.some(({ name }) => name === 'countersign.db')])).toEqual([
      ['while requests wait', true, true],
      ['after the decisions', true, true],
      ['what the server said', false, false],
      ['after the stop', false, true],
    ]);
    // The subject of a sealed request is found: the search looks at what was written.
    for (const { haystacks } of scans.filter(({ when }) => when !== 'what the server said')) expect(findNeedles(haystacks, [['a subject', Buffer.from('CN=held')]])).not.toEqual([]);
  });

  it('A7.8 A12.2 holds no challenge in clear, in no encoding, of no outcome', () => {
    const needles = [...challenges, SERVER_PASSPHRASE].flatMap((challenge, i) => needlesOfText(`challenge ${i}`, challenge));
    expect(scans.flatMap(({ when, haystacks }) => findNeedles(haystacks, needles).map((found) => `${when}: ${found}`))).toEqual([]);
  });

  it('holds no CSR in clear, for it holds its challenge', () => {
    // The part from the challenge attribute's OID to its end is what must not lie there, whatever the CSR is wrapped in.
    const oid = Buffer.from('06092a864886f70d010907', 'hex');
    const needles = requests.flatMap((csr, i) => needlesOfBytes(`CSR ${i}`, Buffer.from(csr).subarray(Buffer.from(csr).indexOf(oid), Buffer.from(csr).indexOf(oid) + 40)));
    expect(scans.flatMap(({ when, haystacks }) => findNeedles(haystacks, needles).map((found) => `${when}: ${found}`))).toEqual([]);
  });

  it('holds no private key in clear: no container of one, and no factor of a modulus', () => {
    expect(scans.flatMap(({ when, haystacks }) => findNeedles(haystacks, PRIVATE_KEY_MARKS).map((found) => `${when}: ${found}`))).toEqual([]);
    expect(moduli.map(({ length }) => length)).toEqual([256, 256]);
    expect(scans.flatMap(({ when, haystacks }) => moduli.flatMap((modulus) => findFactors(haystacks, modulus)).map((found) => `${when}: ${found}`))).toEqual([]);
  });

  it('is open to its owner alone', () => {
    const { dataDir } = lab.server;
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    for (const { name } of readFolder(dataDir)) expect([name, statSync(join(dataDir, name)).mode & 0o777]).toEqual([name, 0o600]);
  });
});

describe('the search itself', () => {
  const hidden = (bytes: Buffer): readonly Haystack[] => [{ name: 'file', bytes: Buffer.concat([randomBytes(101), bytes, randomBytes(57)]) }];

  it('finds a challenge in UTF-16, without dashes, in base64 at any place', () => {
    const [challenge] = [invented()];
    const needles = needlesOfText('it', challenge);
    const bare = challenge.replaceAll('-', '');
    for (const text of [challenge, bare, bare.toLowerCase()]) {
      for (const bytes of [Buffer.from(text), Buffer.from(text, 'utf16le').swap16(), Buffer.from(Buffer.from(`x${text}yz`).toString('base64')), Buffer.from(Buffer.from(text).toString('hex'))]) {
        expect(findNeedles(hidden(bytes), needles)).not.toEqual([]);
      }
    }
    expect(findNeedles(hidden(Buffer.from(invented())), needles)).toEqual([]);
  });

  it('finds a key by its modulus, in DER and in base64', () => {
    const { privateKey, spki } = rsaKey(0);
    for (const type of ['pkcs1', 'pkcs8'] as const) {
      const der = privateKey.export({ type, format: 'der' });
      for (const bytes of [der, Buffer.from(der.toString('base64'))]) expect(findFactors(hidden(bytes), modulusOf(spki))).toHaveLength(1);
      expect(findFactors(hidden(der), modulusOf(rsaKey(1).spki))).toEqual([]);
    }
    for (const key of [rsaKey(0), ecKey(0), ecKey(0, 'P-384')]) expect(findNeedles(hidden(key.privateKey.export({ type: 'pkcs8', format: 'der' })), PRIVATE_KEY_MARKS)).not.toEqual([]);
  });
});
