/** What a migration decides and stores, over memory stores: the dry run, the import, what is left out and why, and that no revocation is ever forgotten. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Output } from '../../../src/preload/contract/contract.ts';
import { createBackup } from '../../../src/main/application/backups/make.ts';
import { scheduleBackups } from '../../../src/main/application/backups/schedule.ts';
import { decideMigration } from '../../../src/main/application/migration/decide.ts';
import { exportAuthority } from '../../../src/main/application/migration/exportAuthority.ts';
import { type MigratingDeps, importMigration } from '../../../src/main/application/migration/importMigration.ts';
import { presentPreview } from '../../../src/main/admin/presentMigration.ts';
import { parseCrl } from '../../../src/main/core/pki/crl.ts';
import { type FormerFiles, formerFiles } from '../../support/formerFiles.ts';
import { certificate, nameOf, renewalReq, rsaKey, serialOf, testCa } from '../../support/forge.ts';
import { type Office, must, openOffice } from '../../support/office.ts';
import { pem } from '../../support/oracle.ts';
import { TEST_PASSPHRASE } from '../../support/testKeys.ts';

const ADMIN = { kind: 'admin', name: 'test' } as const;

let former: FormerFiles;
let office: Office;
let deps: MigratingDeps;

beforeAll(async () => {
  former = formerFiles({ valid: 6, revoked: 2, lost: 2 });
  office = await openOffice({ authority: 'none' });
  deps = office.deps as unknown as MigratingDeps;
});
afterAll(() => office.close());

const inputOf = (files: FormerFiles['files'] = former.files, more: object = {}) => ({ profileId: 'device', ...more, files: files.map(({ name, base64 }) => ({ name, bytes: new Uint8Array(Buffer.from(base64, 'base64')) })) });
const file = (name: string, text: string) => ({ name, base64: Buffer.from(text).toString('base64') });
const preview = async (files?: FormerFiles['files'], more?: object): Promise<Output<'migration.preview'>> => presentPreview(await decideMigration(deps, inputOf(files, more))) as Output<'migration.preview'>;
const onCrl = async (id: string): Promise<readonly string[]> => {
  const crl = parseCrl((await office.store.read.latestCrl(id, 1))?.der ?? new Uint8Array(0));
  return crl.ok ? crl.value.revoked.map(({ serialHex }) => serialHex).sort() : [];
};

describe('the dry run', () => {
  it('says what would come, and stores nothing', async () => {
    const before = office.store.read.auditHead();
    const shown = await preview();
    expect(shown).toMatchObject({ kind: 'openssl', ready: true, refusal: null, authority: { commonName: 'Test CA 7', standing: 'new', crlNumber: '41' }, counts: { certificates: 8, valid: 6, revoked: 2, serialsOnly: 2, alreadyHere: 0, unreadable: 0 } });
    expect(await office.store.read.auditHead()).toEqual(await before);
    expect(office.deps.directory.authorities()).toEqual([]);
    expect((await preview()).digest).toBe(shown.digest);
  });

  it('names what stays out, with its place', async () => {
    const stranger = certificate({ subject: 'CN=stranger', issuer: testCa(3), key: rsaKey(0) });
    const forged = certificate({ subject: 'CN=forged', key: rsaKey(0), issuer: { key: rsaKey(4), certificate: former.certificate } });
    const shown = await preview([...former.files, file('x/stranger.pem', pem('CERTIFICATE', stranger)), file('x/forged.pem', pem('CERTIFICATE', forged)), file('x/notes.txt', 'hello'), { name: 'empty', base64: '' }, file('more/index.txt', 'V\tnonsense\n')]);
    expect(shown.left.map(({ code, file: name }) => `${code} ${name}`).sort()).toEqual(['file-empty empty', 'foreign-issuer x/stranger.pem', 'not-understood more/index.txt', 'not-understood x/notes.txt', 'signature-wrong x/forged.pem']);
    expect(shown.counts).toMatchObject({ foreign: 2, unreadable: 3, certificates: 8 });
    expect(shown.findings.map(({ code }) => code)).toContain('foreign-issuer');
  });

  it('refuses, and says what is missing', async () => {
    const without = (...names: string[]) => former.files.filter(({ name }) => !names.includes(name));
    expect(await preview(without('private/cakey.pem'))).toMatchObject({ ready: false, refusal: { code: 'no-key' }, candidates: [{ key: 'missing', issued: 8 }] });
    expect(await preview(without('cacert.pem'))).toMatchObject({ ready: false, refusal: { code: 'no-certificate' } });
    expect(await preview([file('a.txt', 'nothing')])).toMatchObject({ ready: false, refusal: { code: 'no-certificate' } });
    expect(await preview(former.files, { kind: 'xca' })).toMatchObject({ ready: false, refusal: { code: 'other-kind' } });
    expect(await preview(former.files, { profileId: 'nobody' })).toMatchObject({ ready: false, refusal: { code: 'not-found' } });
    const locked = testCa(7).key.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }).toString();
    const sealed = [...without('private/cakey.pem'), file('private/cakey.pem', locked)];
    expect(await preview(sealed)).toMatchObject({ ready: false, refusal: { code: 'file-passphrase-needed' }, candidates: [{ key: 'locked' }] });
    expect(await preview(sealed, { passphrase: 'other' })).toMatchObject({ refusal: { code: 'wrong-file-passphrase' } });
    expect(await preview(sealed, { passphrase: 'secret' })).toMatchObject({ ready: true });
  });

  it('asks which of two CAs is meant, and takes the one that is named', async () => {
    const other = testCa(8);
    const both = [...former.files, file('other.pem', pem('CERTIFICATE', other.certificate)), file('other.key', other.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())];
    const asked = await preview(both);
    expect(asked).toMatchObject({ ready: false, refusal: { code: 'several-authorities' } });
    expect(asked.candidates.map(({ key }) => key)).toEqual(['there', 'there']);
    expect(await preview(both, { certificateSha256: asked.candidates.find(({ issued }) => issued === 8)?.sha256 })).toMatchObject({ ready: true, authority: { commonName: 'Test CA 7' } });
  });

  it('without records and CRL warns that earlier revocations are not known', async () => {
    const shown = await preview(former.files.filter(({ name }) => name !== 'index.txt'));
    expect(shown.findings[0]).toMatchObject({ code: 'earlier-revocations-unknown', severity: 'warning' });
  });
});

describe('the import', () => {
  it('goes ahead with what was shown only, and audits a refusal', async () => {
    expect(await importMigration(deps, { ...inputOf(), digest: '0'.repeat(64) }, ADMIN)).toMatchObject({ ok: false, error: { code: 'not-what-was-shown' } });
    expect((await office.audit())[0]).toMatchObject({ action: 'migration.import', outcome: 'refused', code: 'not-what-was-shown' });
    expect(office.deps.directory.authorities()).toEqual([]);
  });

  it('brings the CA with every revocation in one commit, then the rest; devices renew, and serials stay revoked', async () => {
    const { digest } = await preview();
    const { authority, backup, findings } = must(await importMigration(deps, { ...inputOf(), digest }, ADMIN));
    expect(backup).toBeNull();
    expect(findings.map(({ code }) => code)).toContain('no-backup-before');
    expect(await onCrl(authority.id)).toEqual([...former.serials.revoked, ...former.serials.lost].sort());
    expect((await office.store.read.latestCrl(authority.id, 1))?.number).toBeGreaterThan(41);
    const actions = [...(await office.audit())].reverse().map(({ action, code }) => `${action} ${code}`);
    // The CRL that goes with the CA comes before any valid certificate.
    expect(actions.indexOf('crl.publish published')).toBeLessThan(actions.indexOf('certificate.import valid'));
    expect(actions.filter((action) => action === 'migration.batch stored')).toHaveLength(2);
    expect(actions.at(-1)).toBe('migration.import completed');
    expect(await office.store.verifyAudit()).toMatchObject({ ok: true });
    const { key, certificate: own, subject } = former.device;
    const renewed = await office.ask(renewalReq({ key, signerCertificate: own, subject, recipient: former.certificate, csr: { key: rsaKey(9), subject } }));
    expect(renewed.pkiStatus).toBe('SUCCESS');
  });

  it('once more changes nothing, and completes what is missing', async () => {
    const more = formerFiles({ valid: 6, revoked: 2, lost: 2 });
    const again = must(await importMigration(deps, inputOf(), ADMIN));
    expect(again.decision.counts).toMatchObject({ certificates: 0, serialsOnly: 0, alreadyHere: 10 });
    // The former CA went on meanwhile: a valid one was revoked there, and others were issued.
    const [, later] = former.serials.valid;
    const revokedSince = file('index.txt', `R\t391126143626Z\t261101000000Z,superseded\t${later ?? ''}\tunknown\t/CN=x\n`);
    const { authority, decision } = must(await importMigration(deps, inputOf([...more.files.filter(({ name }) => name !== 'index.txt'), revokedSince]), ADMIN));
    expect(decision.counts).toMatchObject({ certificates: 8, alreadyHere: 0 });
    expect(await onCrl(authority.id)).toEqual([...former.serials.revoked, ...former.serials.lost, later].sort());
    expect(await office.store.verifyAudit()).toMatchObject({ ok: true });
  });

  it('makes a hold final that has become final over there', async () => {
    const serial = former.serials.valid[2] ?? '';
    const others = former.files.filter(({ name }) => name !== 'index.txt');
    const bring = async (revocation: string) => must(await importMigration(deps, inputOf([...others, file('index.txt', `R\t391126143626Z\t261101000000Z,${revocation}\t${serial}\tunknown\t/CN=x\n`)]), ADMIN));
    const stateHere = async () => (await office.certificates()).find((record) => record.serial === serial)?.state;
    await bring('holdInstruction');
    expect(await stateHere()).toBe('held');
    await bring('keyCompromise');
    expect(await stateHere()).toBe('revoked');
    await bring('holdInstruction');
    expect(await stateHere()).toBe('revoked');
  });

  it('takes a certificate in that was known by its serial only, and does not forget that it was revoked', async () => {
    const [authority] = office.deps.directory.authorities();
    const lost = certificate({ subject: 'CN=found', key: rsaKey(2), issuer: testCa(7), serial: Uint8Array.of(0x55, 1) });
    const index = file('index.txt', 'R\t391126143626Z\t261101000000Z,keyCompromise\t5501\tunknown\t/CN=found\n');
    const ca = former.files.slice(0, 2);
    must(await importMigration(deps, inputOf([...ca, index]), ADMIN));
    expect(await office.store.read.revokedSerials(authority?.id ?? '')).toHaveLength(3);
    must(await importMigration(deps, inputOf([...ca, file('found.pem', pem('CERTIFICATE', lost))]), ADMIN));
    expect(await office.store.read.revokedSerials(authority?.id ?? '')).toHaveLength(2);
    expect((await office.certificates()).find(({ serial }) => serial === serialOf(lost))).toMatchObject({ state: 'revoked', reason: 'keyCompromise' });
    expect((await onCrl(authority?.id ?? '')).filter((serial) => serial === '5501')).toHaveLength(1);
  });

  it('makes a backup before where a schedule can seal one', async () => {
    must(await scheduleBackups(deps, { everyDays: 7, keep: 2, passphrase: 'four unrelated words' }, ADMIN));
    const { backup } = must(await importMigration(deps, inputOf(), ADMIN));
    expect(backup?.name).toMatch(/\.backup$/);
    expect((await createBackup(deps, { asFile: false }, ADMIN)).ok).toBe(true);
  });

  it('refuses a CA whose name another one has here', async () => {
    const twin = testCa(20);
    const sameName = certificate({ subject: nameOf('CN=Test CA 7, O=Test'), key: twin.key, notAfter: Date.now() + 1e10, extensions: [] });
    const shown = await preview([file('ca.pem', pem('CERTIFICATE', sameName)), file('ca.key', twin.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())]);
    expect(shown.ready).toBe(false);
    expect(['name-taken', 'not-a-ca', 'ca-usage-missing']).toContain(shown.refusal?.code);
  });
});

describe('the export', () => {
  it('gives the key to whoever proves the vault, and audits both', async () => {
    const [authority] = office.deps.directory.authorities();
    const id = authority?.id ?? '';
    expect(await exportAuthority(deps, { id, keyPassphrase: 'words for the key', passphrase: 'not the vault’s' }, ADMIN)).toMatchObject({ ok: false, error: { code: 'wrong-passphrase' } });
    expect((await office.audit())[0]).toMatchObject({ action: 'migration.export', outcome: 'refused', code: 'wrong-passphrase' });
    const withKey = must(await exportAuthority(deps, { id, keyPassphrase: 'words for the key', passphrase: TEST_PASSPHRASE }, ADMIN));
    expect((await office.audit())[0]).toMatchObject({ action: 'migration.export', outcome: 'ok', code: 'exported-with-key' });
    const text = Buffer.from(withKey.bytes).toString('latin1');
    expect(text).toContain('-----BEGIN ENCRYPTED PRIVATE KEY-----');
    expect(text).not.toContain('-----BEGIN PRIVATE KEY-----');
    const without = must(await exportAuthority(deps, { id }, ADMIN));
    expect(Buffer.from(without.bytes).toString('latin1')).not.toContain('PRIVATE KEY');
    expect(without).toMatchObject({ withKey: false, serialsOnly: 2 });
    expect(await exportAuthority(deps, { id: 'nobody' }, ADMIN)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});
