/** An issuing CA under a root that lies elsewhere: its request, what devices get meanwhile, the certificate that comes back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority, exportAuthority } from '../../../src/main/application/authorities.ts';
import { installCertificate } from '../../../src/main/application/authorities/installCertificate.ts';
import { type SigningRequest, type SigningRequestInput, requestAuthority } from '../../../src/main/application/authorities/signingRequest.ts';
import { publishCrl } from '../../../src/main/application/crls.ts';
import { saveEndpoint } from '../../../src/main/application/endpoints.ts';
import { getStatus } from '../../../src/main/application/status.ts';
import { parseCertificate } from '../../../src/main/core/pki/certificate.ts';
import { parseCrl } from '../../../src/main/core/pki/crl.ts';
import { type Csr, parseCsr, verifyCsr } from '../../../src/main/core/pki/csr.ts';
import { nameToText } from '../../../src/main/core/pki/names.ts';
import { writeCertsOnly } from '../../../src/main/core/pki/signedData.ts';
import { COMBINED_USAGE, type CaOptions, SIGN_ONLY_USAGE, aCa, caCertificate } from '../../support/cas.ts';
import { type TestKey, pkcsReq, rsaKey } from '../../support/forge.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';
import { readCertsOnly } from '../../support/replies.ts';

let office: Office;
const root = aCa({ key: rsaKey(70), subject: 'CN=Offline Root' });

beforeEach(async () => {
  office = await openOffice({ authority: 'none' });
});
afterEach(() => office.close());

const refusal = (code: string, words = '') => ({ ok: false, error: { code, message: expect.stringContaining(words) } });
const ask = async (more: Partial<SigningRequestInput> = {}): Promise<SigningRequest> => must(await requestAuthority(office.deps, { commonName: 'Issuing CA', organization: 'Test', key: 'rsa-2048', scepKey: 'combined', ...more }, ADMIN));

function csrOf({ der }: SigningRequest): Csr {
  const csr = parseCsr(der);
  if (!csr.ok) throw new Error(csr.error);
  return csr.value;
}

/** What the root makes of a request. */
function sign(request: SigningRequest, options: Partial<CaOptions> = {}): Uint8Array {
  const { spki, subject } = csrOf(request);
  const key = { kind: 'rsa', spki } as TestKey;
  return caCertificate({ key, subject, issuer: root, ...options });
}

const install = (request: SigningRequest, ...files: readonly Uint8Array[]) => installCertificate(office.deps, { id: request.authority.id, files }, ADMIN);
const query = (operation: string, path = '/scep') => office.request({ method: 'GET', path, target: { kind: 'path', path }, rawQuery: `operation=${operation}` });
const words = ({ body }: { readonly body: Uint8Array }): string => Buffer.from(body).toString();
const auditOf = async (action: string) => (await office.audit()).filter((entry) => entry.action === action);

describe('a signing request', () => {
  it('asks for a CA certificate, signed with the key it is for', async () => {
    const csr = csrOf(await ask({ country: 'DE' }));
    expect(verifyCsr(csr, office.deps.crypto)).toBe(true);
    expect(nameToText(csr.subject)).toBe('C=DE, O=Test, CN=Issuing CA');
    expect(csr.basicConstraints).toEqual({ ca: true });
    expect(csr.keyUsage).toEqual(['digitalSignature', 'keyEncipherment', 'keyCertSign', 'cRLSign']);
    expect(csr.subjectKeyId).toHaveLength(20);
  });

  it.each(['p256', 'p384'] as const)('signs with %s, and then asks for signing only', async (key) => {
    const csr = csrOf(await ask({ key, scepKey: 'split' }));
    expect(verifyCsr(csr, office.deps.crypto)).toBe(true);
    expect(csr.keyUsage).toEqual(['keyCertSign', 'cRLSign']);
  });

  it('is kept, and exported as the same file again', async () => {
    const request = await ask({ key: 'p256', scepKey: 'split' });
    const file = must(await exportAuthority(office.deps, { id: request.authority.id, form: 'csr' }));
    expect(file).toMatchObject({ name: 'Issuing-CA.csr', mediaType: 'application/pkcs10' });
    expect(words({ body: file.bytes }).replace(/-----[^-]+-----|\s/g, '')).toBe(Buffer.from(request.der).toString('base64'));
    expect(await auditOf('authority.request')).toMatchObject([{ outcome: 'ok', detail: { commonName: 'Issuing CA', csrSha256: request.sha256 } }]);
  });

  it('is refused for a taken name, and for an EC key that should open envelopes', async () => {
    await ask();
    expect(await requestAuthority(office.deps, { commonName: 'ISSUING ca', organization: 'Test', key: 'rsa-2048', scepKey: 'combined' }, ADMIN)).toMatchObject(refusal('name-taken'));
    expect(await requestAuthority(office.deps, { commonName: 'EC', key: 'p256', scepKey: 'combined' }, ADMIN)).toMatchObject(refusal('ec-needs-split'));
    await office.lock();
    expect(await requestAuthority(office.deps, { commonName: 'Late', key: 'p256', scepKey: 'split' }, ADMIN)).toMatchObject(refusal('locked'));
  });
});

