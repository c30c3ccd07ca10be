/**
 * The captured requests of real clients, answered by the product: the vectors' CA, its certificates 4242 and 7001 and the challenge are seeded
 * through the ports, then each request goes over a socket exactly as it was captured.
 */
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Generation, ScepIdentity } from '../../src/main/core/ca/authority.ts';
import type { CertificateRecord } from '../../src/main/core/ca/certificateRecord.ts';
import { toHex } from '../../src/main/core/lib/bytes.ts';
import { DAY } from '../../src/main/core/lib/instant.ts';
import { parseCertificate } from '../../src/main/core/pki/certificate.ts';
import { nameToText } from '../../src/main/core/pki/names.ts';
import { readElement, readChildren } from '../../src/main/core/pki/der.ts';
import { SEED_PROFILES } from '../../src/main/core/ca/profile.ts';
import { generatePrivateKey } from '../../src/main/adapters/crypto/generateKey.ts';
import { makeCrl } from '../../src/main/application/crls.ts';
import { vectorCa, loadVectors, type Vector } from '../support/vectors.ts';
import { openMessage } from '../../src/main/core/scep/openMessage.ts';
import { nodeCrypto } from '../support/messages.ts';
import { recipientOf } from '../support/forge.ts';
import { ADMIN, type Office, openOffice } from '../support/office.ts';
import { endpoint } from '../support/builders/facts.ts';

const ca = vectorCa();
const vectors = loadVectors();
let office: Office;

/** The message inside a captured request, for its signer certificate. */
function signerOf(vector: Vector): Uint8Array {
  const query = new Map(vector.rawQuery.split('&').map((p) => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)] as const));
  const text = decodeURIComponent(query.get('message') ?? '').replace(/\s/g, '').replace(/-/g, '+').replace(/_/g, '/');
  const bytes = vector.method === 'POST' ? vector.body : new Uint8Array(Buffer.from(text, 'base64'));
  const outcome = openMessage(bytes, { compatibility: 'legacy', recipients: [recipientOf(ca)], skipContent: true }, { crypto: nodeCrypto, decryptFor: () => undefined });
  if (outcome.kind === 'unanswerable') throw new Error(outcome.reason);
  return outcome.frame.signer.certificate;
}

