/** What an admin sets: settings, endpoints, profiles, challenges; each change with its audit event, each nonsense refused with the field. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChallenge, listChallenges, withdrawChallenge } from '../../../src/main/application/challenges.ts';
import { removeEndpoint, saveEndpoint } from '../../../src/main/application/endpoints.ts';
import { removeProfile, saveProfile } from '../../../src/main/application/profiles.ts';
import { getScepConfiguration } from '../../../src/main/application/scepConfiguration.ts';
import { getSettings, updateSettings } from '../../../src/main/application/settings.ts';
import { getStatus } from '../../../src/main/application/status.ts';
import { challengeState, normalizeChallenge, writeChallenge } from '../../../src/main/core/ca/challenge.ts';
import { DAY, MINUTE } from '../../../src/main/core/lib/instant.ts';
import { pkcsReq, rsaKey } from '../../support/forge.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const lastAudit = async () => (await office.audit())[0];
const refusal = (code: string, words = '') => ({ ok: false, error: { code, message: expect.stringContaining(words) } });

describe('settings', () => {
  it('change field by field, and the audit log holds the old and the new value', async () => {
    const { deps } = office;
    expect(await updateSettings(deps, { publicBaseUrl: 'http://ca.office.lan:8080/', crlDays: 3 }, ADMIN)).toMatchObject({ ok: true, value: { publicBaseUrl: 'http://ca.office.lan:8080', crlDays: 3, maxWaiting: 1000 } });
    expect(await lastAudit()).toMatchObject({ action: 'settings.update', actor: 'admin:test', detail: { crlDays: 3, crlDaysBefore: 7, publicBaseUrlBefore: null } });
  });

  it('write nothing where nothing changes', async () => {
    const before = await office.store.read.auditHead();
    must(await updateSettings(office.deps, { crlDays: 7 }, ADMIN));
    expect(await office.store.read.auditHead()).toEqual(before);
  });

  it.each(['ca.office.lan', 'ftp://ca.lan', 'http://', 'http://ca.lan/?x=1', 'http://user@ca.lan', 'http://ca.lan/#x', 'javascript:alert(1)'])('refuse %s as a base URL', async (publicBaseUrl) => {
    expect(await updateSettings(office.deps, { publicBaseUrl }, ADMIN)).toMatchObject(refusal('invalid-input', 'publicBaseUrl'));
  });
});

describe('the public address among the settings', () => {
  it('is plain http, and https is refused with the reason', async () => {
    expect(await updateSettings(office.deps, { publicBaseUrl: 'https://ca.office.lan' }, ADMIN)).toMatchObject({ ok: false, error: { code: 'invalid-input', message: expect.stringContaining('plain http') as string } });
  });

  it('is taken with a warning where it may not last, which stands in the settings and in the overview', async () => {
    const shown = must(await updateSettings(office.deps, { publicBaseUrl: 'http://192.0.2.10:8080' }, ADMIN));
    expect(shown.findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['warning address-is-ip', 'warning address-not-here']);
    expect((await getSettings(office.deps)).findings).toEqual(shown.findings);
    expect((await getStatus(office.deps)).notices.map(({ code }) => code)).toEqual(expect.arrayContaining(['address-is-ip']));
  });

  it('that is changed warns once that certificates keep the former one', async () => {
    must(await updateSettings(office.deps, { publicBaseUrl: 'http://old.office.lan' }, ADMIN));
    expect(must(await updateSettings(office.deps, { publicBaseUrl: 'http://ca.office.lan' }, ADMIN)).findings).toEqual([]);
    await office.ask(pkcsReq({ key: rsaKey(1), subject: 'CN=dev', recipient: office.scepCertificate, challenge: await office.challenge() }));
    const changed = must(await updateSettings(office.deps, { publicBaseUrl: 'http://new.office.lan' }, ADMIN));
    expect(changed.findings).toMatchObject([{ code: 'address-changed', text: expect.stringContaining('http://ca.office.lan') as string }]);
    expect((await getSettings(office.deps)).findings).toEqual([]);
  });
});

describe('settings of the window', () => {
  it('lock it after a quarter of an hour, tell of new requests and keep backups beside the data, until an admin says otherwise', async () => {
    expect(office.deps.directory.settings()).toMatchObject({ idleMinutes: 15, notifyRequests: true, backupFolder: null });
    expect(must(await updateSettings(office.deps, { idleMinutes: 0, notifyRequests: false }, ADMIN))).toMatchObject({ idleMinutes: 0, notifyRequests: false });
    expect(await lastAudit()).toMatchObject({ detail: { idleMinutes: 0, idleMinutesBefore: 15, notifyRequests: false, notifyRequestsBefore: true } });
  });

  it('stand in a data folder that an older version wrote', async () => {
    await office.store.commit({ actor: ADMIN, at: office.now(), expect: [], changes: [{ kind: 'setting', key: 'settings', value: { crlDays: 3 } }], audit: [] });
    await office.deps.directory.refresh();
    expect(office.deps.directory.settings()).toMatchObject({ crlDays: 3, idleMinutes: 15, notifyRequests: true, backupFolder: null });
  });

  it.each(['/srv/backups', '/', 'D:\\Backups', 'd:/Backups', '\\\\nas\\backups'])('take %s as a folder for backups', async (backupFolder) => {
    expect(await updateSettings(office.deps, { backupFolder }, ADMIN)).toMatchObject({ ok: true, value: { backupFolder } });
  });

  it.each(['backups', './backups', '../backups', '~/backups', 'D:Backups', '\\backups', '\\\\nas', 'file:///srv'])('refuse %s, which would depend on where the program was started', async (backupFolder) => {
    expect(await updateSettings(office.deps, { backupFolder }, ADMIN)).toMatchObject(refusal('invalid-input', 'backupFolder'));
  });
});

describe('endpoints', () => {
  const wish = () => ({ path: '/scep/lab', authorityId: office.endpoint.authorityId, profileId: 'device' });

  it('are made with the defaults, changed by field, and told apart by version', async () => {
    const made = must(await saveEndpoint(office.deps, wish(), ADMIN));
    expect(made).toMatchObject({ authorization: 'challenge-or-hold', compatibility: 'standard', enabled: true, renewal: 'grant', version: 1 });
    expect(must(await saveEndpoint(office.deps, { id: made.id, version: 1, compatibility: 'legacy' }, ADMIN))).toMatchObject({ compatibility: 'legacy', path: '/scep/lab', version: 2 });
    expect(await saveEndpoint(office.deps, { id: made.id, version: 1, enabled: false }, ADMIN)).toMatchObject(refusal('stale-version'));
    expect((await getStatus(office.deps)).notices.map(({ code }) => code)).toContain('legacy-endpoint');
    expect(must(await removeEndpoint(office.deps, { id: made.id }, ADMIN))).toEqual({ id: made.id });
    expect(office.deps.directory.endpoint(made.id)).toBeUndefined();
  });

  it.each(['/scep/pkiclient.exe', '/scep/', '/scep/UPPER', '/scep/a/b', '/other', '/scep/../x', '/scep/a b'])('refuse the path %s', async (path) => {
    expect(await saveEndpoint(office.deps, { ...wish(), path }, ADMIN)).toMatchObject(refusal('invalid-input', 'path'));
  });

  it('refuse a taken path, an unknown authority, an unknown profile, and a field that is missing', async () => {
    expect(await saveEndpoint(office.deps, { ...wish(), path: '/scep' }, ADMIN)).toMatchObject(refusal('path-taken'));
    expect(await saveEndpoint(office.deps, { ...wish(), authorityId: 'none' }, ADMIN)).toMatchObject(refusal('not-found', 'authorityId'));
    expect(await saveEndpoint(office.deps, { ...wish(), profileId: 'none' }, ADMIN)).toMatchObject(refusal('not-found', 'profileId'));
    expect(await saveEndpoint(office.deps, { path: '/scep/lab' }, ADMIN)).toMatchObject(refusal('invalid-input', 'authorityId'));
    expect(await saveEndpoint(office.deps, { id: 'none' }, ADMIN)).toMatchObject(refusal('not-found'));
  });

  it('stay while a request waits at them', async () => {
    await office.ask(pkcsReq({ recipient: office.scepCertificate }));
    expect(await removeEndpoint(office.deps, { id: office.endpoint.id }, ADMIN)).toMatchObject(refusal('in-use', 'One request waits'));
  });
});

describe('profiles', () => {
  it('are made as a copy of device, under a word made from the name', async () => {
    const made = must(await saveProfile(office.deps, { name: 'Büro Phones!', validityDays: 90, renewalWindowDays: 20 }, ADMIN));
    expect(made).toMatchObject({ id: 'b-ro-phones', validityDays: 90, keyUsageRsa: ['digitalSignature', 'keyEncipherment'], version: 1 });
    expect(await saveProfile(office.deps, { name: 'b ro phones' }, ADMIN)).toMatchObject(refusal('name-taken'));
    expect(must(await saveProfile(office.deps, { id: made.id, validityDays: 60 }, ADMIN))).toMatchObject({ name: 'Büro Phones!', validityDays: 60, version: 2 });
    expect(must(await removeProfile(office.deps, { id: made.id, version: 2 }, ADMIN))).toEqual({ id: made.id });
    expect(await lastAudit()).toMatchObject({ action: 'profile.remove', subject: 'profile:b-ro-phones' });
  });

  it('refuse what no certificate could be made from', async () => {
    expect(await saveProfile(office.deps, { id: 'device', validityDays: 30 }, ADMIN)).toMatchObject(refusal('invalid-input', 'renewalWindowDays'));
    expect(await saveProfile(office.deps, { id: 'device', subjectTemplate: 'no equals sign' }, ADMIN)).toMatchObject(refusal('invalid-input', 'subjectTemplate'));
    expect(await saveProfile(office.deps, { id: 'device', extraSans: ['IP:300.1.1.1'] }, ADMIN)).toMatchObject(refusal('invalid-input', 'extraSans'));
    expect(await saveProfile(office.deps, { validityDays: 5 }, ADMIN)).toMatchObject(refusal('invalid-input', 'name'));
  });

  it('take templates with placeholders', async () => {
    expect(await saveProfile(office.deps, { id: 'device', subjectTemplate: 'CN={{device_name}},OU=Devices,O={{organization}}', extraSans: ['DNS:{{device_name}}.lan'] }, ADMIN)).toMatchObject({ ok: true });
  });

  it('stay while an endpoint issues by them', async () => {
    expect(await removeProfile(office.deps, { id: 'device' }, ADMIN)).toMatchObject(refusal('in-use', '/scep'));
  });
});

describe('challenges', () => {
  it('are 24 characters of Crockford’s base32 in groups of four, kept as a MAC and never audited', async () => {
    const { password, challenge } = must(await createChallenge(office.deps, { label: 'router' }, ADMIN));
    expect(password).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(challenge).toMatchObject({ uses: 1, usesLeft: 1, expiresAt: challenge.createdAt + DAY, mac: office.deps.secrets.mac('challenge', normalizeChallenge(password)) });
    expect(await lastAudit()).toMatchObject({ action: 'challenge.create', detail: { label: 'router' } });
    expect(await office.store.exportAudit()).not.toContain(password);
  });

  it('have the length and lifetime of the settings, or those that were asked for', async () => {
    must(await updateSettings(office.deps, { challengeLength: 32, challengeMinutes: 60 }, ADMIN));
    const usual = must(await createChallenge(office.deps, {}, ADMIN));
    expect(normalizeChallenge(usual.password)).toHaveLength(32);
    expect(usual.challenge.expiresAt - usual.challenge.createdAt).toBe(60 * MINUTE);
    expect(must(await createChallenge(office.deps, { minutes: 5, uses: 3 }, ADMIN)).challenge).toMatchObject({ uses: 3, expiresAt: expect.closeTo(office.now() + 5 * MINUTE, -4) });
  });

  it('refuse a binding that could never hold', async () => {
    expect(await createChallenge(office.deps, { endpoint: '/scep/none' }, ADMIN)).toMatchObject(refusal('not-found', '/scep/none'));
    expect(await createChallenge(office.deps, { profileId: 'none' }, ADMIN)).toMatchObject(refusal('not-found', 'none'));
    expect(await createChallenge(office.deps, { subject: 'printer' }, ADMIN)).toMatchObject(refusal('invalid-input', 'subject'));
    expect(await createChallenge(office.deps, { subjectAltNames: ['IP:300.1.1.1'] }, ADMIN)).toMatchObject(refusal('invalid-input', 'subjectAltNames'));
  });

  it('keep a name in the form that a request shows it in', async () => {
    expect(must(await createChallenge(office.deps, { subjectAltNames: ['printer.lan', '192.0.2.7'] }, ADMIN)).challenge.subjectAltNames).toEqual(['DNS:printer.lan', 'IP:192.0.2.7']);
  });

  it('are withdrawn once and for all', async () => {
    const { challenge, password } = must(await createChallenge(office.deps, {}, ADMIN));
    expect(must(await withdrawChallenge(office.deps, { id: challenge.id }, ADMIN))).toMatchObject({ state: 'withdrawn' });
    const head = await office.store.read.auditHead();
    expect(must(await withdrawChallenge(office.deps, { id: challenge.id }, ADMIN))).toMatchObject({ state: 'withdrawn' });
    expect(await office.store.read.auditHead()).toEqual(head);
    expect(await office.ask(pkcsReq({ recipient: office.scepCertificate, challenge: password }))).toMatchObject({ pkiStatus: 'FAILURE' });
    expect(await withdrawChallenge(office.deps, { id: 'none' }, ADMIN)).toMatchObject(refusal('not-found'));
  });

  it('are listed with where they stand', async () => {
    const spent = must(await createChallenge(office.deps, { label: 'spent' }, ADMIN));
    await office.ask(pkcsReq({ recipient: office.scepCertificate, challenge: spent.password }));
    must(await createChallenge(office.deps, { label: 'soon over', minutes: 1 }, ADMIN));
    office.advance(2 * MINUTE);
    must(await createChallenge(office.deps, { label: 'live' }, ADMIN));
    const states = Object.fromEntries((await listChallenges(office.deps, { limit: 10 })).items.map(({ challenge, state }) => [challenge.label, state]));
    expect(states).toEqual({ spent: 'spent', 'soon over': 'expired', live: 'live' });
    expect((await listChallenges(office.deps, { limit: 10, state: 'expired' })).items.map(({ challenge }) => challenge.label)).toEqual(['soon over']);
  });

  it('A7.6 are compared as people type them: case, dashes, spaces, O for 0, I and L for 1', () => {
    expect(normalizeChallenge(' o1il-abcd EFGH\t')).toBe(normalizeChallenge('0111abcdefgh'));
    expect(normalizeChallenge('ABCD-EFGH')).not.toBe(normalizeChallenge('ABCD-EFGJ'));
  });

  it('use every character of the alphabet evenly, whatever the octet', () => {
    const all = normalizeChallenge(writeChallenge(Uint8Array.from({ length: 256 }, (_, octet) => octet)));
    const counts = new Map<string, number>();
    for (const character of all) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect([...counts.values()]).toEqual(Array.from({ length: 32 }, () => 8));
  });

  it('stay withdrawn whatever else is true of them', () => {
    expect(challengeState({ withdrawnAt: 1, usesLeft: 0, expiresAt: 0 }, 5)).toBe('withdrawn');
    expect(challengeState({ withdrawnAt: null, usesLeft: 0, expiresAt: 9 }, 5)).toBe('spent');
    expect(challengeState({ withdrawnAt: null, usesLeft: 1, expiresAt: 5 }, 5)).toBe('expired');
    expect(challengeState({ withdrawnAt: null, usesLeft: 1, expiresAt: 6 }, 5)).toBe('live');
  });
});

describe('status and configuration', () => {
  it('say what is missing: a public base URL, and later nothing', async () => {
    expect((await getStatus(office.deps)).notices.map(({ code }) => code)).toEqual(['no-public-base-url']);
    must(await updateSettings(office.deps, { publicBaseUrl: 'http://ca.lan' }, ADMIN));
    expect((await getStatus(office.deps)).notices).toEqual([]);
    const contradicted = await getStatus({ ...office.deps, auditProblem: () => 'the log ends before its signed head' });
    expect(contradicted.notices).toMatchObject([{ code: 'audit-contradicted', severity: 'danger' }]);
  });

  it('describe the default endpoint for whoever sets a client up by hand', async () => {
    const listener = { ...office.deps.listener, state: () => ({ host: '192.0.2.1', port: 80, listening: true, baseUrl: 'http://192.0.2.1:80', problem: null }) };
    await office.change({ authorization: 'challenge-only' });
    expect(getScepConfiguration({ ...office.deps, listener })).toMatchObject({
      challenge_password_required: true,
      default_validity_days: 365,
      renewal_threshold_days: 30,
      max_message_size: 1_048_576,
      example_urls: { scep: 'http://192.0.2.1:80/scep', capabilities: 'http://192.0.2.1:80/scep?operation=GetCACaps' },
    });
  });
});
