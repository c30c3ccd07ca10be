/** What the courier refuses: each with its reason, audited, and with nothing changed; and what a captured listener can have signed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approveRequest } from '../../../src/main/application/approve.ts';
import { revokeCertificate } from '../../../src/main/application/certificates.ts';
import { linkFor } from '../../../src/main/application/courier/deps.ts';
import { exportCertificates } from '../../../src/main/application/courier/exportCertificates.ts';
import { writeSealed } from '../../../src/main/application/courier/files.ts';
import { importCertificates } from '../../../src/main/application/courier/importCertificates.ts';
import { importRequests } from '../../../src/main/application/courier/importRequests.ts';
import { accept, confirm, end, invite, readPairing } from '../../../src/main/application/courier/pair.ts';
import type { Refusal } from '../../../src/main/application/deps.ts';
import type { CourierMark } from '../../../src/main/core/ca/courier.ts';
import type { CarriedRequest, CertificatesPayload, RequestsPayload } from '../../../src/main/core/ca/courierPayload.ts';
import { parseCertificate } from '../../../src/main/core/pki/certificate.ts';
import type { Result } from '../../../src/main/core/lib/result.ts';
import { csr as csrOf, ecKey, extension, pkcsReq, rsaKey } from '../../support/forge.ts';
import { type CourierPair, openCourierPair, openUnpaired, pairOffices } from '../../support/courierPair.ts';
import { ADMIN, type Office, must } from '../../support/office.ts';

let pair: CourierPair;
beforeEach(async () => {
  pair = await openCourierPair();
});
afterEach(() => pair.close());

const codeOf = (result: Result<unknown, Refusal>): string => (result.ok ? 'taken' : result.error.code);
const signerTakes = async (bytes: Uint8Array): Promise<string> => codeOf(await importRequests(pair.signer.deps, { bytes, acceptGranted: true }, ADMIN));
const listenerTakes = async (bytes: Uint8Array): Promise<string> => codeOf(await importCertificates(pair.listener.deps, { bytes }, ADMIN));
const held = (nth: number) => pair.listener.ask(pkcsReq({ key: rsaKey(nth), subject: `CN=device-${nth}`, recipient: pair.listener.scepCertificate }));
const changed = (bytes: Uint8Array, at: number): Uint8Array => Uint8Array.from(bytes, (b, i) => (i === at ? b ^ 1 : b));

/** All that a refused file must leave as it was. */
async function stateOf(office: Office): Promise<string> {
  const { read } = office.store;
  const tables = await Promise.all([read.courierLinks(), read.requests({ limit: 500 }), read.certificates({ limit: 500 }, 0), read.authorities(), read.generations(), read.scepIdentities(), read.keys(), read.latestCrl(pair.authorityId, 1)]);
  return JSON.stringify(tables);
}

