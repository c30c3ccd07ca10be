import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Busy, VaultLocked } from '../../../../src/main/application/ports/outages.ts';
import { type CryptoPool, type CryptoPoolOptions, createCryptoPool } from '../../../../src/main/adapters/crypto/pool.ts';
import { cryptoWorkerUrl } from '../../../../src/main/adapters/crypto/workerUrl.ts';
import { ecKey, pkcsReq, recipientOf, rsaKey, testCa } from '../../../support/forge.ts';

const scheme = { kind: 'rsa-pkcs1', digest: 'sha256' } as const;
const bytes = new Uint8Array(100);
const options = { compatibility: 'standard', recipients: [recipientOf(testCa())], skipContent: false } as const;

describe('the pool', () => {
  let pool: CryptoPool;
  beforeAll(() => {
    pool = createCryptoPool({ size: 2 });
    pool.addKey('rsa', rsaKey(1).privateKey);
    pool.addKey('ec', ecKey(1).privateKey);
  });
  afterAll(() => pool.close());

  it('signs with each key on whatever worker is free', async () => {
    const signatures = await Promise.all(Array.from({ length: 40 }, () => pool.sign('rsa', scheme, bytes)));
    for (const signature of signatures) expect(verify('sha256', bytes, rsaKey(1).publicKey, signature)).toBe(true);
    expect(verify('sha384', bytes, ecKey(1).publicKey, await pool.sign('ec', { kind: 'ecdsa', digest: 'sha384' }, bytes))).toBe(true);
  });

  it('gives every worker every key', async () => {
    expect(await pool.heldKeys()).toEqual([['rsa', 'ec'], ['rsa', 'ec']]);
  });

  it('fails a job that throws in the worker, and goes on', async () => {
    await expect(pool.sign('ec', scheme, bytes)).rejects.toThrow(/makes no rsa-pkcs1 signature/);
    expect((await pool.sign('rsa', scheme, bytes)).length).toBe(256);
  });

  it('fails a job that cannot be sent, and goes on', async () => {
    await expect(pool.open(bytes, { ...options, recipients: [(() => undefined) as never] })).rejects.toThrow(/could not be cloned/);
    expect((await pool.sign('rsa', scheme, bytes)).length).toBe(256);
  });

  it('sends the bytes of a message, not the buffer that they lie in', async () => {
    const around = Buffer.alloc(8192, 'someone else ');
    const { bytes: message } = pkcsReq();
    around.set(message, 100);
    const outcome = await pool.open(around.subarray(100, 100 + message.length), options);
    if (outcome.kind === 'unanswerable') throw new Error(outcome.reason);
    expect(outcome.frame.signer.certificate.buffer.byteLength).toBeLessThan(8192);
    expect(around.length).toBe(8192);
  });

  it('runs the self-test where the keys are used', async () => {
    const results = await pool.selfTest();
    expect(results.length).toBeGreaterThan(5);
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('throws VaultLocked for a key that is not there', async () => {
    await expect(pool.sign('other', scheme, bytes)).rejects.toBeInstanceOf(VaultLocked);
  });
});

describe('a pool that is given more than it can do', () => {
  it('turns messages away beyond its bound, and never a step of an enrolment under way', async () => {
    const pool = createCryptoPool({ size: 1, maxWaiting: 3 });
    pool.addKey('rsa', rsaKey(1).privateKey);
    const { bytes: message } = pkcsReq();
    // Two lie at the worker, three wait, the sixth is one too many.
    const opened = Array.from({ length: 5 }, () => pool.open(message, options));
    await expect(pool.open(message, options)).rejects.toBeInstanceOf(Busy);
    const order: string[] = [];
    const signing = pool.sign('rsa', scheme, bytes).then(() => order.push('sign'));
    await Promise.all([...opened.map((job) => job.then(() => order.push('open'))), signing]);
    expect(order.indexOf('sign')).toBeLessThan(4);
    expect(await pool.open(message, options)).toMatchObject({ kind: 'fault' });
    await pool.close();
  });
});

describe('dropping the keys', () => {
  it('leaves no worker with a key, lets running jobs finish, and fails the waiting ones', async () => {
    const pool = createCryptoPool({ size: 2 });
    pool.addKey('rsa', rsaKey(1).privateKey);
    const jobs = Array.from({ length: 20 }, () => pool.sign('rsa', scheme, bytes).then(() => 'signed', (error: unknown) => (error instanceof VaultLocked ? 'locked' : 'wrong')));
    const dropping = pool.dropKeys();
    expect(pool.has('rsa')).toBe(false);
    await expect(pool.sign('rsa', scheme, bytes)).rejects.toBeInstanceOf(VaultLocked);
    await dropping;
    expect(await pool.heldKeys()).toEqual([[], []]);
    const ends = await Promise.all(jobs);
    expect(new Set(ends)).toEqual(new Set(['signed', 'locked']));
    await pool.close();
  });
});

describe('a worker that', () => {
  let folder = '';
  let pool: CryptoPool | undefined;
  const deaths: string[] = [];
  /** A pool whose workers run this code; `answer(m)` answers a job. */
  const poolOf = (code: string, more: CryptoPoolOptions = {}): CryptoPool => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-pool-'));
    const file = join(folder, 'worker.mjs');
    writeFileSync(file, `import { parentPort } from 'node:worker_threads';\nconst answer = (m, output) => parentPort.postMessage({ kind: 'done', id: m.id, output });\n${code}`);
    deaths.length = 0;
    pool = createCryptoPool({ size: 1, workerUrl: pathToFileURL(file), onDeath: (reason) => deaths.push(reason), ...more });
    return pool;
  };
  afterEach(async () => {
    await pool?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ready = `parentPort.postMessage({ kind: 'ready' });`;

  it('dies fails its own jobs only, and is replaced with all keys', async () => {
    const dying = poolOf(`
      const keys = [];
      parentPort.on('message', (m) => {
        if (m.kind === 'add-key') keys.push(m.keyId);
        else if (m.kind === 'sign' && m.input.bytes[0] === 1) throw new Error('out of order');
        else answer(m, m.kind === 'list-keys' ? keys : m.input.bytes);
      });
      ${ready}`);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    dying.addKey('k', privateKey);
    const jobs = [0, 1, 2, 3].map((n) => dying.sign('k', scheme, Uint8Array.of(n)));
    const ends = await Promise.allSettled(jobs);
    // The second killed it while the third lay behind; the fourth had not been posted yet.
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect((ends[1] as PromiseRejectedResult).reason).toMatchObject({ message: 'a crypto worker died: out of order' });
    expect(deaths).toEqual(['out of order']);
    expect(await dying.heldKeys()).toEqual([['k']]);
  });

  it('hangs is replaced after the deadline', async () => {
    const hanging = poolOf(`parentPort.on('message', (m) => { if (m.kind === 'sign' && m.input.bytes[0] === 1) for (;;); if (m.kind !== 'add-key') answer(m, m.input.bytes) }); ${ready}`, { deadline: 400 });
    hanging.addKey('k', rsaKey(1).privateKey);
    await hanging.sign('k', scheme, Uint8Array.of(0));
    await expect(hanging.sign('k', scheme, Uint8Array.of(1))).rejects.toThrow(/worker died/);
    expect(await hanging.sign('k', scheme, Uint8Array.of(2))).toEqual(Uint8Array.of(2));
  });

  it('cannot start fails every job with the reason, and does not start over and over', async () => {
    const broken = poolOf(`throw new Error('no such library');`);
    await expect(broken.open(bytes, options)).rejects.toThrow('no such library');
    await expect(broken.open(bytes, options)).rejects.toThrow('no such library');
    expect(deaths.length).toBeLessThanOrEqual(3);
  });

  it('dies while the keys are dropped has dropped them too', async () => {
    const dying = poolOf(`parentPort.on('message', (m) => { if (m.kind === 'drop-keys') process.exit(3) }); ${ready}`);
    dying.addKey('k', rsaKey(1).privateKey);
    await dying.dropKeys();
    expect(deaths).toHaveLength(1);
  });
});

describe('a closed pool', () => {
  it('fails what ran and what is asked afterwards', async () => {
    const pool = createCryptoPool({ size: 1 });
    pool.addKey('rsa', rsaKey(1).privateKey);
    const jobs = Array.from({ length: 5 }, () => pool.sign('rsa', scheme, bytes));
    const ends = Promise.allSettled(jobs);
    await pool.close();
    expect((await ends).every(({ status }) => status === 'rejected')).toBe(true);
    await expect(pool.open(bytes, options)).rejects.toThrow(/stopped/);
  });
});

describe('where the worker lies', () => {
  it('is the source beside the sources, and one file in a build', () => {
    expect(cryptoWorkerUrl('file:///x/src/main/adapters/crypto/workerUrl.ts').pathname).toBe('/x/src/main/adapters/crypto/worker.ts');
    expect(cryptoWorkerUrl('file:///x/out/main/compose-a1.js').pathname).toBe('/x/out/main/cryptoWorker.js');
  });
});
