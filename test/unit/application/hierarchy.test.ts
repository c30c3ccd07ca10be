/** Limits of CAs below each other, and an issuing CA of another machine that a root here signs by files. */
import { afterEach, describe, expect, it } from 'vitest';
import { createAuthority } from '../../../src/main/application/authorities.ts';
import { installCertificate } from '../../../src/main/application/authorities/installCertificate.ts';
import { type SignRequestInput, signRequest } from '../../../src/main/application/authorities/signRequest.ts';
import { requestAuthority } from '../../../src/main/application/authorities/signingRequest.ts';
import { releaseCertificate, revokeCertificate } from '../../../src/main/application/certificates.ts';
import { getCrl } from '../../../src/main/application/crls.ts';
import { getStatus } from '../../../src/main/application/status.ts';
import type { Authority } from '../../../src/main/core/ca/authority.ts';
import { DAY } from '../../../src/main/core/lib/instant.ts';
import { certificatesInFile } from '../../../src/main/core/pki/certificateFiles.ts';
import { parseCertificate } from '../../../src/main/core/pki/certificate.ts';
import { parseCrl } from '../../../src/main/core/pki/crl.ts';
import { csr, extension, pkcsReq, rsaKey } from '../../support/forge.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';
import { pem } from '../../support/oracle.ts';

const offices: Office[] = [];
async function open(options: Parameters<typeof openOffice>[0] = {}): Promise<Office> {
  const office = await openOffice(options);
  offices.push(office);
  return office;
}
afterEach(async () => {
  for (const office of offices.splice(0)) await office.close();
});

const rootOf = (office: Office): Authority => office.deps.directory.authorities()[0]!;
const certificateOf = (office: Office, { id }: Authority) => {
  const parsed = parseCertificate(office.deps.directory.currentGeneration(id)?.certificate ?? new Uint8Array(0));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};
const issuing = (office: Office, wish: Partial<Parameters<typeof createAuthority>[1]> = {}) =>
  createAuthority(office.deps, { commonName: 'Issuing CA', organization: 'Test', key: 'rsa-2048', years: 5, scepKey: 'combined', parentId: rootOf(office).id, ...wish }, ADMIN);