describe('a file that is not as the paired machine wrote it', () => {
  it('is refused with its reason and audited; nothing is changed; the whole file then completes', async () => {
    await held(0);
    const file = await pair.requests();
    const before = await stateOf(pair.signer);
    expect(await signerTakes(new Uint8Array(0))).toBe('courier-truncated');
    for (const length of [10, 30, 100, 400, file.length - 65, file.length - 1]) expect(await signerTakes(file.subarray(0, length)), `${length}`).toBe('courier-truncated');
    expect(await signerTakes(changed(file, 3))).toBe('courier-foreign');
    expect(await signerTakes(changed(file, 24))).toBe('courier-newer');
    for (const at of [300, 500, file.length - 100, file.length - 1]) expect(await signerTakes(changed(file, at)), `${at}`).toMatch(/^courier-(damaged|foreign)$/);
    expect(await signerTakes(new Uint8Array([...file, 0]))).toBe('courier-damaged');
    expect(await signerTakes(Buffer.from('%PDF-1.7 and so on'))).toBe('courier-foreign');
    expect(await stateOf(pair.signer)).toBe(before);
    const refused = (await pair.signer.audit()).filter(({ action, outcome }) => action === 'courier.import' && outcome === 'refused');
    expect(refused.length).toBe(15);
    expect(refused.every(({ detail }) => typeof detail['reason'] === 'string' && typeof detail['sha256'] === 'string')).toBe(true);
    expect(await signerTakes(file)).toBe('taken');
    expect(await pair.signer.requests('pending')).toHaveLength(1);
  });

  it('is refused at the listener in the same way', async () => {
    await held(0);
    await pair.toSigner(await pair.requests());
    await pair.signer.approve((await pair.signer.requests('pending'))[0]!.id);
    const file = await pair.certificates();
    const before = await stateOf(pair.listener);
    expect(await listenerTakes(file.subarray(0, file.length - 1))).toBe('courier-truncated');
    for (const at of [200, 450, file.length - 80, file.length - 1]) expect(await listenerTakes(changed(file, at)), `${at}`).toMatch(/^courier-(damaged|foreign)$/);
    expect(await stateOf(pair.listener)).toBe(before);
    expect(await listenerTakes(file)).toBe('taken');
    expect(await pair.listener.requests('issued')).toHaveLength(1);
  });

  it('is refused where it comes from another pairing, or goes the wrong way', async () => {
    await held(0);
    const other = await openCourierPair();
    const requests = await pair.requests();
    const certificates = await pair.certificates();
    expect(codeOf(await importRequests(other.signer.deps, { bytes: requests, acceptGranted: false }, ADMIN))).toBe('courier-foreign');
    expect(await listenerTakes(await other.certificates())).toBe('courier-foreign');
    expect(await signerTakes(certificates)).toBe('courier-wrong-direction');
    expect(await listenerTakes(requests)).toBe('courier-wrong-direction');
    expect(codeOf(await importRequests(pair.listener.deps, { bytes: requests, acceptGranted: false }, ADMIN))).toBe('courier-wrong-direction');
    expect(codeOf(await importCertificates(pair.signer.deps, { bytes: certificates }, ADMIN))).toBe('courier-wrong-direction');
    await other.close();
  });

  it('is refused where another machine signed it in the name of the paired one', async () => {
    await held(0);
    const link = must(linkFor(pair.listener.deps, 'listener', undefined));
    const thief = await openCourierPair();
    const theirs = must(linkFor(thief.listener.deps, 'listener', undefined));
    const payload: RequestsPayload = { ack: null, have: 0, publicBaseUrl: null, crls: [], wanted: [], revocations: [], followers: [], requests: [], complete: true };
    // All that is public of the pairing, with keys that are not.
    const { bytes } = must(writeSealed(thief.listener.deps, { ...link, signingKeyId: theirs.signingKeyId }, 'requests', payload));
    expect(await signerTakes(bytes)).toBe('courier-damaged');
    await thief.close();
  });

  it('is refused where it is older than one that was taken in, or another one in its place', async () => {
    await held(0);
    const first = await pair.requests();
    const second = await pair.requests();
    expect(await signerTakes(second)).toBe('taken');
    expect(await signerTakes(first)).toBe('courier-replayed');
    const before = await pair.certificates();
    const after = await pair.certificates();
    expect(await listenerTakes(after)).toBe('taken');
    expect(await listenerTakes(before)).toBe('courier-replayed');
  });

  it('is refused where its CRL is older than the one that is served', async () => {
    const { listener } = pair;
    const served = await listener.store.read.latestCrl(pair.authorityId, 1);
    await listener.store.commit({ actor: ADMIN, at: 1, expect: [], changes: [{ kind: 'put', table: 'crl', value: { ...served!, number: 10_000 } }], audit: [] });
    const file = await pair.certificates();
    expect(await listenerTakes(file)).toBe('courier-rollback');
    expect((await listener.store.read.latestCrl(pair.authorityId, 1))?.number).toBe(10_000);
    expect((await listener.audit())[0]).toMatchObject({ action: 'courier.import', outcome: 'refused', code: 'courier-rollback' });
  });
});

