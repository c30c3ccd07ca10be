/** The rollover of a CA, step by step, with devices that follow it: real cryptography over memory stores and SQLite, and a clock that the test moves. */
import { afterEach, describe, expect, it } from 'vitest';
import { createAuthority } from '../../../src/main/application/authorities.ts';
import { installCertificate } from '../../../src/main/application/authorities/installCertificate.ts';
import { exportAuthority } from '../../../src/main/application/authorities.ts';
import { scheduleBackups } from '../../../src/main/application/backups/schedule.ts';
import { revokeCertificate } from '../../../src/main/application/certificates.ts';
import { activateGeneration } from '../../../src/main/application/rollover/activate.ts';
import { makeLinks } from '../../../src/main/application/rollover/links.ts';
import { previewRollover } from '../../../src/main/application/rollover/preview.ts';
import { publishGeneration } from '../../../src/main/application/rollover/publish.ts';
import { retireGeneration, undoStep } from '../../../src/main/application/rollover/retire.ts';
import { type StageInput, stageGeneration } from '../../../src/main/application/rollover/stage.ts';
import { type RolloverStatus, rolloverStatus } from '../../../src/main/application/rollover/status.ts';
import { withdrawGeneration } from '../../../src/main/application/rollover/withdraw.ts';
import { getStatus } from '../../../src/main/application/status.ts';
import type { DeviceReply } from '../../../src/main/application/deviceDoor.ts';
import type { Generation } from '../../../src/main/core/ca/authority.ts';
import { DAY, HOUR, MINUTE } from '../../../src/main/core/lib/instant.ts';
import { utf8, toPem } from '../../../src/main/core/lib/bytes.ts';
import { type Certificate, parseCertificate, verifySignedBy } from '../../../src/main/core/pki/certificate.ts';
import { parseCrl, verifyCrl } from '../../../src/main/core/pki/crl.ts';
import { parseCsr } from '../../../src/main/core/pki/csr.ts';
import { readNextCa } from '../../../src/main/core/scep/nextCa.ts';
import { type TestKey, certificate, getCrl, pkcsReq, renewalReq, rsaKey, serialOf, extension, keyIdOf, testCa } from '../../support/forge.ts';
import { ADMIN, type Office, type OfficeOptions, must, openOffice } from '../../support/office.ts';

let office: Office;
afterEach(() => office.close());

const open = async (options?: OfficeOptions): Promise<Office> => (office = await openOffice(options));
const id = (): string => office.endpoint.authorityId;
const read = (der: Uint8Array | null | undefined): Certificate => {
  const parsed = der ? parseCertificate(der) : undefined;
  if (parsed?.ok !== true) throw new Error('no certificate');
  return parsed.value;
};
const generation = (number: number): Generation => {
  const found = office.deps.directory.generation(id(), number);
  if (found === undefined) throw new Error(`no generation ${number}`);
  return found;
};
const status = async (more: object = {}): Promise<RolloverStatus> => must(await rolloverStatus(office.deps, { authorityId: id(), limit: 100, ...more }));
const stage = async (input: Partial<StageInput> = {}) => must(await stageGeneration(office.deps, { authorityId: id(), ...input }, ADMIN));
const publish = async (activateAt?: number) => must(await publishGeneration(office.deps, { authorityId: id(), activateAt }, ADMIN));
const activate = async (unpublished = false) => must(await activateGeneration(office.deps, { authorityId: id(), unpublished }, ADMIN));
const get = (operation: string, source = '192.0.2.1'): Promise<DeviceReply> => office.request({ method: 'GET', rawQuery: `operation=${operation}`, source });
const caps = async (): Promise<readonly string[]> => Buffer.from((await get('GetCACaps', '192.0.2.99')).body).toString().split('\n');
/** The certificate that envelopes to a generation are addressed to. */
const recipientOf = (number: number): Uint8Array => office.deps.directory.scepIdentities(id()).find((s) => s.generation === number)?.certificate ?? new Uint8Array();

interface Device {
  readonly key: TestKey;
  readonly name: string;
  readonly source: string;
  certificate: Uint8Array;
}