describe('limits at creation', () => {
  it('a root has no path length or the one that was chosen, an issuing CA 0', async () => {
    const office = await open();
    expect(certificateOf(office, rootOf(office)).basicConstraints).toEqual({ ca: true });
    expect(certificateOf(office, must(await issuing(office)).authority).basicConstraints).toEqual({ ca: true, pathLength: 0 });
    const limited = must(await issuing(office, { commonName: 'Root 2', parentId: undefined, pathLength: 1 })).authority;
    expect(certificateOf(office, limited).basicConstraints).toEqual({ ca: true, pathLength: 1 });
    expect(await issuing(office, { commonName: 'Too deep', parentId: limited.id, pathLength: 1 })).toMatchObject({ ok: false, error: { code: 'parent-unusable', message: expect.stringContaining('less than 1') as string } });
    const below = must(await issuing(office, { commonName: 'Sub', parentId: limited.id })).authority;
    expect(await issuing(office, { commonName: 'Deeper', parentId: below.id })).toMatchObject({ ok: false, error: { code: 'parent-unusable' } });
    expect(certificateOf(office, must(await issuing(office, { commonName: 'Free', pathLength: null })).authority).basicConstraints).toEqual({ ca: true });
  });

  it('an issuing CA, and what it issues, never outlives what is above it', async () => {
    const office = await open({ authority: { years: 1 } });
    const root = certificateOf(office, rootOf(office));
    const sub = must(await issuing(office, { years: 30 })).authority;
    expect(certificateOf(office, sub).notAfter).toBe(root.notAfter);
    office.advance(200 * DAY);
    await office.change({ authorityId: sub.id });
    const reply = await office.ask(pkcsReq({ key: rsaKey(1), subject: 'CN=dev', recipient: office.scepCertificate, challenge: await office.challenge() }));
    const leaf = parseCertificate(reply.certificates[0]!);
    expect(leaf.ok && leaf.value.notAfter).toBe(root.notAfter);
  });

  it('name constraints stand in the certificate, critical, and hold for everything below, with words to device and admin', async () => {
    const office = await open({ authority: { nameConstraints: { permitted: ['DNS:office.lan', 'DirName:O=Test'], excluded: [] } } });
    const sub = must(await issuing(office, { nameConstraints: { permitted: [], excluded: ['DNS:secret.office.lan'] } })).authority;
    expect(certificateOf(office, sub).extensions.find(({ oid }) => oid === '2.5.29.30')).toMatchObject({ critical: true });
    await office.change({ authorityId: sub.id });
    const ask = async (i: number, subject: string, ...dnsNames: string[]) =>
      office.ask(pkcsReq({ key: rsaKey(i), subject, dnsNames, recipient: office.scepCertificate, challenge: await office.challenge() }));
    expect((await ask(1, 'O=Test, CN=gate', 'gate.office.lan')).pkiStatus).toBe('SUCCESS');
    const elsewhere = await ask(2, 'O=Test, CN=gate', 'gate.evil.lan');
    expect(elsewhere).toMatchObject({ pkiStatus: 'FAILURE', failInfo: 2 });
    expect(elsewhere.failInfoText).toContain('DNS:gate.evil.lan');
    // Its own constraints, and those of the CA above it.
    expect((await ask(3, 'O=Test, CN=gate', 'x.secret.office.lan')).failInfoText).toContain('is excluded');
    expect((await ask(4, 'O=Other, CN=gate', 'gate.office.lan')).failInfoText).toContain('DirName:');
    const [told] = (await office.transactions()).filter(({ code }) => code === 'name-constraints');
    expect(told).toMatchObject({ outcome: 'failure' });
    expect((await office.audit()).filter(({ action, code }) => action === 'message.refuse' && code === 'name-constraints')).toHaveLength(3);
    // No challenge was spent by a refusal.
    expect((await office.store.read.challenges({ state: 'live', limit: 10 }, office.now())).total).toBe(3);
  });

  it('constraints that would leave the CA itself no name are refused, and so are those that are none', async () => {
    const office = await open();
    const refused = async (permitted: readonly string[], more: object = {}) => {
      const outcome = await issuing(office, { commonName: 'Odd', parentId: undefined, nameConstraints: { permitted, excluded: [] }, ...more });
      return outcome.ok ? 'made' : outcome.error.code;
    };
    expect(await refused(['DirName:O=Elsewhere'])).toBe('name-constraints');
    expect(await refused(['office.lan'])).toBe('invalid-input');
    expect(await refused(['DirName:C=DE,O=Test'], { country: 'DE' })).toBe('made');
  });
});

/** Two machines: the root's, and one whose issuing CA waits for its certificate. */
async function twoMachines(root: Parameters<typeof openOffice>[0] = { authority: { commonName: 'Offline Root', key: 'p384', scepKey: 'split', years: 20 } }) {
  const safe = await open(root);
  const online = await open({ authority: 'none' });
  const { authority, der } = must(await requestAuthority(online.deps, { commonName: 'Issuing CA', organization: 'Test', key: 'rsa-2048', scepKey: 'combined' }, ADMIN));
  const sign = (wish: Partial<SignRequestInput> = {}) => signRequest(safe.deps, { authorityId: rootOf(safe).id, csr: pem('CERTIFICATE REQUEST', der), years: 5, preview: false, ...wish }, ADMIN);
  return { safe, online, authority, der, sign };
}