beforeAll(async () => {
  const vectorKey = ca.key.privateKey;
  office = await openOffice({ listener: true, store: 'sqlite', authority: 'none', keys: { generateKey: (algorithm) => (algorithm === 'rsa-2048' ? Promise.resolve(vectorKey) : generatePrivateKey(algorithm)) } });
  const { deps } = office;
  const certificate = parseCertificate(ca.certificate);
  if (!certificate.ok) throw new Error(certificate.error);
  const { subject, notBefore, notAfter, spki, subjectKeyId } = certificate.value;
  const key = await deps.signers.generate('authority', 'rsa-2048');
  const authority = { id: 'vectors', number: 1, commonName: 'SCEP vectors', organization: 'Vector CA', subject, keyAlgorithm: 'rsa-2048', scepKey: 'combined', parentId: null, createdAt: 0, version: 1 } as const;
  const keyIdHex = toHex(subjectKeyId ?? nodeCrypto.digest('sha1', spki));
  const generation: Generation = { authorityId: 'vectors', number: 1, state: 'current', keyId: key.id, spki, certificate: ca.certificate, chain: [], subjectKeyId: keyIdHex, notBefore, notAfter, activateAt: null, publishedAt: null, announcement: null, version: 1 };
  const identity: ScepIdentity = { id: 'vectors-scep', authorityId: 'vectors', generation: 1, keyId: key.id, certificate: ca.certificate, active: true, notAfter, version: 1 };
  const base = endpoint({ authorityId: 'vectors' });
  const issued = vectors.filter((v) => !v.selfSigned).map((v) => signerOf(v));
  const rows = new Map(issued.map((der) => [createHash('sha256').update(der).digest('hex'), rowOf(der)]));
  await deps.store.commit({
    actor: ADMIN,
    at: office.now(),
    expect: [],
    changes: [
      { kind: 'put', table: 'key', value: key },
      { kind: 'put', table: 'authority', value: authority },
      { kind: 'put', table: 'generation', value: generation },
      { kind: 'put', table: 'scepIdentity', value: identity },
      ...SEED_PROFILES.map((value) => ({ kind: 'put', table: 'profile', value }) as const),
      { kind: 'put', table: 'endpoint', value: { ...base, id: 'standard', path: '/scep' } },
      { kind: 'put', table: 'endpoint', value: { ...base, id: 'legacy', path: '/scep/legacy', compatibility: 'legacy' } },
      ...[...rows.values()].map((value) => ({ kind: 'put', table: 'certificate', value }) as const),
      {
        kind: 'put',
        table: 'challenge',
        value: { id: 'secret', version: 1, mac: deps.secrets.mac('challenge', 'SECRET'), label: 'vectors', endpointPath: null, profileId: null, subject: null, subjectAltNames: null, uses: 100, usesLeft: 100, createdAt: 0, createdBy: 'test', expiresAt: office.now() + DAY, withdrawnAt: null, lastUsedAt: null },
      },
    ],
    audit: [],
  });
  await deps.directory.refresh();
  const crl = await makeCrl(deps, authority, generation, [], 1);
  await deps.store.commit({ actor: ADMIN, at: office.now(), expect: [], changes: [{ kind: 'put', table: 'crl', value: crl.record }], audit: [crl.audit] });
});
afterAll(() => office.close());

function rowOf(der: Uint8Array): CertificateRecord {
  const parsed = parseCertificate(der);
  if (!parsed.ok) throw new Error(parsed.error);
  const c = parsed.value;
  return {
    id: `seed-${c.serialHex}`,
    version: 1,
    kind: 'device',
    serial: c.serialHex,
    issuerHash: toHex(nodeCrypto.digest('sha256', subjectOfCa())),
    authorityId: 'vectors',
    generation: 1,
    profileId: 'device',
    endpointId: 'standard',
    requestId: null,
    subject: nameToText(c.subject),
    subjectAltNames: [],
    der,
    sha256: toHex(nodeCrypto.digest('sha256', der)),
    spkiSha256: toHex(nodeCrypto.digest('sha256', c.spki)),
    notBefore: c.notBefore,
    notAfter: Math.max(c.notAfter, Date.now() + 20 * DAY),
    issuedAt: c.notBefore,
    state: 'valid',
    revokedAt: null,
    reason: null,
    renews: null,
  };
}

function subjectOfCa(): Uint8Array {
  const parsed = parseCertificate(ca.certificate);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value.subject;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** Sends a capture as it is, to `path` in the place of the captured one. */
function replay(vector: Vector, path: string): Promise<RawAnswer> {
  const raw = readFileSync(fileURLToPath(new URL(`../vectors/${vector.file}`, import.meta.url)));
  const end = raw.indexOf('\r\n');
  const [method, target = '', version] = raw.subarray(0, end).toString('latin1').split(' ');
  const line = `${method} ${path}${target.slice(target.indexOf('?'))} ${version}`;
  const head = raw.subarray(end, raw.indexOf('\r\n\r\n')).toString('latin1').replace(/\r\nconnection:[^\r]*/i, '');
  const bytes = Buffer.concat([Buffer.from(`${line}${head}\r\nConnection: close`, 'latin1'), raw.subarray(raw.indexOf('\r\n\r\n'))]);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(office.baseUrl).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => {
      const all = Buffer.concat(chunks);
      const split = all.indexOf('\r\n\r\n');
      const [status = '', ...lines] = all.subarray(0, split).toString('latin1').split('\r\n');
      resolve({ status: Number(status.split(' ')[1]), headers: new Map(lines.map((l) => [l.slice(0, l.indexOf(':')).toLowerCase(), l.slice(l.indexOf(':') + 2)])), body: new Uint8Array(all.subarray(split + 4)) });
    });
    socket.write(bytes);
  });
}

