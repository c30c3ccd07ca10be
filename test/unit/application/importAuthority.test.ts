/** A CA that was made elsewhere moves in: its key into the vault, its devices go on trusting it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importAuthority } from '../../../src/main/application/authorities/importAuthority.ts';
import { installCertificate } from '../../../src/main/application/authorities/installCertificate.ts';
import { publishCrl } from '../../../src/main/application/crls.ts';
import { parseCertificate, verifySignedBy } from '../../../src/main/core/pki/certificate.ts';
import { type CaOptions, SIGN_ONLY_USAGE, aCa, caCertificate } from '../../support/cas.ts';
import { type TestKey, certificate, ecKey, pkcsReq, rsaKey } from '../../support/forge.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';
import { pem } from '../../support/oracle.ts';

let office: Office;
const root = aCa({ key: rsaKey(80), subject: 'CN=Old Root' });
const key = rsaKey(81);

beforeEach(async () => {
  office = await openOffice({ authority: 'none' });
});
afterEach(() => office.close());

const refusal = (code: string, words = '') => ({ ok: false, error: { code, message: expect.stringContaining(words) } });
const keyFile = (of: TestKey, passphrase?: string): Uint8Array =>
  new Uint8Array(Buffer.from(of.privateKey.export(passphrase === undefined ? { type: 'pkcs8', format: 'pem' } : { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString()));
const ca = (options: Partial<CaOptions> = {}): Uint8Array => caCertificate({ key, subject: 'O=Test, CN=Old CA', ...options });
const take = (files: readonly Uint8Array[], passphrase?: string) => importAuthority(office.deps, { files, passphrase }, ADMIN);
const codes = (findings: readonly { readonly code: string }[]): readonly string[] => findings.map(({ code }) => code);
const auditOf = async (action: string) => (await office.audit()).filter((entry) => entry.action === action);
const enrol = async () => office.ask(pkcsReq({ recipient: office.scepCertificate, challenge: await office.challenge() }));

describe('an imported CA', () => {
  it('of one RSA key goes on as it was, and issues', async () => {
    const own = ca();
    const { authority, findings } = must(await take([own, keyFile(key, 'of the file')], 'of the file'));
    expect(authority).toMatchObject({ commonName: 'Old CA', organization: 'Test', keyAlgorithm: 'rsa-2048', scepKey: 'combined', number: 1, version: 1 });
    expect(codes(findings)).toEqual(['earlier-revocations-unknown']);
    expect(Buffer.from(office.caCertificate).equals(Buffer.from(own))).toBe(true);
    expect(Buffer.from(office.scepCertificate).equals(Buffer.from(own))).toBe(true);
    const answer = await enrol();
    const issued = parseCertificate(answer.certificates[0]!);
    expect(issued.ok && verifySignedBy(issued.value, key.spki, office.deps.crypto)).toBe(true);
    expect(await auditOf('authority.import')).toMatchObject([{ outcome: 'ok', code: 'imported', detail: { commonName: 'Old CA', key: 'rsa-2048', issuer: 'O=Test, CN=Old CA', complete: true } }]);
    expect((await office.store.verifyAudit()).ok).toBe(true);
  });

  it('below a root keeps its chain', async () => {
    const { authority } = must(await take([new Uint8Array(Buffer.from(Buffer.from(keyFile(key)).toString() + pem('CERTIFICATE', root.certificate) + pem('CERTIFICATE', ca({ issuer: root }))))]));
    expect(office.deps.directory.currentGeneration(authority.id)?.chain).toHaveLength(1);
  });

  it.each([
    ['may only sign', { usage: SIGN_ONLY_USAGE }, ['earlier-revocations-unknown', 'made-split']],
    ['has no key usage', { usage: null }, ['earlier-revocations-unknown', 'key-usage-absent', 'made-split']],
  ] as const)('whose RSA key %s gets a key of its own for SCEP', async (_, options, found) => {
    const { authority, findings } = must(await take([keyFile(key), ca(options)]));
    expect(authority.scepKey).toBe('split');
    expect(codes(findings)).toEqual(found);
    expect((await office.certificates()).map(({ kind }) => kind)).toEqual(['scep']);
    expect((await enrol()).pkiStatus).toBe('SUCCESS');
  });

  it.each(['P-256', 'P-384'] as const)('with an EC key on %s is split', async (curve) => {
    const ec = ecKey(81, curve);
    const { authority } = must(await take([keyFile(ec), ca({ key: ec, usage: SIGN_ONLY_USAGE })]));
    expect(authority).toMatchObject({ keyAlgorithm: curve === 'P-256' ? 'p256' : 'p384', scepKey: 'split' });
    expect((await enrol()).pkiStatus).toBe('SUCCESS');
  });

  it('counts its CRLs on from where no counter has been', async () => {
    const { authority } = must(await take([keyFile(key), ca()]));
    const first = (await office.store.read.latestCrl(authority.id, 1))!.number;
    // Above a date as a number, which is how some CAs count.
    expect(first).toBeGreaterThan(20_261_231_235_959);
    expect(Number.isSafeInteger(first)).toBe(true);
    expect(must(await publishCrl(office.deps, { authorityId: authority.id }, ADMIN)).number).toBe(first + 1);
  });

  it('opens again with the vault', async () => {
    must(await take([keyFile(key), ca()]));
    await office.lock();
    await office.unlock();
    expect((await enrol()).pkiStatus).toBe('SUCCESS');
  });

  it('may have its chain completed later', async () => {
    const own = ca({ issuer: root });
    const { authority, findings } = must(await take([keyFile(key), own]));
    expect(codes(findings)).toEqual(['earlier-revocations-unknown', 'issuer-missing']);
    must(await installCertificate(office.deps, { id: authority.id, files: [own, root.certificate] }, ADMIN));
    expect(office.deps.directory.currentGeneration(authority.id)?.chain).toHaveLength(1);
  });
});

describe('an import is refused', () => {
  it.each([
    ['wrong-file-passphrase', () => take([keyFile(key, 'of the file'), ca()], 'another')],
    ['file-passphrase-needed', () => take([keyFile(key, 'of the file'), ca()])],
    ['no-key', () => take([ca()])],
    ['several-keys', () => take([keyFile(key), keyFile(rsaKey(82)), ca()])],
    ['file-unreadable', () => take([new Uint8Array(Buffer.from('no key at all'))])],
    ['no-certificate', () => take([keyFile(key)])],
    ['certificate-key-differs', () => take([keyFile(rsaKey(82)), ca()])],
    ['not-a-ca', () => take([keyFile(key), certificate({ key })])],
    ['certificate-expired', () => take([keyFile(key), ca({ notBefore: Date.now() - 9e8, notAfter: Date.now() - 1e6 })])],
    ['signature-weak', () => take([keyFile(key), ca({ issuer: root, digest: 'sha1' }), root.certificate])],
  ] as const)('as %s, which leaves nothing behind but the audit entry', async (code, attempt) => {
    const keys = (await office.store.read.keys()).length;
    expect(await attempt()).toMatchObject(refusal(code));
    expect(office.deps.directory.authorities()).toEqual([]);
    expect(await office.store.read.keys()).toHaveLength(keys);
    expect(await auditOf('authority.import')).toMatchObject([{ outcome: 'refused', code }]);
  });

  it('where the CA is here already, or its name is', async () => {
    must(await take([keyFile(key), ca()]));
    expect(await take([keyFile(key), ca({ subject: 'CN=Renamed' })])).toMatchObject(refusal('already-here', '“Old CA”'));
    expect(await take([keyFile(rsaKey(82)), ca({ key: rsaKey(82) })])).toMatchObject(refusal('name-taken'));
  });

  it('while the vault is locked', async () => {
    await office.lock();
    expect(await take([keyFile(key), ca()])).toMatchObject(refusal('locked'));
  });
});

it('says nothing of key or passphrase anywhere', async () => {
  const passphrase = 'of the file only';
  must(await take([keyFile(key, passphrase), ca()], passphrase));
  await take([keyFile(rsaKey(82), passphrase), ca()], 'not the right passphrase');
  const said = JSON.stringify([await office.store.exportAudit(), await office.audit(), await office.transactions()]);
  expect(said).toContain('authority.import');
  const pkcs8 = key.privateKey.export({ type: 'pkcs8', format: 'der' });
  for (const secret of [passphrase, 'not the right passphrase', pkcs8.subarray(40, 70).toString('base64'), pkcs8.subarray(40, 70).toString('hex')]) expect(said).not.toContain(secret);
});