describe('a root that signs for another machine', () => {
  it('shows what it would sign, signs it, and the other machine goes to work with it', async () => {
    const { safe, online, authority, der, sign } = await twoMachines();
    const shown = must(await sign({ preview: true, nameConstraints: { permitted: ['DNS:office.lan'], excluded: [] } }));
    expect(shown.signed).toBeUndefined();
    expect(shown.plan.basicConstraints).toEqual({ ca: true, pathLength: 0 });
    expect(shown.plan.keyUsage).toEqual(['digitalSignature', 'keyEncipherment', 'keyCertSign', 'cRLSign']);
    expect(shown.findings.map(({ code }) => code)).toEqual(['no-public-base-url']);
    expect(await safe.certificates()).toHaveLength(2);

    const signed = must(await sign({ nameConstraints: { permitted: ['DNS:office.lan'], excluded: [] } }));
    expect(signed.signed?.certificate).toMatchObject({ kind: 'authority', subject: 'O=Test, CN=Issuing CA', state: 'valid', authorityId: rootOf(safe).id });
    const file = signed.signed?.file.bytes ?? new Uint8Array(0);
    expect(certificatesInFile(file)).toMatchObject({ ok: true, value: { length: 2 } });
    const installed = must(await installCertificate(online.deps, { id: authority.id, files: [file] }, ADMIN));
    expect(installed.findings.map(({ code }) => code)).toEqual(['name-constraints']);
    const enrolled = await online.ask(pkcsReq({ key: rsaKey(1), subject: 'CN=gate', dnsNames: ['gate.office.lan'], recipient: online.scepCertificate, challenge: await online.challenge() }));
    expect(enrolled.pkiStatus).toBe('SUCCESS');
    const outside = await online.ask(pkcsReq({ key: rsaKey(2), subject: 'CN=gate', dnsNames: ['gate.evil.lan'], recipient: online.scepCertificate, challenge: await online.challenge() }));
    expect(outside.pkiStatus).toBe('FAILURE');

    // Once more: it is said that this key has one.
    expect(must(await sign({ preview: true })).findings.map(({ code }) => code)).toContain('signed-before');
    const log = (await safe.audit()).filter(({ action }) => action === 'authority.signRequest');
    expect(log).toHaveLength(1);
    expect(log[0]?.detail).toMatchObject({ subject: 'O=Test, CN=Issuing CA', serial: signed.signed?.certificate.serial, csrSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect((await safe.store.verifyAudit()).ok).toBe(true);
    expect(der.length).toBeGreaterThan(0);
  });

  it('revokes it on its own CRL, holds and releases it', async () => {
    const { safe, sign } = await twoMachines();
    const { certificate } = must(await sign()).signed!;
    const listed = async (): Promise<readonly (readonly [string, string | undefined])[]> => {
      const crl = parseCrl(must(await getCrl(safe.deps, { authorityId: rootOf(safe).id })).der);
      if (!crl.ok) throw new Error(crl.error);
      return crl.value.revoked.map(({ serialHex, reason }) => [serialHex, reason] as const);
    };
    must(await revokeCertificate(safe.deps, { id: certificate.id, reason: 'certificateHold' }, ADMIN));
    expect(await listed()).toEqual([[certificate.serial, 'certificateHold']]);
    must(await releaseCertificate(safe.deps, { id: certificate.id }, ADMIN));
    expect(await listed()).toEqual([]);
    must(await revokeCertificate(safe.deps, { id: certificate.id, reason: 'cACompromise' }, ADMIN));
    expect(await listed()).toEqual([[certificate.serial, 'cACompromise']]);
    // Who stole the key may have the request too.
    expect(await sign()).toMatchObject({ ok: false, error: { code: 'key-revoked' } });
    // The root's own certificate is not for its own CRL.
    const own = (await safe.certificates()).find(({ kind, subject }) => kind === 'authority' && subject.includes('Offline Root'));
    expect(await revokeCertificate(safe.deps, { id: own?.id ?? '', reason: 'cACompromise' }, ADMIN)).toMatchObject({ ok: false, error: { code: 'not-revocable' } });
  });

  it('a CA beside its root on one machine that is revoked gives nothing out any more', async () => {
    const office = await open();
    const sub = must(await issuing(office)).authority;
    await office.change({ authorityId: sub.id });
    const record = (await office.certificates()).find(({ kind, subject }) => kind === 'authority' && subject.includes('Issuing CA'));
    must(await revokeCertificate(office.deps, { id: record?.id ?? '', reason: 'cACompromise' }, ADMIN));
    expect(office.endpoint.enabled).toBe(false);
    expect((await getStatus(office.deps)).notices.find(({ code }) => code === 'authority-revoked')).toMatchObject({ severity: 'danger' });
    const refused = await office.ask(pkcsReq({ key: rsaKey(1), subject: 'CN=dev', recipient: office.scepCertificate, challenge: await office.challenge() }));
    expect(refused).toMatchObject({ pkiStatus: 'FAILURE' });
    expect((await office.audit()).filter(({ action }) => action === 'endpoint.save').at(0)?.detail).toMatchObject({ enabled: false, reason: expect.stringContaining('revoked') as string });
  });

  it('refuses what it cannot answer for, and notes it where it was to be signed', async () => {
    const { safe, sign } = await twoMachines();
    const root = rootOf(safe);
    const code = async (request: string | Uint8Array, wish: Partial<SignRequestInput> = {}): Promise<string> => {
      const outcome = await sign({ csr: typeof request === 'string' ? request : Buffer.from(request).toString('base64'), ...wish });
      return outcome.ok ? 'signed' : outcome.error.code;
    };
    expect(await code('nothing')).toBe('certificate-unreadable');
    expect(await code(pem('CERTIFICATE', safe.caCertificate))).toBe('certificate-unreadable');
    const two = pem('CERTIFICATE REQUEST', csr({ key: rsaKey(3) })) + pem('CERTIFICATE REQUEST', csr({ key: rsaKey(4) }));
    expect(await code(two)).toBe('certificate-unreadable');
    expect(await code(csr({ key: rsaKey(3), signWith: rsaKey(4) }))).toBe('csr-signature');
    expect(await code(csr({ key: rsaKey(3), digest: 'sha1' }))).toBe('signature-weak');
    expect(await code(csr({ key: rsaKey(0, 1024) }))).toBe('key-too-small');
    expect(await code(csr({ key: rsaKey(3), subject: root.subject }))).toBe('name-taken');
    expect(await code(csr({ key: rsaKey(3), subject: '' }))).toBe('csr-subject');
    expect(await code(csr({ key: rsaKey(3), extensions: [extension('2.5.29.19', Uint8Array.of(0x30, 0))] }))).toBe('csr-not-ca');
    expect(await code(csr({ key: rsaKey(3) }), { authorityId: 'none' })).toBe('not-found');
    expect(await code(csr({ key: rsaKey(3) }), { nameConstraints: { permitted: ['lan'], excluded: [] } })).toBe('invalid-input');
    const noted = (await safe.audit()).filter(({ action, outcome }) => action === 'authority.signRequest' && outcome === 'refused').map(({ code: why }) => why);
    expect(noted).toHaveLength(10);
    safe.setCaKeyPresent(false);
    expect(await code(csr({ key: rsaKey(3) }))).toBe('locked');
    expect((await sign({ preview: true })).ok).toBe(true);
    expect((await safe.certificates()).filter(({ kind }) => kind === 'authority')).toHaveLength(1);
  });

  it('says what it leaves out and cuts short', async () => {
    const { sign } = await twoMachines({ authority: { commonName: 'Root', key: 'p256', scepKey: 'split', years: 3 }, settings: { publicBaseUrl: 'http://ca.office.lan' } });
    const request = csr({ key: rsaKey(3), subject: 'CN=Other CA', challenge: 'secret', dnsNames: ['a.lan'], extensions: [extension('2.5.29.19', Uint8Array.of(0x30, 6, 1, 1, 0xff, 2, 1, 3))] });
    const shown = must(await sign({ csr: Buffer.from(request).toString('base64'), years: 10, pathLength: null, preview: true }));
    expect(shown.findings.map(({ code }) => code)).toEqual(['no-path-length', 'ends-with-issuer', 'path-length-differs', 'extensions-left-out', 'challenge-ignored']);
    expect(shown.plan.crlUrls).toEqual(['http://ca.office.lan/crl/1/1.crl']);
    expect(shown.plan.keyUsage).toEqual(['keyCertSign', 'cRLSign']);
  });

  it('is held to its own limits', async () => {
    const { sign } = await twoMachines({ authority: { commonName: 'Root', key: 'p256', scepKey: 'split', pathLength: 0, nameConstraints: { permitted: ['DirName:O=Test'], excluded: [] } } });
    expect(await sign()).toMatchObject({ ok: false, error: { code: 'path-length-exceeded' } });
    const named = await twoMachines({ authority: { commonName: 'Root', key: 'p256', scepKey: 'split', organization: 'Safe', nameConstraints: { permitted: ['DirName:O=Safe'], excluded: [] } } });
    expect(await named.sign()).toMatchObject({ ok: false, error: { code: 'name-constraints' } });
  });
});