async function enrol(nth: number, source = `192.0.2.${10 + nth}`): Promise<Device> {
  const key = rsaKey(nth);
  const name = `O=Test, CN=device ${nth}`;
  const reply = await office.ask(pkcsReq({ key, subject: name, recipient: office.scepCertificate, challenge: await office.challenge() }), { source });
  if (reply.certificates[0] === undefined) throw new Error(reply.failInfoText ?? reply.pkiStatus);
  return { key, name, source, certificate: reply.certificates[0] };
}

async function renew(device: Device, under: number, newKey: number) {
  const recipient = recipientOf(under);
  const sent = renewalReq({ key: device.key, signerCertificate: device.certificate, subject: device.name, recipient, csr: { key: rsaKey(newKey), subject: device.name }, transactionId: `renewal-${newKey}` });
  return office.ask(sent, { source: device.source, signerCertificate: recipient });
}

describe.each([
  ['combined', {}],
  ['split', { authority: { key: 'p256', scepKey: 'split' } }],
] as const)('a rollover of a CA with %s keys', (mode, options) => {
  it('goes its way: staged, published, activated, retired; devices follow before and after', async () => {
    await open({ ...options, store: 'sqlite', settings: { publicBaseUrl: 'http://ca.test' } });
    const devices = await Promise.all([1, 2, 3, 4].map((n) => enrol(n)));
    const before = generation(1);
    expect(await caps()).not.toContain('GetNextCACert');
    expect((await get('GetNextCACert')).status).toBe(404);

    const { proposal, steps } = await status();
    expect(proposal?.text).toMatch(/every device has come by to renew once/);
    expect(steps).toMatchObject({ stage: null, publish: 'Nothing is staged.', retire: 'No former generation is left to retire.' });
    const activateAt = office.now() + 100 * DAY;
    await stage({ activateAt });
    const next = generation(2);
    expect(next).toMatchObject({ state: 'next', publishedAt: null, activateAt });
    expect(read(next.certificate).subject).toEqual(read(before.certificate).subject);
    expect(read(next.certificate).serialHex).not.toBe(read(before.certificate).serialHex);
    expect(next.spki).not.toEqual(before.spki);
    expect(verifySignedBy(read(next.certificate), next.spki, office.deps.crypto)).toBe(true);
    const crl = parseCrl((await office.store.read.latestCrl(id(), 2))!.der);
    expect(crl.ok && verifyCrl(crl.value, next.spki, office.deps.crypto)).toBe(true);
    expect(await caps()).not.toContain('GetNextCACert');
    expect((await office.door.caCertificate(1, 2, 'cer')).status).toBe(404);
    // Nobody was told: an envelope to it is addressed to nobody.
    expect(await renew(devices[0]!, 1, 40)).toMatchObject({ pkiStatus: 'SUCCESS' });
    await expect(renew(devices[1]!, 2, 41)).rejects.toThrow();

    await publish();
    expect(await caps()).toContain('GetNextCACert');
    expect((await office.door.caCertificate(1, 2, 'cer')).status).toBe(200);
    const answer = await get('GetNextCACert', devices[1]!.source);
    expect(answer).toMatchObject({ status: 200, contentType: 'application/x-x509-next-ca-cert' });
    const told = readNextCa(answer.body);
    const expected = mode === 'split' ? [recipientOf(2), next.certificate] : [next.certificate];
    expect(told.ok && told.value.inner).toEqual(expected);
    expect(told.ok && told.value.outer.slice(0, expected.length)).toEqual(expected);
    expect(told.ok && told.value.outer).toContainEqual(before.certificate);
    // GetCACert is as it was.
    expect((await get('GetCACert')).body).not.toEqual(answer.body);
    expect(office.caCertificate).toEqual(before.certificate);

    // A request to the next CA is issued by it, from the activation on, though it comes before the renewal window.
    await office.change({ earlyRenewal: 'refuse' });
    const early = await renew(devices[1]!, 2, 42);
    expect(early).toMatchObject({ pkiStatus: 'SUCCESS', signerCertificate: recipientOf(2) });
    const shadow = read(early.certificates[0]);
    expect(verifySignedBy(shadow, next.spki, office.deps.crypto)).toBe(true);
    expect(shadow.notBefore).toBe(Math.floor(next.activateAt! / 1000) * 1000);
    expect(shadow.notAfter).toBe(Math.floor(next.activateAt! / 1000) * 1000 + 365 * DAY);
    expect(Buffer.from(shadow.der).includes('http://ca.test/crl/1/2.crl')).toBe(true);
    // By the current one it would have been too early.
    expect(await renew(devices[2]!, 1, 43)).toMatchObject({ pkiStatus: 'FAILURE' });

    const { adoption, devices: following } = await status();
    expect(adoption).toMatchObject({ generation: 2, total: 4, knowing: 1, counts: { renewed: 1, fetched: 0, seen: 1, silent: 2 } });
    expect(adoption?.text).toBe('1 of 4 devices know the new CA; 3 do not: 1 was seen and did not ask for it, 2 were not seen since the publication.');
    expect(following.map(({ standing }) => standing)).toEqual(['silent', 'silent', 'seen', 'renewed']);

    office.advance(next.activateAt! - office.now() + MINUTE);
    await office.settle();
    expect(generation(1)).toMatchObject({ state: 'previous' });
    expect(generation(2)).toMatchObject({ state: 'current', activateAt: null, publishedAt: null, announcement: null });
    expect(office.caCertificate).toEqual(next.certificate);
    expect(office.scepCertificate).toEqual(recipientOf(2));
    expect(await caps()).not.toContain('GetNextCACert');
    expect((await office.audit()).find(({ action }) => action === 'rollover.activate')).toMatchObject({ actor: 'system:rollover', detail: { by: 'date' } });

    // Late: addressed to the former key, answered by it, issued by the new one.
    const late = await office.ask(pkcsReq({ key: rsaKey(9), subject: 'O=Test, CN=late', recipient: recipientOf(1), challenge: await office.challenge() }), { source: '192.0.2.70', signerCertificate: recipientOf(1) });
    expect(verifySignedBy(read(late.certificates[0]), next.spki, office.deps.crypto)).toBe(true);
    // What the former generation issued proves renewals; what the new one issued is no other device.
    await office.change({ earlyRenewal: 'grant' });
    const renewed = await renew(devices[2]!, 2, 44);
    expect(verifySignedBy(read(renewed.certificates[0]), next.spki, office.deps.crypto)).toBe(true);
    expect((await status()).adoption).toMatchObject({ generation: 2, total: 5, counts: { renewed: 3, silent: 2 } });

    // GetCRL answers for the generation that issued the serial, else for the one that was addressed.
    const asked = async (covered: Uint8Array, recipient: Uint8Array): Promise<Uint8Array> => {
      const key = rsaKey(44);
      const reply = await office.ask(getCrl(covered, { key, signerCertificate: renewed.certificates[0]!, recipient }));
      return reply.crls[0] ?? new Uint8Array();
    };
    const signedBy = (der: Uint8Array): number => {
      const parsed = parseCrl(der);
      return [1, 2].find((n) => parsed.ok && verifyCrl(parsed.value, generation(n).spki, office.deps.crypto)) ?? 0;
    };
    expect(signedBy(await asked(devices[0]!.certificate, recipientOf(2)))).toBe(1);
    expect(signedBy(await asked(renewed.certificates[0]!, recipientOf(1)))).toBe(2);

    must(await retireGeneration(office.deps, { authorityId: id() }, ADMIN));
    expect(generation(1).state).toBe('retired');
    expect((await status()).stage).toBe('none');
    expect((await office.ask(pkcsReq({ key: rsaKey(8), subject: 'O=Test, CN=later', recipient: recipientOf(1), challenge: await office.challenge() }))).pkiStatus).toBe('SUCCESS');
    office.advance(5 * DAY);
    await office.settle();
    expect((await office.store.read.latestCrl(id(), 1))!.thisUpdate).toBeGreaterThan(office.now() - HOUR);
    expect(await office.store.verifyAudit()).toMatchObject({ ok: true });
  });

  it('can be taken back at each step', async () => {
    await open(options);
    const first = await enrol(1);
    const keys = (await office.store.read.keys()).length;
    await stage();
    must(await withdrawGeneration(office.deps, { authorityId: id() }, ADMIN));
    expect(office.deps.directory.generations(id())).toHaveLength(1);
    expect(office.deps.directory.scepIdentities(id())).toHaveLength(1);
    expect(await office.store.read.keys()).toHaveLength(keys);
    expect((await office.store.read.certificates({ kind: 'authority', limit: 9 }, office.now())).items.map(({ state }) => state).sort()).toEqual(['revoked', 'valid']);

    await stage();
    // A number that was withdrawn is not given again: its CRL lies under it.
    expect(office.deps.directory.generations(id()).map(({ number }) => number)).toEqual([1, 3]);
    await publish();
    must(await withdrawGeneration(office.deps, { authorityId: id() }, ADMIN));
    expect(await caps()).not.toContain('GetNextCACert');
    expect((await get('GetNextCACert')).status).toBe(404);
    expect(generation(3)).toMatchObject({ state: 'next', publishedAt: null, announcement: null });

    await publish();
    const promised = generation(3).activateAt;
    await activate();
    must(await undoStep(office.deps, { authorityId: id() }, ADMIN));
    expect(generation(1).state).toBe('current');
    expect(generation(3)).toMatchObject({ state: 'next', activateAt: promised });
    expect(office.scepCertificate).toEqual(recipientOf(1));
    expect((await get('GetNextCACert')).status).toBe(200);

    await activate();
    must(await retireGeneration(office.deps, { authorityId: id() }, ADMIN));
    // Without a next generation a withdrawal takes back what was done last.
    must(await withdrawGeneration(office.deps, { authorityId: id() }, ADMIN));
    expect(generation(1).state).toBe('previous');
    await office.ask(pkcsReq({ key: rsaKey(2), subject: 'O=Test, CN=new', recipient: office.scepCertificate, challenge: await office.challenge() }));
    expect(await undoStep(office.deps, { authorityId: id() }, ADMIN)).toMatchObject({ ok: false, error: { code: 'certificates-issued', message: expect.stringMatching(/^One certificate was issued by the new generation since its activation/) } });
    expect((await office.audit())[0]).toMatchObject({ action: 'rollover.undo', outcome: 'refused' });
    expect(await renew(first, 3, 45)).toMatchObject({ pkiStatus: 'SUCCESS' });
    expect(await office.store.verifyAudit()).toMatchObject({ ok: true });
  });
});

