/**
 * CAs of other products move in, from files that the real programs made: openssl's ca, XCA, micromdm's scepserver; step-ca's and AD CS's in their form.
 * Afterwards what was revoked is on the new CRL, and a device that was enrolled before renews. One goes out again, and openssl goes on with it.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect } from 'vitest';
import { type FormerCa, type FormerDevice, FORMER_PASSPHRASE, makeAdcs, makeMicromdmDepot, makeOpensslCa, makeStepCa, makeXcaDatabase } from '../support/formerCas.ts';
import { type Lab, openLab } from '../support/interopLab.ts';
import { makeKey, showCertificate, writeCertificate } from '../support/interopOpenssl.ts';
import { type ProgramAnswer, mustRun, runProgram } from '../support/interopPrograms.ts';
import { needs } from '../support/optional.ts';
import { SERVER_PASSPHRASE, runCommand } from '../support/server.ts';
import type { Output } from '../../src/preload/contract/contract.ts';

const programs = needs('openssl', 'pki');
const xca = needs('openssl', 'pki', 'xca', 'python3');
const micromdm = needs('openssl', 'scepserver', 'scepclient', 'ip', 'unshare');

let lab: Lab;
let second: Lab;

beforeAll(async () => {
  if (!programs.available && !micromdm.available) return;
  lab = await openLab();
  second = await openLab();
});

afterAll(async () => {
  await lab?.close();
  await second?.close();
});

type Migrated = Output<'migration.import'>;

async function migrate(into: Lab, former: FormerCa, ...more: readonly string[]): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  return into.server.run(['migrate', former.folder, ...more], { env: { COUNTERSIGN_FILE_PASSPHRASE: former.passphrase } });
}

/** The dry run, then the import; an endpoint for its devices. */
async function moveIn(into: Lab, former: FormerCa, path: string, compatibility: 'standard' | 'legacy' = 'standard'): Promise<{ readonly migrated: Migrated; readonly url: string }> {
  const before = await into.server.call('authorities.list');
  const dry = await migrate(into, former, '--json');
  expect(dry.err).toBe('');
  expect(JSON.parse(dry.out)).toMatchObject({ ready: true, refusal: null });
  expect((await into.server.call('authorities.list')).total).toBe(before.total);
  const done = await migrate(into, former, '--apply', '--json');
  expect(done.err).toBe('');
  const migrated = JSON.parse(done.out) as Migrated;
  expect(migrated.counts).toEqual((JSON.parse(dry.out) as Output<'migration.preview'>).counts);
  return { migrated, url: await into.saveEndpoint({ path, authorityId: migrated.authority.id, profileId: 'device', compatibility }) };
}

/** What openssl finds on the CRL that is published now, by serial with its reason. */
async function onCrl(into: Lab, former: FormerCa, { authority }: Migrated): Promise<ReadonlyMap<string, string>> {
  const file = into.folder.at('now.crl');
  const response = await fetch(`${into.baseUrl}/crl/${authority.number}.crl`);
  writeFileSync(file, Buffer.from(await response.arrayBuffer()));
  const { stdout, stderr, code } = await runProgram('openssl', ['crl', '-inform', 'DER', '-in', file, '-CAfile', former.caFile, '-noout', '-text']);
  expect(stderr).toContain('verify OK');
  expect(code).toBe(0);
  return new Map([...stdout.toString().matchAll(/Serial Number: ([0-9A-F]+)\n[^]*?(?=Serial Number|Signature Algorithm)/g)].map(([text, serial = '']) => [serial, /Reason Code: \n\s+(.+)/.exec(text)?.[1] ?? '']));
}

/** strongSwan asks for a renewal with a certificate of the former CA. */
async function askToRenew(into: Lab, { name, keyFile, certificateFile }: FormerDevice, { url, migrated }: { readonly url: string; readonly migrated: Migrated }): Promise<ProgramAnswer> {
  const at = (file: string): string => into.folder.at(`${name}-${file}`);
  const { scepCertificate, chainPem } = migrated.authority;
  const above = chainPem.flatMap((pem, i) => ['--cacert', writeCertificate(at(`above${i}.pem`), pem)]);
  const scep = writeCertificate(at('scep.pem'), scepCertificate?.pem ?? '');
  await makeKey(at('new.key'));
  return runProgram('pki', ['--scep', '--url', url, '--in', at('new.key'), '--cert', certificateFile, '--key', keyFile, '--dn', `O=Test, CN=${name}`, '--cacert-enc', scep, '--cacert-sig', scep, ...above, '--cipher', 'des3', '--digest', 'sha256', '--outform', 'pem']);
}