describe('while an authority waits for its certificate', () => {
  it('devices are told to come back, and the admin what is awaited', async () => {
    const request = await ask();
    expect((await query('GetCACaps')).status).toBe(200);
    expect(await query('GetCACert')).toMatchObject({ status: 404 });
    const asked = await office.request({ body: pkcsReq({ recipient: root.certificate }).bytes });
    expect([asked.status, asked.headers['Retry-After']]).toEqual([503, '120']);
    expect(JSON.parse(words(await office.door.health()))).toMatchObject({ status: 'degraded', message: expect.stringContaining('waits for its certificate') });
    expect((await office.door.caCertificate(1, null, 'cer')).status).toBe(404);
    expect((await office.door.crl(1, 1)).status).toBe(404);
    expect((await getStatus(office.deps)).notices).toContainEqual({ code: 'awaiting-certificate', severity: 'notice', text: expect.stringContaining('“Issuing CA” waits'), authorityId: request.authority.id });
    expect(await exportAuthority(office.deps, { id: request.authority.id, form: 'pem' })).toMatchObject(refusal('awaiting-certificate'));
    expect(await publishCrl(office.deps, { authorityId: request.authority.id, generation: 1 }, ADMIN)).toMatchObject(refusal('awaiting-certificate'));
    await office.settle();
    expect(await office.store.read.latestCrl(request.authority.id, 1)).toBeUndefined();
  });

  it('another authority is the first that can work, and brings /scep', async () => {
    const request = await ask();
    const other = must(await createAuthority(office.deps, { commonName: 'Other', key: 'rsa-2048', years: 5, scepKey: 'combined' }, ADMIN));
    expect(office.endpoint.authorityId).toBe(other.authority.id);
    must(await install(request, sign(request), root.certificate));
    expect(office.deps.directory.endpoints()).toHaveLength(1);
    expect(office.endpoint.authorityId).toBe(other.authority.id);
  });

  it('an endpoint that was moved to it says so', async () => {
    must(await createAuthority(office.deps, { commonName: 'Other', key: 'rsa-2048', years: 5, scepKey: 'combined' }, ADMIN));
    const request = await ask();
    must(await saveEndpoint(office.deps, { path: '/scep/later', authorityId: request.authority.id, profileId: 'device' }, ADMIN));
    expect(await query('GetCACert', '/scep/later')).toMatchObject({ status: 404 });
    const asked = await office.request({ path: '/scep/later', target: { kind: 'path', path: '/scep/later' }, body: pkcsReq({ recipient: root.certificate }).bytes });
    expect([asked.status, words(asked)]).toEqual([503, 'The CA has no certificate yet. Try again later.\n']);
    must(await install(request, sign(request), root.certificate));
    expect(await query('GetCACert', '/scep/later')).toMatchObject({ status: 200, contentType: 'application/x-x509-ca-cert' });
  });
});