describe('a withdrawal', () => {
  it('is refused while devices have certificates by the next CA, and revokes them where it is told to, before the key goes', async () => {
    await open({ store: 'sqlite' });
    const device = await enrol(1);
    await stage();
    await publish();
    const issued = await renew(device, 2, 40);
    const next = generation(2);
    const unpublished = must(await withdrawGeneration(office.deps, { authorityId: id() }, ADMIN));
    expect(unpublished.findings.map(({ code }) => code)).toContain('certificates-issued');
    expect(await withdrawGeneration(office.deps, { authorityId: id() }, ADMIN)).toMatchObject({ ok: false, error: { code: 'certificates-issued' } });
    must(await withdrawGeneration(office.deps, { authorityId: id(), revokeIssued: true }, ADMIN));
    const record = (await office.certificates()).find(({ serial }) => serial === serialOf(issued.certificates[0]!).toUpperCase());
    expect(record).toMatchObject({ state: 'revoked', reason: 'cessationOfOperation' });
    const last = await office.store.read.latestCrl(id(), 2);
    const crl = parseCrl(last!.der);
    if (!crl.ok) throw new Error(crl.error);
    expect(verifyCrl(crl.value, next.spki, office.deps.crypto)).toBe(true);
    expect(crl.value.revoked.map(({ serialHex }) => serialHex)).toContain(record!.serial);
    expect(last!.nextUpdate).toBe(record!.notAfter);
    expect(office.deps.signers.has(next.keyId)).toBe(false);
    // The device is counted by its former certificate again, and can renew.
    expect(await renew(device, 1, 41)).toMatchObject({ pkiStatus: 'SUCCESS' });
    expect(await office.store.verifyAudit()).toMatchObject({ ok: true });
  });
});

