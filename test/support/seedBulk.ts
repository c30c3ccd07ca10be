/**
 * A great many requests and certificates, quickly: one real enrolment of each kind is copied under other names, serials and keys, and goes into
 * the data folder by the SQLite store's own commit. Bytes that nobody lists (the sealed CSR, the certificate's DER) stay those of the original.
 */
import { createHash, randomBytes } from 'node:crypto';
import { openSqliteStore } from '../../src/main/adapters/sqlite/openSqliteStore.ts';
import type { Store } from '../../src/main/application/ports/store.ts';
import type { CertificateRecord } from '../../src/main/core/ca/certificateRecord.ts';
import type { EnrolmentRequest } from '../../src/main/core/ca/enrolment.ts';
import { DAY, MINUTE } from '../../src/main/core/lib/instant.ts';
import { must, openDevice } from './seedDevice.ts';
import { startServer } from './server.ts';

export interface BulkSeed {
  readonly dataDir: string;
  readonly pending: number;
  readonly certificates: number;
}

type Put = Parameters<Store['commit']>[0]['changes'][number];

const KINDS = ['printer', 'router', 'switch', 'phone', 'camera', 'gateway', 'scanner', 'display'] as const;
const SLICE = 1_000;

/** Fills a folder that may be empty. Nothing runs on it afterwards. */
export async function seedBulk({ dataDir, pending, certificates }: BulkSeed): Promise<void> {
  await seedOriginals(dataDir);
  const store = await openSqliteStore({ dataDir });
  try {
    const [request] = (await store.read.requests({ state: 'pending', limit: 1 })).items;
    const [certificate] = (await store.read.certificates({ kind: 'device', limit: 1 }, Date.now())).items;
    if (request === undefined || certificate === undefined) throw new Error('there is nothing to copy');
    const now = Date.now();
    await commitAll(store, certificates, (i) => ({ kind: 'put', table: 'certificate', value: anotherCertificate(certificate, i, now) }));
    await commitAll(store, pending, (i) => ({ kind: 'put', table: 'request', value: anotherRequest(request, i, now) }));
  } finally {
    await store.close();
  }
}

/** An authority where there is none, one certificate, and one request that waits. */
async function seedOriginals(dataDir: string): Promise<void> {
  const server = await startServer({ dataDir });
  try {
    if ((await server.call('status.get')).counts.authorities === 0) await server.call('authorities.create', { commonName: 'Office CA', organization: 'Example Ltd', key: 'rsa-2048' });
    await server.call('settings.update', { maxWaiting: 100_000, maxWaitingPerSource: 100_000 });
    const granted = await openDevice(server.scepUrl, { subject: 'CN=first.example.lan' });
    await must('SUCCESS', granted.enrol({ challenge: (await server.call('challenges.create')).password }));
    await must('PENDING', (await openDevice(server.scepUrl, { subject: 'CN=waiting.example.lan' })).enrol());
  } finally {
    await server.stop();
  }
}

async function commitAll(store: Store, count: number, make: (i: number) => Put): Promise<void> {
  for (let from = 0; from < count; from += SLICE) {
    const changes = Array.from({ length: Math.min(SLICE, count - from) }, (_, i) => make(from + i));
    const done = await store.commit({ actor: { kind: 'system', name: 'seed' }, at: Date.now(), expect: [], changes, audit: [] });
    if (!done.ok) throw new Error('the store refused the copies');
  }
}

const nameOf = (i: number): string => `${KINDS[i % KINDS.length] ?? ''}-${String(i).padStart(6, '0')}`;
const digestOf = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');

function anotherRequest(original: EnrolmentRequest, i: number, now: number): EnrolmentRequest {
  const name = nameOf(i);
  const receivedAt = now - i * 7_000;
  return {
    ...original,
    id: `${receivedAt.toString(16).padStart(12, '0')}${randomBytes(10).toString('hex')}`,
    transactionId: digestOf('sha1', `transaction ${name}`).toUpperCase(),
    signerSpkiSha256: digestOf('sha256', `signer ${name}`),
    messageSha256: digestOf('sha256', `message ${name}`),
    subject: `CN=${name}.example.lan, O=Example Ltd`,
    subjectAltNames: [`DNS:${name}.example.lan`],
    fingerprints: {
      ...original.fingerprints,
      md5: digestOf('md5', name),
      sha1: digestOf('sha1', name),
      sha256: digestOf('sha256', name),
      sha512: digestOf('sha512', name),
      spkiSha1: digestOf('sha1', `key ${name}`),
      spkiSha256: digestOf('sha256', `key ${name}`),
    },
    source: `10.${(i >> 14) & 255}.${(i >> 6) & 255}.${(i & 63) + 1}`,
    receivedAt,
    lastSeenAt: receivedAt,
    expiresAt: now + 7 * DAY,
    polls: 0,
  };
}

function anotherCertificate(original: CertificateRecord, i: number, now: number): CertificateRecord {
  const name = nameOf(i);
  const issuedAt = now - i * 5 * MINUTE;
  return {
    ...original,
    id: `${issuedAt.toString(16).padStart(12, '0')}${randomBytes(10).toString('hex')}`,
    serial: `4A${digestOf('sha1', `serial ${name}`).slice(0, 30).toUpperCase()}`,
    requestId: null,
    subject: `CN=${name}.example.lan, O=Example Ltd`,
    subjectAltNames: [`DNS:${name}.example.lan`],
    sha256: digestOf('sha256', `certificate ${name}`),
    spkiSha256: digestOf('sha256', `certified key ${name}`),
    notBefore: issuedAt - 60 * MINUTE,
    notAfter: issuedAt + 365 * DAY,
    issuedAt,
  };
}