describe('a revocation list under a number that is taken', () => {
  it('is refused: the one that is served may revoke what the other does not', async () => {
    const { listener } = pair;
    const file = await pair.certificates();
    const number = (await pair.signer.store.read.latestCrl(pair.authorityId, 1))!.number;
    const served = (await listener.store.read.latestCrl(pair.authorityId, 1))!;
    await listener.store.commit({ actor: ADMIN, at: 1, expect: [], changes: [{ kind: 'put', table: 'crl', value: { ...served, number } }], audit: [] });
    expect(await listenerTakes(file)).toBe('courier-rollback');
    expect((await listener.store.read.latestCrl(pair.authorityId, 1))?.der).toEqual(served.der);
  });
});

describe('a machine that was put back to an older state', () => {
  it('goes on from what the other one has seen', async () => {
    const { listener } = pair;
    const link = must(linkFor(listener.deps, 'listener', undefined));
    await pair.run();
    await pair.run();
    // The listener as a backup from before both runs has it.
    await listener.store.commit({ actor: ADMIN, at: 1, expect: [], changes: [{ kind: 'put', table: 'courierLink', value: { ...link, version: 50 } }], audit: [] });
    await listener.deps.directory.refresh();
    await held(0);
    expect(await signerTakes(await pair.requests())).toBe('courier-replayed');
    const back = await pair.toListener(await pair.certificates());
    expect(back.findings.map(({ code }) => code)).toContain('courier-put-back');
    expect(await signerTakes(await pair.requests())).toBe('taken');
    expect(await pair.signer.requests('pending')).toHaveLength(1);
  });

  it('gets every certificate again that it had', async () => {
    await held(0);
    await pair.toSigner(await pair.requests());
    await pair.signer.approve((await pair.signer.requests('pending'))[0]!.id);
    await pair.toListener(await pair.certificates());
    await pair.run();
    expect(must(await exportCertificates(pair.signer.deps, { everything: false }, ADMIN)).findings.map(({ code }) => code)).not.toContain('courier-more');
    const link = must(linkFor(pair.listener.deps, 'listener', undefined));
    const forged: RequestsPayload = { ack: { sequence: link.received!.sequence, sha256: link.received!.sha256 }, have: 0, publicBaseUrl: null, crls: [], wanted: [], revocations: [], followers: [], requests: [], complete: true };
    expect(await signerTakes(must(writeSealed(pair.listener.deps, link, 'requests', forged)).bytes)).toBe('taken');
    expect(must(linkFor(pair.signer.deps, 'signer', undefined)).delivered).toBe(0);
  });
});