describe('dates', () => {
  it('are proposed so that each device comes by once, and never so late that one would have no renewal window', async () => {
    await open({ authority: { years: 1 } });
    await enrol(1);
    const { proposal } = await status();
    const { notAfter } = generation(1);
    expect(proposal!.activateAt).toBe(Math.floor((notAfter - 30 * DAY) / HOUR) * HOUR);
    expect(proposal!.text).toMatch(/each device has its whole renewal window left/);
  });

  it('that cannot be are refused with words', async () => {
    await open();
    const refused = async (input: Partial<StageInput>): Promise<unknown> => {
      const staged = await stageGeneration(office.deps, { authorityId: id(), ...input }, ADMIN);
      return staged.ok ? 'staged' : staged.error.code;
    };
    expect(await refused({ activateAt: office.now() - DAY })).toBe('dates-impossible');
    expect(await refused({ activateAt: generation(1).notAfter + DAY })).toBe('dates-impossible');
    expect(await refused({ notBefore: office.now() + 20 * DAY, activateAt: office.now() + 10 * DAY })).toBe('dates-impossible');
    expect(await refused({ key: 'p256' })).toBe('ec-needs-split');
    expect(office.deps.directory.generations(id())).toHaveLength(1);
    await stage({ activateAt: office.now() + 10 * DAY });
    expect(await publishGeneration(office.deps, { authorityId: id(), activateAt: office.now() - 1 }, ADMIN)).toMatchObject({ ok: false, error: { code: 'dates-impossible' } });
    expect(await activateGeneration(office.deps, { authorityId: id() }, ADMIN)).toMatchObject({ ok: false, error: { code: 'not-published' } });
    office.advance(11 * DAY);
    // Nobody was told, so nothing happens by itself; the status says so.
    await office.settle();
    expect(generation(2).state).toBe('next');
    expect((await getStatus(office.deps)).notices.map(({ code }) => code)).toContain('activation-missed');
    expect(await publishGeneration(office.deps, { authorityId: id() }, ADMIN)).toMatchObject({ ok: false, error: { code: 'dates-impossible' } });
    await publish(office.now() + 5 * DAY);
    expect((await getStatus(office.deps)).notices.map(({ code }) => code)).toContain('activation-near');
  });
});