/** It does renew, and what it gets verifies under the CA that the device has trusted all along. */
async function renew(into: Lab, former: FormerCa, moved: { readonly url: string; readonly migrated: Migrated }): Promise<void> {
  const [device] = former.devices;
  if (device === undefined) throw new Error('there is no device');
  const { code, stdout, stderr } = await askToRenew(into, device, moved);
  expect(stderr).toContain('Issued certificate is trusted');
  expect(code).toBe(0);
  const file = into.folder.at(`${device.name}-new.pem`);
  writeFileSync(file, stdout);
  expect((await runProgram('openssl', ['verify', '-CAfile', former.caFile, file])).code).toBe(0);
  expect((await showCertificate(file)).subject).toBe(`O = Test, CN = ${device.name}`);
  const [latest] = await into.certificates(device.name);
  expect(latest?.renews).not.toBeNull();
}

programs.describe('an openssl ca', () => {
  let former: FormerCa;
  let moved: Awaited<ReturnType<typeof moveIn>>;

  programs.it('comes in with what it issued and revoked, lost certificates included', async () => {
    former = await makeOpensslCa(lab.folder.path);
    moved = await moveIn(lab, former, '/scep/openssl');
    expect(moved.migrated.counts).toMatchObject({ certificates: 4, valid: 2, held: 1, revoked: 1, serialsOnly: 1, foreign: 0, unreadable: 0 });
    expect(await onCrl(lab, former, moved.migrated)).toEqual(new Map([['1C', 'Key Compromise'], ['1D', 'Certificate Hold'], ['1E', 'Key Compromise']]));
    expect(await lab.server.call('audit.verify')).toMatchObject({ ok: true });
    const again = JSON.parse((await migrate(lab, former, '--apply', '--json')).out) as Migrated;
    expect(again.counts).toMatchObject({ certificates: 0, serialsOnly: 0, alreadyHere: 5 });
  });

  programs.it('its devices renew; what it had revoked does not', async () => {
    await renew(lab, former, moved);
    for (const { name, ...device } of former.devices.slice(2)) {
      expect((await askToRenew(lab, { name, ...device }, moved)).code, name).not.toBe(0);
      expect(await lab.certificates(name)).toHaveLength(1);
    }
    const refusals = await lab.transactions(2, ({ path, outcome }) => path === '/scep/openssl' && outcome === 'failure');
    expect(refusals.map(({ code }) => code)).toEqual(['signer-revoked', 'signer-revoked']);
  });

  programs.it('goes out again: openssl publishes and revokes with it, and another Countersign takes it in', async () => {
    const out = lab.folder.at('exported');
    const env = { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE, COUNTERSIGN_KEY_PASSPHRASE: FORMER_PASSPHRASE };
    expect(await lab.server.run(['export-ca', '--out', out, '--ca', former.commonName], { env: { ...env, COUNTERSIGN_PASSPHRASE: 'another passphrase' } })).toMatchObject({ code: 1 });
    expect(existsSync(out)).toBe(false);
    expect(await lab.server.run(['export-ca', '--out', out, '--ca', former.commonName], { env })).toMatchObject({ code: 0 });
    const untouched = lab.folder.at('exported-untouched');
    cpSync(out, untouched, { recursive: true });

    const ca = (...args: readonly string[]) => mustRun('openssl', ['ca', '-batch', '-config', 'openssl.cnf', '-passin', `pass:${FORMER_PASSPHRASE}`, ...args], { cwd: out });
    await ca('-revoke', 'newcerts/1B.pem', '-crl_reason', 'superseded');
    await ca('-gencrl', '-out', 'next.pem');
    const { stdout, stderr } = await runProgram('openssl', ['crl', '-in', `${out}/next.pem`, '-CAfile', former.caFile, '-noout', '-text']);
    expect(stderr).toContain('verify OK');
    for (const serial of [...former.revoked, '1B']) expect(stdout.toString()).toContain(`Serial Number: ${serial}\n`);
    const published = await lab.server.call('crls.get', { authorityId: moved.migrated.authority.id });
    expect(Number(/CRL Number: \n\s+(\d+)/.exec(stdout.toString())?.[1])).toBeGreaterThan(published.number);

    const there = await moveIn(second, { ...former, folder: untouched }, '/scep/openssl');
    expect(there.migrated.counts).toMatchObject({ held: 1, revoked: 1, serialsOnly: 1 });
    expect(there.migrated.counts.valid).toBeGreaterThanOrEqual(3);
    expect([...(await onCrl(second, former, there.migrated)).keys()].sort()).toEqual([...former.revoked].sort());
    await renew(second, former, there);
  });
});