describe('a captured listener', () => {
  let last: CourierMark | null = null;
  beforeEach(() => {
    last = null;
  });
  const send = async (payload: Partial<RequestsPayload>) => {
    const link = { ...must(linkFor(pair.listener.deps, 'listener', undefined)), sent: last };
    const { bytes, mark } = must(writeSealed(pair.listener.deps, link, 'requests', { ack: null, have: 0, publicBaseUrl: null, crls: [], wanted: [], revocations: [], followers: [], requests: [], complete: true, ...payload }));
    last = mark;
    return importRequests(pair.signer.deps, { bytes, acceptGranted: true }, ADMIN);
  };
  const asks = (changes: Partial<CarriedRequest> = {}): CarriedRequest => ({
    id: 'aa01',
    csr: csrOf({ key: rsaKey(3), subject: 'CN=forged' }),
    endpoint: '/scep',
    generation: 1,
    transactionId: 't1',
    messageType: 'PKCSReq',
    signerSpkiSha256: 'ab'.repeat(32),
    signerCertificate: new Uint8Array([0x30, 0]),
    messageSha256: 'cd'.repeat(32),
    source: '192.0.2.66',
    client: null,
    receivedAt: 1_000_000,
    evidence: { kind: 'challenge', label: 'forged' },
    grantedBy: 'policy',
    matchedAt: null,
    findings: [],
    ...changes,
  });

  it('cannot have a renewal granted of a certificate that is not known or not valid here', async () => {
    expect(must(await send({ requests: [asks({ evidence: { kind: 'certificate', certificateId: 'ffff', serial: '0A' } })] }))).toMatchObject({ arrived: 1, issued: 0 });
    const [request] = await pair.signer.requests('pending');
    expect(request?.proof).toEqual({ kind: 'none' });
    expect(request?.findings).toContainEqual(expect.objectContaining({ code: 'renewal-unproven', severity: 'danger' }));
  });

  it('cannot speak in the queue with this machine’s voice', async () => {
    await send({ requests: [asks({ findings: [{ code: 'matched-here', severity: 'info', text: 'Its fingerprint was compared on this machine.' }] })] });
    const request = await pair.signer.deps.store.read.request('aa01');
    expect(request?.findings.find(({ code }) => code === 'matched-here')?.text).toMatch(/^“.+” says: Its fingerprint/);
  });

  it('cannot have more signed than the signer’s profile gives', async () => {
    const ca = csrOf({ key: rsaKey(3), subject: 'CN=forged CA', extensions: [extension('2.5.29.19', Uint8Array.of(0x30, 3, 1, 1, 0xff), true)] });
    expect(must(await send({ requests: [asks({ csr: ca })] }))).toMatchObject({ arrived: 1, issued: 0 });
    const [request] = await pair.signer.requests('pending');
    expect(request?.findings).toContainEqual(expect.objectContaining({ code: 'csr-ca', severity: 'danger' }));
    expect(codeOf(await approveRequest(pair.signer.deps, { id: request!.id, version: request!.version }, ADMIN))).toBe('csr-ca');
  });

  it('cannot ask for a key that it does not have', async () => {
    const done = must(await send({ requests: [asks({ csr: csrOf({ key: rsaKey(3), subject: 'CN=x', signWith: rsaKey(4) }) })] }));
    expect(done).toMatchObject({ arrived: 0, issued: 0 });
    expect(done.findings.map(({ code }) => code)).toEqual(['courier-request-unusable']);
  });

  it('cannot give its request the id of another one that waits here', async () => {
    const mine = pkcsReq({ key: rsaKey(7), subject: 'CN=own device', recipient: pair.signer.scepCertificate });
    await pair.signer.ask(mine);
    const [own] = await pair.signer.requests('pending');
    const done = must(await send({ requests: [asks({ id: own!.id })] }));
    expect(done).toMatchObject({ arrived: 0, known: 0, issued: 0 });
    expect(done.findings.map(({ code }) => code)).toEqual(['courier-request-differs']);
    expect((await pair.signer.requests('pending')).map(({ subject }) => subject)).toEqual(['CN=own device']);
  });

  it('gets certificates for its own keys of two kinds only, one of each, and only for keys that it has', async () => {
    const key = rsaKey(9);
    const wanted = [
      { kind: 'scep' as const, generation: 1, csr: csrOf({ key: ecKey(1), subject: 'CN=Vault CA' }) },
      { kind: 'scep' as const, generation: 1, csr: csrOf({ key, subject: 'CN=second' }) },
      { kind: 'ocsp' as const, generation: 1, csr: csrOf({ key, subject: 'CN=rsa under ec' }) },
      { kind: 'ocsp' as const, generation: 7, csr: csrOf({ key: ecKey(2), subject: 'CN=x' }) },
    ];
    const before = (await pair.signer.certificates()).length;
    const done = must(await send({ wanted }));
    expect(done.certificates).toBe(0);
    expect(done.findings.map(({ code }) => code)).toEqual(wanted.map(() => 'courier-key-refused'));
    expect((await pair.signer.certificates()).length).toBe(before);
  });

  it('has a key certified no more whose certificate was revoked, however often it asks', async () => {
    const wanted = [{ kind: 'scep' as const, generation: 1, csr: csrOf({ key: rsaKey(12), subject: 'CN=x' }) }];
    expect(must(await send({ wanted })).certificates).toBe(1);
    const [stolen] = (await pair.signer.certificates()).filter(({ kind }) => kind === 'scep');
    must(await revokeCertificate(pair.signer.deps, { id: stolen?.id ?? '', reason: 'keyCompromise' }, ADMIN));
    const again = must(await send({ wanted }));
    expect(again.certificates).toBe(0);
    expect(again.findings.map(({ code }) => code)).toEqual(['courier-key-refused']);
  });

  it('can wish for the revocation of devices alone: no CA and no key of another machine goes down by its file', async () => {
    const others = (await pair.signer.certificates()).filter(({ kind }) => kind !== 'device');
    expect(others.length).toBeGreaterThan(1);
    const done = must(await send({ revocations: others.map(({ serial }) => ({ serial, generation: 1, reason: 'keyCompromise', at: 1_000_000 })) }));
    expect(done.revoked).toBe(0);
    expect(done.findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual(others.map(() => 'danger courier-not-a-device'));
    expect((await pair.signer.certificates()).filter(({ kind, state }) => kind !== 'device' && state !== 'valid')).toEqual([]);
  });
});

describe('keys of the listener’s own', () => {
  it('are named and used as the signer says, whatever their request asks', async () => {
    const link = must(linkFor(pair.listener.deps, 'listener', undefined));
    const { bytes } = must(writeSealed(pair.listener.deps, link, 'requests', { ack: null, have: 0, publicBaseUrl: null, crls: [], wanted: [{ kind: 'scep', generation: 1, csr: csrOf({ key: rsaKey(11), subject: 'CN=I am the CA', extensions: [extension('2.5.29.19', Uint8Array.of(0x30, 3, 1, 1, 0xff), true)] }) }], revocations: [], followers: [], requests: [], complete: true }));
    expect(must(await importRequests(pair.signer.deps, { bytes, acceptGranted: false }, ADMIN)).certificates).toBe(1);
    const made = (await pair.signer.certificates()).filter(({ kind }) => kind === 'scep');
    expect(made.map(({ subject }) => subject)).toEqual(made.map(() => expect.stringContaining('Vault CA SCEP')));
    const newest = parseCertificate(made[0]!.der);
    expect(newest.ok && newest.value.basicConstraints?.ca === true).toBe(false);
  });
});

describe('a captured stick', () => {
  it('cannot bring the listener a certificate that the authority did not sign, or another authority', async () => {
    const link = must(linkFor(pair.signer.deps, 'signer', undefined));
    const [generation] = pair.signer.deps.directory.generations(pair.authorityId);
    const authority = pair.signer.deps.directory.authority(pair.authorityId)!;
    const payload: CertificatesPayload = {
      ack: null,
      authority: { id: authority.id, number: authority.number, commonName: authority.commonName, organization: null, keyAlgorithm: authority.keyAlgorithm, generations: [{ number: 1, state: 'current', certificate: generation!.certificate!, chain: [], activateAt: null, publishedAt: null, announcement: null }] },
      crls: [],
      revoked: [],
      certificates: [{ id: 'ab', kind: 'device', generation: 1, requestId: null, profileId: null, renews: null, issuedAt: 1, der: rsaKey(1).spki }],
      answers: [],
      undecided: 0,
      more: false,
    };
    expect(await listenerTakes(must(writeSealed(pair.signer.deps, link, 'certificates', payload)).bytes)).toBe('courier-damaged');
    expect(await listenerTakes(must(writeSealed(pair.signer.deps, link, 'certificates', { ...payload, certificates: [], authority: { ...payload.authority, id: 'another' } })).bytes)).toBe('courier-damaged');
  });
});

describe('pairing', () => {
  it('is refused where the fingerprint that was confirmed is not the file’s', async () => {
    const offices = await openUnpaired();
    const invitation = must(await invite(offices.signer.deps, { authorityId: offices.authorityId, name: 'Safe' }, ADMIN)).file!.bytes;
    expect(codeOf(await accept(offices.listener.deps, { bytes: invitation, fingerprint: 'ab'.repeat(32), name: 'x' }, ADMIN))).toBe('courier-fingerprint-differs');
    const seen = must(await readPairing(offices.listener.deps, invitation));
    expect(codeOf(await accept(offices.listener.deps, { bytes: changed(invitation, invitation.length - 100), fingerprint: seen.from.fingerprint, name: 'x' }, ADMIN))).toBe('courier-damaged');
    expect(codeOf(await accept(offices.signer.deps, { bytes: invitation, fingerprint: seen.from.fingerprint, name: 'x' }, ADMIN))).toBe('courier-wrong-direction');
    const accepted = must(await accept(offices.listener.deps, { bytes: invitation, fingerprint: seen.from.fingerprint, name: 'Front desk' }, ADMIN));
    const again = must(await accept(offices.listener.deps, { bytes: invitation, fingerprint: seen.from.fingerprint, name: 'Front desk' }, ADMIN));
    expect(again.link.id).toBe(accepted.link.id);
    expect(codeOf(await confirm(offices.signer.deps, { bytes: again.file!.bytes, fingerprint: seen.from.fingerprint }, ADMIN))).toBe('courier-fingerprint-differs');
    const back = must(await readPairing(offices.signer.deps, again.file!.bytes));
    must(await confirm(offices.signer.deps, { bytes: again.file!.bytes, fingerprint: back.from.fingerprint }, ADMIN));
    // Another machine cannot take the same invitation.
    const third = await openUnpaired();
    const stolen = must(await accept(third.listener.deps, { bytes: invitation, fingerprint: seen.from.fingerprint, name: 'Thief' }, ADMIN));
    const theirs = must(await readPairing(offices.signer.deps, stolen.file!.bytes));
    expect(codeOf(await confirm(offices.signer.deps, { bytes: stolen.file!.bytes, fingerprint: theirs.from.fingerprint }, ADMIN))).toBe('courier-paired-otherwise');
    for (const office of [offices.signer, offices.listener, third.signer, third.listener]) await office.close();
  });

  it('wants an authority whose key is not needed on the network, and one pairing for it', async () => {
    const combined = await openUnpaired({ authority: { key: 'rsa-2048', scepKey: 'combined' } });
    expect(codeOf(await invite(combined.signer.deps, { authorityId: combined.authorityId, name: 'x' }, ADMIN))).toBe('courier-needs-split');
    expect(codeOf(await invite(pair.listener.deps, { authorityId: pair.authorityId, name: 'x' }, ADMIN))).toBe('courier-no-key');
    await combined.signer.close();
    await combined.listener.close();
  });

  it('ends with the courier keys gone, and files of it are foreign from then on', async () => {
    await held(0);
    const file = await pair.requests();
    await pair.toSigner(file);
    const link = must(linkFor(pair.signer.deps, 'signer', undefined));
    must(await end(pair.signer.deps, { link: link.id }, ADMIN));
    expect((await pair.signer.store.read.keys()).some(({ purpose }) => purpose === 'courier')).toBe(false);
    expect(await signerTakes(await pair.requests())).toBe('courier-foreign');
    expect(codeOf(await exportCertificates(pair.signer.deps, { everything: false }, ADMIN))).toBe('courier-not-paired');
  });

  it('can be made again for an authority that a former one left without its key', async () => {
    await held(0);
    await pair.toSigner(await pair.requests());
    for (const [office, role] of [[pair.signer, 'signer'], [pair.listener, 'listener']] as const) must(await end(office.deps, { link: must(linkFor(office.deps, role, undefined)).id }, ADMIN));
    await pairOffices(pair);
    await pair.toListener(await pair.certificates());
    expect(await pair.toSigner(await pair.requests())).toMatchObject({ arrived: 0, known: 1 });
    await pair.signer.approve((await pair.signer.requests('pending'))[0]!.id);
    expect(await pair.toListener(await pair.certificates())).toMatchObject({ issued: 1 });
    expect(pair.listener.deps.directory.authorities()).toHaveLength(1);
    expect((await pair.listener.store.verifyAudit()).ok).toBe(true);
  });

  it('is refused where the machine is paired for the authority already', async () => {
    const third = must(await invite(pair.signer.deps, { authorityId: pair.authorityId, name: 'Safe' }, ADMIN));
    const bytes = third.file!.bytes;
    const fingerprint = must(await readPairing(pair.listener.deps, bytes)).from.fingerprint;
    expect(codeOf(await accept(pair.listener.deps, { bytes, fingerprint, name: 'x' }, ADMIN))).toBe('courier-authority-here');
  });

  it('survives a lock', async () => {
    await pair.signer.lock();
    expect(await signerTakes(await pair.requests())).toBe('locked');
    await pair.signer.unlock();
    await pair.run();
  });
});