describe('adoption', () => {
  it('counts a question for its device only where one device alone has the address', async () => {
    await open({ store: 'sqlite' });
    for (const n of [1, 2, 3]) await enrol(n, '198.51.100.7');
    await enrol(4);
    const held = await enrol(5);
    await stage();
    await publish();
    office.advance(MINUTE);
    await get('GetNextCACert', '198.51.100.7');
    await get('GetCACaps', '192.0.2.14');
    await get('GetNextCACert', '192.0.2.14');
    await get('GetNextCACert', '203.0.113.1');
    // Signed with its certificate, whatever for: it was seen, and now has this address.
    await office.ask(getCrl(held.certificate, { key: held.key, signerCertificate: held.certificate, recipient: office.scepCertificate }), { source: '192.0.2.200' });
    // What is only noted is written a moment later.
    await expect.poll(async () => (await status()).adoption).toMatchObject({ total: 5, knowing: 1, counts: { renewed: 0, fetched: 1, seen: 1, silent: 3 } });
    const { devices } = await status();
    expect(devices.find(({ standing }) => standing === 'fetched')).toMatchObject({ subject: expect.stringContaining('device 4'), fetchedAt: expect.any(Number), sharedBy: 1 });
    expect(devices.find(({ standing }) => standing === 'seen')).toMatchObject({ subject: expect.stringContaining('device 5'), source: '192.0.2.200' });
    const shared = devices.filter(({ sharedBy }) => sharedBy === 3);
    expect(shared).toHaveLength(3);
    for (const device of shared) expect(device.why).toMatch(/Somebody at its address asked for the new CA certificate, but 3 devices have that address/);
    // Pages, and one standing alone.
    const page = await status({ limit: 2 });
    expect(page.devices).toHaveLength(2);
    const rest = await status({ limit: 10, cursor: page.nextCursor });
    expect([...page.devices, ...rest.devices].map(({ certificateId }) => certificateId)).toEqual(devices.map(({ certificateId }) => certificateId));
    expect(rest.nextCursor).toBeUndefined();
    expect(await status({ standing: 'silent' })).toMatchObject({ total: 3 });
  });
});