xca.describe('a database of XCA', () => {
  xca.it('comes in with its revocations, and its devices renew', async () => {
    const former = await makeXcaDatabase(lab.folder.path);
    const wrong = await migrate(lab, { ...former, passphrase: 'not the password' }, '--json');
    expect(wrong).toMatchObject({ code: 1 });
    expect(JSON.parse(wrong.err)).toMatchObject({ code: 'wrong-file-passphrase' });
    const moved = await moveIn(lab, former, '/scep/xca');
    expect(moved.migrated.counts).toMatchObject({ certificates: 3, valid: 1, held: 1, revoked: 1, unreadable: 0 });
    expect(await onCrl(lab, former, moved.migrated)).toEqual(new Map([['41', 'Key Compromise'], ['42', 'Certificate Hold']]));
    await renew(lab, former, moved);
  });
});

micromdm.describe('the depot of a micromdm scepserver', () => {
  micromdm.it('comes in, and its own scepclient renews', async () => {
    const former = await makeMicromdmDepot(lab.folder.path);
    const moved = await moveIn(lab, former, '/scep/micromdm', 'legacy');
    expect(moved.migrated.counts).toMatchObject({ certificates: 2, valid: 2, unreadable: 0 });
    const [device] = former.devices;
    const before = (await showCertificate(device?.certificateFile ?? '')).serial;
    // Where the CA's key may not open envelopes, the SCEP key that opens them is told by its fingerprint.
    const fingerprint = moved.migrated.authority.scepCertificate?.sha256 ?? '';
    const renewal = await runProgram('scepclient', ['-server-url', moved.url, '-private-key', device?.keyFile ?? '', '-certificate', device?.certificateFile ?? '', '-cn', 'mdm1', '-organization', 'Test', '-debug', '-ca-fingerprint', fingerprint]);
    expect(renewal.stderr).not.toMatch(/err=/);
    expect(renewal.code).toBe(0);
    expect((await showCertificate(device?.certificateFile ?? '')).serial).not.toBe(before);
    expect((await runProgram('openssl', ['verify', '-CAfile', former.caFile, device?.certificateFile ?? ''])).code).toBe(0);
  });
});

programs.describe('the files of a step-ca', () => {
  programs.it('come in as the intermediate under its root, and its devices renew', async () => {
    const former = await makeStepCa(lab.folder.path);
    const dry = JSON.parse((await migrate(lab, former, '--json')).out) as Output<'migration.preview'>;
    expect(dry.left.map(({ code }) => code)).toContain('database-not-read');
    const moved = await moveIn(lab, former, '/scep/step');
    expect(moved.migrated.authority).toMatchObject({ commonName: former.commonName, scepKey: 'split' });
    expect(moved.migrated.counts).toMatchObject({ certificates: 2, valid: 1, revoked: 1 });
    expect(await onCrl(lab, former, moved.migrated)).toEqual(new Map([['71', 'Superseded']]));
    await renew(lab, former, moved);
  });
});

programs.describe('an NDES CA as PKCS #12 and certutil’s view', () => {
  programs.it('comes in under German headings, and its devices renew', async () => {
    const former = await makeAdcs(lab.folder.path);
    const moved = await moveIn(lab, former, '/scep/ndes');
    expect(moved.migrated.counts).toMatchObject({ certificates: 2, valid: 1, revoked: 1, serialsOnly: 1, unreadable: 0 });
    expect([...(await onCrl(lab, former, moved.migrated)).keys()].sort()).toEqual([...former.revoked].sort());
    await renew(lab, former, moved);
  });

  programs.it('names the column that is missing', async () => {
    const folder = lab.folder.at('adcs-short');
    mkdirSync(folder, { recursive: true });
    cpSync(lab.folder.at('adcs/ca.p12'), `${folder}/ca.p12`);
    writeFileSync(`${folder}/view.csv`, readFileSync(lab.folder.at('adcs/view.csv')).toString('utf16le').slice(1).replace('Anforderungsdisposition', 'Etwas'));
    const { out } = await runCommand(['migrate', folder, '--json', '--data', lab.server.dataDir], { env: { COUNTERSIGN_FILE_PASSPHRASE: FORMER_PASSPHRASE } });
    expect((JSON.parse(out) as Output<'migration.preview'>).left).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'csv-unreadable', text: expect.stringContaining('Request Disposition') as string })]));
  });
});