describe('the certificate', () => {
  it('makes the authority work: CRL, endpoint, audit, an enrolment', async () => {
    const request = await ask();
    const certificate = sign(request);
    const { authority, findings } = must(await install(request, root.certificate, certificate));
    expect(findings).toEqual([]);
    expect(authority).toMatchObject({ id: request.authority.id, version: 2, scepKey: 'combined' });
    const generation = office.deps.directory.currentGeneration(authority.id)!;
    expect(generation).toMatchObject({ state: 'current', number: 1, version: 2 });
    expect(Buffer.from(generation.chain[0]!).equals(Buffer.from(root.certificate))).toBe(true);
    expect(await office.store.read.latestCrl(authority.id, 1)).toMatchObject({ number: 1 });
    expect(office.endpoint).toMatchObject({ path: '/scep', profileId: 'device', authorization: 'challenge-or-hold', compatibility: 'standard', authorityId: authority.id });
    const answer = await office.ask(pkcsReq({ recipient: office.scepCertificate, challenge: await office.challenge() }));
    expect(answer.pkiStatus).toBe('SUCCESS');
    expect(JSON.parse(words(await office.door.health()))).toMatchObject({ status: 'healthy' });
    expect((await getStatus(office.deps)).notices.map(({ code }) => code)).not.toContain('awaiting-certificate');
    expect(await auditOf('authority.install')).toMatchObject([{ outcome: 'ok', code: 'installed', detail: { issuer: 'CN=Offline Root', chain: 1, complete: true, serial: expect.any(String) } }]);
    expect((await office.store.verifyAudit()).ok).toBe(true);
    // The file may be needed again, for the root's next signature.
    expect(await exportAuthority(office.deps, { id: authority.id, form: 'csr' })).toMatchObject({ ok: true });
  });

  it('in split mode certifies an RSA key for SCEP at once', async () => {
    const request = await ask({ key: 'p256', scepKey: 'split' });
    must(await install(request, writeCertsOnly([root.certificate, sign(request, { usage: SIGN_ONLY_USAGE })])));
    const identity = office.deps.directory.activeScepIdentity(request.authority.id)!;
    const scep = parseCertificate(identity.certificate);
    expect(scep).toMatchObject({ ok: true, value: { keyUsage: ['digitalSignature', 'keyEncipherment'], extendedKeyUsages: ['1.3.6.1.4.1.311.20.2.1'] } });
    expect((await office.certificates()).map(({ kind }) => kind)).toEqual(['scep']);
    const served = readCertsOnly((await query('GetCACert')).body).certificates;
    expect(served).toHaveLength(2);
    expect((await office.ask(pkcsReq({ recipient: served[0]!, challenge: await office.challenge() }))).pkiStatus).toBe('SUCCESS');
    expect(await office.store.read.intents()).toEqual([]);
  });

  it('that does not let its key open envelopes makes a combined authority a split one', async () => {
    const request = await ask();
    const { authority, findings } = must(await install(request, sign(request, { usage: SIGN_ONLY_USAGE }), root.certificate));
    expect(authority.scepKey).toBe('split');
    expect(findings).toMatchObject([{ code: 'made-split', severity: 'notice' }]);
    expect((await office.ask(pkcsReq({ recipient: office.scepCertificate, challenge: await office.challenge() }))).pkiStatus).toBe('SUCCESS');
  });

  it('may give another name, byte for byte the issuer of what follows', async () => {
    const request = await ask();
    const { authority, findings } = must(await install(request, sign(request, { subject: 'O=Other, CN=Given Name' }), root.certificate));
    expect(authority).toMatchObject({ commonName: 'Given Name', organization: 'Other' });
    expect(findings).toMatchObject([{ code: 'subject-changed' }]);
    const crl = parseCrl((await office.store.read.latestCrl(authority.id, 1))!.der);
    expect(crl.ok && nameToText(crl.value.issuer)).toBe('O=Other, CN=Given Name');
  });

  it('must not take the name of another authority', async () => {
    must(await createAuthority(office.deps, { commonName: 'Other', key: 'rsa-2048', years: 5, scepKey: 'combined' }, ADMIN));
    const request = await ask();
    expect(await install(request, sign(request, { subject: 'CN=Other' }))).toMatchObject(refusal('name-taken'));
  });

  it('without its root is taken, and the chain completed later', async () => {
    const request = await ask();
    const certificate = sign(request);
    expect(must(await install(request, certificate)).findings).toMatchObject([{ code: 'issuer-missing', severity: 'warning' }]);
    expect(await install(request, certificate)).toMatchObject(refusal('already-installed'));
    expect(await install(request, sign(request), root.certificate)).toMatchObject(refusal('already-installed'));
    expect(must(await install(request, certificate, root.certificate)).findings).toEqual([]);
    expect(office.deps.directory.currentGeneration(request.authority.id)?.chain).toHaveLength(1);
    expect((await auditOf('authority.install')).map(({ outcome, code }) => `${outcome} ${code}`).reverse()).toEqual(['ok installed', 'refused already-installed', 'refused already-installed', 'ok chain-completed']);
  });

  it.each([
    ['not-a-ca', { ca: false }],
    ['ca-usage-missing', { usage: 0x80 }],
    ['signature-weak', { digest: 'sha1' }],
    ['certificate-expired', { notBefore: Date.now() - 9e8, notAfter: Date.now() - 1e6 }],
  ] as const)('is refused as %s, which leaves the authority waiting', async (code, options) => {
    const request = await ask();
    expect(await install(request, sign(request, options), root.certificate)).toMatchObject(refusal(code));
    expect(office.deps.directory.generations(request.authority.id)).toMatchObject([{ state: 'awaiting-certificate', version: 1 }]);
    expect(await auditOf('authority.install')).toMatchObject([{ outcome: 'refused', code }]);
    expect(must(await install(request, sign(request), root.certificate)).authority.version).toBe(2);
  });

  it('is refused where it is for another key, where the files cannot be read, and where there is no such authority', async () => {
    const request = await ask();
    expect(await install(request, caCertificate({ key: rsaKey(71), subject: 'CN=Issuing CA', issuer: root }))).toMatchObject(refusal('certificate-key-differs', '“CN=Issuing CA”'));
    expect(await install(request, new Uint8Array(0))).toMatchObject(refusal('no-certificate'));
    expect(await install(request, new Uint8Array(Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')))).toMatchObject(refusal('certificate-unreadable'));
    expect(await installCertificate(office.deps, { id: 'none', files: [root.certificate] }, ADMIN)).toMatchObject(refusal('not-found'));
    office.setCaKeyPresent(false);
    expect(await install(request, sign(request), root.certificate)).toMatchObject(refusal('locked'));
  });

  it('comes twice at the same moment, and counts once', async () => {
    const request = await ask({ key: 'p256', scepKey: 'split' });
    const file = sign(request, { usage: SIGN_ONLY_USAGE });
    const both = await Promise.all([install(request, file, root.certificate), install(request, file, root.certificate)]);
    expect(both.map((r) => (r.ok ? 'ok' : r.error.code)).sort()).toEqual(['ok', 'stale-version']);
    expect(office.deps.directory.scepIdentities(request.authority.id)).toHaveLength(1);
    await office.settle();
    expect(await office.store.read.intents()).toEqual([]);
  });
});

it('an authority made here has no signing request', async () => {
  const { authority } = must(await createAuthority(office.deps, { commonName: 'Own', key: 'rsa-2048', years: 5, scepKey: 'combined' }, ADMIN));
  expect(await exportAuthority(office.deps, { id: authority.id, form: 'csr' })).toMatchObject(refusal('no-signing-request'));
});

it('no CA is made below one whose path length leaves no room', async () => {
  const request = await ask();
  const { authority } = must(await install(request, sign(request, { pathLength: 0, usage: COMBINED_USAGE }), root.certificate));
  expect(await createAuthority(office.deps, { commonName: 'Below', key: 'rsa-2048', years: 2, scepKey: 'combined', parentId: authority.id }, ADMIN)).toMatchObject(refusal('parent-unusable', 'path length 0'));
});