describe('the answer to GetNextCACert', () => {
  it('is served from the store by a listener without the CA key, which cannot make one', async () => {
    await open({ authority: { key: 'p384', scepKey: 'split' } });
    await stage();
    office.setCaKeyPresent(false);
    expect(await publishGeneration(office.deps, { authorityId: id() }, ADMIN)).toMatchObject({ ok: false, error: { code: 'locked' } });
    office.setCaKeyPresent(true);
    await publish();
    office.setCaKeyPresent(false);
    const { announcement } = generation(2);
    await office.settle();
    expect((await get('GetNextCACert')).body).toEqual(announcement);
    await office.lock();
    expect((await get('GetNextCACert')).body).toEqual(announcement);
  });

  it('is signed anew when a SCEP key was changed', async () => {
    await open({ authority: { key: 'p256', scepKey: 'split' } });
    await stage();
    await publish();
    const before = generation(2).announcement;
    await office.settle();
    expect(generation(2).announcement).toEqual(before);
    const identity = office.deps.directory.activeScepIdentity(id())!;
    const other = certificate({ key: rsaKey(30), subject: 'CN=another SCEP key', issuer: testCa(0) });
    await office.store.commit({ actor: ADMIN, at: office.now(), expect: [], audit: [], changes: [{ kind: 'put', table: 'scepIdentity', value: { ...office.deps.directory.scepIdentities(id()).find((s) => s.generation === 2)!, certificate: other, version: 2 } }] });
    await office.deps.directory.refresh();
    await office.settle();
    const told = readNextCa((await get('GetNextCACert')).body);
    expect(told.ok && told.value.inner[0]).toEqual(other);
    expect(told.ok && told.value.outer.at(-1)).toEqual(identity.certificate);
  });
});

describe('an authority under another one', () => {
  it('is signed by its parent where that is here, and its own name stays', async () => {
    await open({ authority: { commonName: 'Root' } });
    const child = must(await createAuthority(office.deps, { commonName: 'Issuing', key: 'rsa-2048', years: 5, scepKey: 'combined', parentId: id() }, ADMIN)).authority;
    must(await stageGeneration(office.deps, { authorityId: child.id, key: 'rsa-2048' }, ADMIN));
    const next = office.deps.directory.generation(child.id, 2)!;
    expect(verifySignedBy(read(next.certificate), generation(1).spki, office.deps.crypto)).toBe(true);
    expect(next.chain).toEqual([generation(1).certificate]);
    must(await withdrawGeneration(office.deps, { authorityId: child.id }, ADMIN));
    // Its certificate stands on the list of the CA that signed it.
    const crl = parseCrl((await office.store.read.latestCrl(id(), 1))!.der);
    expect(crl.ok && crl.value.revoked.map(({ serialHex }) => serialHex)).toContain(read(next.certificate).serialHex);
  });

  it('under an offline root makes a signing request, whose certificate makes it a next generation and nothing more', async () => {
    await open({ authority: 'none' });
    const root = testCa(0);
    const { requestAuthority } = await import('../../../src/main/application/authorities/signingRequest.ts');
    const made = must(await requestAuthority(office.deps, { commonName: 'Issuing', organization: 'Test', key: 'rsa-2048', scepKey: 'combined' }, ADMIN));
    const sign = (csrDer: Uint8Array, subject?: string): Uint8Array => {
      const csr = parseCsr(csrDer);
      if (!csr.ok) throw new Error(csr.error);
      const key = { spki: csr.value.spki } as TestKey;
      const extensions = [extension('2.5.29.19', Uint8Array.of(0x30, 3, 1, 1, 0xff), true), extension('2.5.29.15', Uint8Array.of(3, 2, 1, 0xa6), true), extension('2.5.29.14', Uint8Array.of(4, 20, ...keyIdOf(key)))];
      return certificate({ subject: subject ?? csr.value.subject, key, issuer: root, extensions, notAfter: Date.now() + 3000 * DAY });
    };
    must(await installCertificate(office.deps, { id: made.authority.id, files: [sign(made.der), root.certificate] }, ADMIN));
    const staged = await stage({ activateAt: office.now() + 20 * DAY });
    expect(staged.signingRequest).not.toBeNull();
    const der = staged.signingRequest!.der;
    expect(generation(2)).toMatchObject({ state: 'awaiting-certificate', certificate: null });
    expect((await status()).stage).toBe('awaiting-certificate');
    expect(Buffer.from(must(await exportAuthority(office.deps, { id: id(), form: 'csr' })).bytes).toString()).toBe(toPem('CERTIFICATE REQUEST', der));
    expect(await publishGeneration(office.deps, { authorityId: id() }, ADMIN)).toMatchObject({ ok: false, error: { code: 'rollover-not-now' } });
    expect(await installCertificate(office.deps, { id: id(), files: [sign(der, 'CN=Another name')] }, ADMIN)).toMatchObject({ ok: false, error: { code: 'certificate-subject-differs' } });
    must(await installCertificate(office.deps, { id: id(), files: [sign(der)] }, ADMIN));
    expect(generation(1).state).toBe('current');
    expect(generation(2)).toMatchObject({ state: 'next', chain: [] });
    await publish();
    const before = generation(2).announcement;
    // The chain comes later: the answer tells of it.
    must(await installCertificate(office.deps, { id: id(), files: [utf8([generation(2).certificate!, root.certificate].map((c) => toPem('CERTIFICATE', c)).join(''))] }, ADMIN));
    await office.settle();
    expect(generation(2).chain).toEqual([root.certificate]);
    expect(generation(2).announcement).not.toEqual(before);
    await activate();
    expect(office.caCertificate).toEqual(generation(2).certificate);
  });

  it('forgets a signing request that is withdrawn, its key with it', async () => {
    await open({ authority: 'none' });
    const root = testCa(0);
    const { requestAuthority } = await import('../../../src/main/application/authorities/signingRequest.ts');
    const made = must(await requestAuthority(office.deps, { commonName: 'Issuing', key: 'rsa-2048', scepKey: 'combined' }, ADMIN));
    const csr = parseCsr(made.der);
    if (!csr.ok) throw new Error(csr.error);
    const key = { spki: csr.value.spki } as TestKey;
    const extensions = [extension('2.5.29.19', Uint8Array.of(0x30, 3, 1, 1, 0xff), true), extension('2.5.29.15', Uint8Array.of(3, 2, 1, 0xa6), true), extension('2.5.29.14', Uint8Array.of(4, 20, ...keyIdOf(key)))];
    must(await installCertificate(office.deps, { id: made.authority.id, files: [certificate({ subject: csr.value.subject, key, issuer: root, extensions, notAfter: Date.now() + 3000 * DAY }), root.certificate] }, ADMIN));
    const keys = (await office.store.read.keys()).length;
    await stage();
    must(await withdrawGeneration(office.deps, { authorityId: id() }, ADMIN));
    expect(office.deps.directory.generations(id())).toHaveLength(1);
    expect(await office.store.read.keys()).toHaveLength(keys);
  });
});