interface Told {
  readonly status: string;
  readonly failInfo: string | undefined;
  readonly text: string | undefined;
  readonly recipientNonce: string;
  readonly transactionId: string;
  readonly eContent: 'absent' | 'empty' | 'filled';
}

/** The signed attributes of a CertRep; the client's key, which would open it, was never captured. */
function readTold(body: Uint8Array): Told {
  const signedData = readChildren(readChildren(readElement(body).content)[1]!.content)[0]!;
  const [, , encap, ...rest] = readChildren(signedData.content);
  const inner = readChildren(encap!.content)[1];
  const content = inner === undefined ? undefined : readChildren(inner.content)[0]!.content;
  const signer = readChildren(rest.find((e) => e.tag === 0x31)!.content)[0]!;
  const attributes = new Map(
    readChildren(readChildren(signer.content)[3]!.content).map((a) => {
      const [oid, values] = readChildren(a.content);
      return [Buffer.from(oid!.content).toString('hex'), readChildren(values!.content)[0]!.content] as const;
    }),
  );
  const scep = (n: number): Uint8Array | undefined => attributes.get(`6086480186f84501${'09'}0${n}`);
  const text = (bytes: Uint8Array | undefined): string | undefined => (bytes === undefined ? undefined : Buffer.from(bytes).toString());
  return {
    status: text(scep(3)) ?? '',
    failInfo: text(scep(4)),
    text: text(attributes.get('2b060105050718' + '01')),
    recipientNonce: Buffer.from(scep(6) ?? new Uint8Array(0)).toString('hex'),
    transactionId: text(scep(7)) ?? '',
    eContent: content === undefined ? 'absent' : content.length === 0 ? 'empty' : 'filled',
  };
}

const SUCCESS = '0';
const FAILURE = '2';

describe('captured requests of real clients, answered', () => {
  const expected = (vector: Vector): { status: string; failInfo?: string } => {
    if (vector.messageTypeName === 'CertPoll') return { status: FAILURE, failInfo: '4' };
    return { status: SUCCESS };
  };

  it.each(vectors.filter((v) => v.contentCipher !== 'des').map((v) => [v.file, v] as const))('J %s', async (_, vector) => {
    const answer = await replay(vector, '/scep');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/x-pki-message');
    const told = readTold(answer.body);
    expect({ status: told.status, failInfo: told.failInfo }).toEqual({ failInfo: undefined, ...expected(vector) });
    expect(told.transactionId).toBe(vector.transactionId);
    expect(told.recipientNonce).toBe(vector.senderNonce);
    if (told.status === FAILURE) expect(told.eContent).toBe(vector.method === 'GET' ? 'empty' : 'absent');
  });

  it.each(vectors.filter((v) => v.contentCipher === 'des').map((v) => [v.file, v] as const))('A1.3 %s is refused with badAlg and words in standard, answered in legacy', async (_, vector) => {
    const refused = readTold((await replay(vector, '/scep')).body);
    expect(refused).toMatchObject({ status: FAILURE, failInfo: '0', eContent: vector.method === 'GET' ? 'empty' : 'absent' });
    expect(refused.text).toMatch(/AES/);
    expect(readTold((await replay(vector, '/scep/legacy')).body).status).toBe(SUCCESS);
  });

  it('leaves an audit log that verifies, with every refusal in it', async () => {
    expect((await office.audit()).filter((e) => e.code === 'unsupported-cipher').length).toBe(vectors.filter((v) => v.contentCipher === 'des').length);
    expect((await office.store.verifyAudit()).firstBad?.problem ?? '').not.toMatch(/hash|chain/i);
  });
});