describe('a step', () => {
  it('is preceded by a proven backup where a schedule has a passphrase, and refused where that fails', async () => {
    await open({ store: 'sqlite' });
    expect((await stage()).findings.map(({ code }) => code)).toContain('no-backup');
    must(await scheduleBackups(office.deps, { everyDays: 7, keep: 3, passphrase: 'four unrelated words' }, ADMIN));
    expect((await publish()).backup).toMatchObject({ name: expect.stringMatching(/\.backup$/) });
    const { backups } = office.deps;
    const broken: Office['deps'] = { ...office.deps, backups: { ...backups, make: () => Promise.resolve({ ok: false, error: { code: 'backup-folder-unusable', message: 'The folder is full.' } }) } };
    const refused = await activateGeneration(broken, { authorityId: id() }, ADMIN);
    expect(refused).toMatchObject({ ok: false, error: { code: 'backup-before-step-failed', message: expect.stringContaining('The folder is full.') } });
    expect(generation(1).state).toBe('current');
    const forced = must(await activateGeneration(broken, { authorityId: id(), withoutBackup: true }, ADMIN));
    expect(forced.findings.map(({ code }) => code)).toContain('backup-failed');
    expect(generation(2).state).toBe('current');
  });

  it('that was cut off between its commits leaves no half: the sweep takes key and serial back', async () => {
    await open({ store: 'sqlite' });
    const keys = (await office.store.read.keys()).length;
    const broken: Office['deps'] = { ...office.deps, signers: { ...office.deps.signers, sign: () => Promise.reject(new Error('power cut')) } };
    await expect(stageGeneration(broken, { authorityId: id() }, ADMIN)).rejects.toThrow('power cut');
    expect((await office.store.read.intents()).length).toBe(1);
    expect((await office.store.read.keys()).length).toBe(keys + 1);
    await office.settle();
    expect(await office.store.read.intents()).toEqual([]);
    expect(await office.store.read.keys()).toHaveLength(keys);
    await stage();
    expect(generation(2).state).toBe('next');
    expect(await office.store.verifyAudit()).toMatchObject({ ok: true });
  });
});

describe('a preview', () => {
  it('shows before anything is made what would be, and afterwards what is', async () => {
    await open({ authority: { key: 'p256', scepKey: 'split' } });
    const planned = must(await previewRollover(office.deps, { authorityId: id() }));
    expect(planned).toMatchObject({ staged: false, generation: 2, certificate: { der: null, key: 'p256', keyUsage: ['keyCertSign', 'cRLSign'] }, scepCertificate: { der: null }, nextCaCert: null });
    expect(office.deps.directory.generations(id())).toHaveLength(1);
    await stage();
    const staged = must(await previewRollover(office.deps, { authorityId: id() }));
    expect(staged.certificate?.der).toEqual(generation(2).certificate);
    expect(staged.nextCaCert).toMatchObject({ served: false, inner: [recipientOf(2), generation(2).certificate] });
    expect(staged.endpoints[0]).toMatchObject({ caCertificates: { activated: [recipientOf(2), generation(2).certificate] } });
    await publish();
    const published = must(await previewRollover(office.deps, { authorityId: id() }));
    expect(published.nextCaCert).toMatchObject({ served: true, bytes: (await get('GetNextCACert')).body });
    await activate();
    expect(await previewOf()).toEqual(staged.endpoints[0]!.caCertificates.activated);
  });

  const previewOf = async (): Promise<readonly Uint8Array[]> => must(await previewRollover(office.deps, { authorityId: id() })).endpoints[0]!.caCertificates.now;
});

describe('link certificates', () => {
  it('certify each key by the other generation, under one name; once more they are the same', async () => {
    await open({ authority: { commonName: 'Root' } });
    const other = must(await createAuthority(office.deps, { commonName: 'Other root', key: 'p256', years: 20, scepKey: 'split' }, ADMIN)).authority;
    expect(await makeLinks(office.deps, { authorityId: id() }, ADMIN)).toMatchObject({ ok: false, error: { code: 'rollover-not-now' } });
    await stage();
    const { certificates, files } = must(await makeLinks(office.deps, { authorityId: id(), crossSigner: other.id }, ADMIN));
    expect(files.map(({ name }) => name)).toEqual(['Root-new-with-old.pem', 'Root-old-with-new.pem', 'Root-by-Other-root.pem']);
    const [newWithOld, oldWithNew, crossed] = certificates.map(({ der }) => read(der));
    expect(verifySignedBy(newWithOld!, generation(1).spki, office.deps.crypto)).toBe(true);
    expect(newWithOld!.spki).toEqual(generation(2).spki);
    expect(verifySignedBy(oldWithNew!, generation(2).spki, office.deps.crypto)).toBe(true);
    expect(oldWithNew!.spki).toEqual(generation(1).spki);
    expect(newWithOld!.issuer).toEqual(newWithOld!.subject);
    expect(verifySignedBy(crossed!, office.deps.directory.currentGeneration(other.id)!.spki, office.deps.crypto)).toBe(true);
    expect(certificates.every(({ kind }) => kind === 'authority')).toBe(true);
    expect(must(await makeLinks(office.deps, { authorityId: id(), crossSigner: other.id }, ADMIN)).certificates.map(({ id: link }) => link)).toEqual(certificates.map(({ id: link }) => link));
  });
});

describe('revocation', () => {
  it('of what the former generation issued goes onto its own list after the rollover', async () => {
    await open();
    const device = await enrol(1);
    await stage();
    await publish();
    await activate();
    const record = (await office.certificates()).find(({ kind }) => kind === 'device');
    must(await revokeCertificate(office.deps, { id: record!.id, reason: 'keyCompromise' }, ADMIN));
    const listed = async (n: number): Promise<readonly string[]> => {
      const crl = parseCrl((await office.store.read.latestCrl(id(), n))!.der);
      return crl.ok ? crl.value.revoked.map(({ serialHex }) => serialHex) : [];
    };
    expect(await listed(1)).toEqual([record!.serial]);
    expect(await listed(2)).toEqual([]);
    expect(await renew(device, 2, 40)).toMatchObject({ pkiStatus: 'FAILURE' });
  });
});
