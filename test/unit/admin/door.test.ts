import { readFileSync, readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createAdminDoor } from '../../../src/main/admin/door.ts';
import { httpStatusOf, isErrorCode } from '../../../src/main/admin/errors.ts';
import { pageOfAll } from '../../../src/main/admin/page.ts';
import type { Store } from '../../../src/main/application/ports/store.ts';
import { pkcsReq } from '../../support/forge.ts';
import { ADMIN, type Office, openOffice } from '../../support/office.ts';
import { memoryStore } from '../../support/memoryStore.ts';
import { TEST_PASSPHRASE, openTestKeys } from '../../support/testKeys.ts';

let office: Office;
afterEach(() => office.close());

describe('the admin door', () => {
  it('refuses what needs keys while the vault is locked, and goes on reading and refusing', async () => {
    office = await openOffice();
    await office.ask(pkcsReq({ recipient: office.scepCertificate }));
    const door = createAdminDoor(office.deps);
    const [request] = await office.requests('pending');
    await door.call('vault.lock', {}, ADMIN);
    const locked = { ok: false, error: { code: 'locked', hint: expect.any(String) } };
    expect(await door.call('authorities.create', { commonName: 'New' }, ADMIN)).toMatchObject(locked);
    expect(await door.call('challenges.create', {}, ADMIN)).toMatchObject(locked);
    expect(await door.call('requests.approve', { id: request!.id, version: request!.version }, ADMIN)).toMatchObject(locked);
    expect(await door.call('requests.get', { id: request!.id }, ADMIN)).toMatchObject({ ok: true, value: { preview: { kind: 'locked' } } });
    expect(await door.call('requests.refuse', { id: request!.id, version: request!.version }, ADMIN)).toMatchObject({ ok: true, value: { state: 'refused' } });
    expect(await door.call('status.get', {}, ADMIN)).toMatchObject({ ok: true, value: { state: 'locked', notices: [{ code: 'vault-locked' }, { code: 'no-public-base-url' }] } });
    expect(await door.call('vault.unlock', { passphrase: TEST_PASSPHRASE }, ADMIN)).toMatchObject({ ok: true, value: { state: 'open' } });
    expect(await door.call('challenges.create', {}, ADMIN)).toMatchObject({ ok: true });
  });

  it('previews what approving would issue, and approves only what was shown', async () => {
    office = await openOffice();
    await office.ask(pkcsReq({ recipient: office.scepCertificate, subject: 'O=Test, CN=printer', dnsNames: ['printer.lan'] }));
    const door = createAdminDoor(office.deps);
    const [request] = await office.requests('pending');
    expect(await door.call('requests.get', { id: request!.id }, ADMIN)).toMatchObject({
      ok: true,
      value: { preview: { kind: 'plan', subject: 'O=Test, CN=printer', subjectAltNames: ['DNS:printer.lan'], extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'] } },
    });
    const shown = { id: request!.id, version: request!.version, spkiSha256: '0'.repeat(64) };
    expect(await door.call('requests.approve', shown, ADMIN)).toMatchObject({ ok: false, error: { code: 'not-what-was-shown' } });
    expect(await door.call('requests.approve', { ...shown, version: 99, spkiSha256: request!.fingerprints.spkiSha256 }, ADMIN)).toMatchObject({ ok: false, error: { code: 'stale-version' } });
    expect(await door.call('requests.approve', { ...shown, spkiSha256: request!.fingerprints.spkiSha256 }, ADMIN)).toMatchObject({ ok: true, value: { state: 'issued', certificateId: expect.any(String) } });
  });

  it('says which groups of a printed fingerprint differ', async () => {
    office = await openOffice();
    await office.ask(pkcsReq({ recipient: office.scepCertificate }));
    const door = createAdminDoor(office.deps);
    const [request] = await office.requests('pending');
    const wrong = `00${request!.fingerprints.sha256.slice(2)}`.replace(/^00/, request!.fingerprints.sha256.startsWith('00') ? 'ff' : '00');
    expect(await door.call('requests.match', { text: wrong, id: request!.id }, ADMIN)).toMatchObject({ ok: true, value: { outcome: 'mismatch', differingGroups: [1], text: '1 of 16 groups differ: 1st.' } });
    const printed = (request!.fingerprints.sha256.toUpperCase().match(/../g) ?? []).join(':');
    expect(await door.call('requests.match', { text: printed }, ADMIN)).toMatchObject({ ok: true, value: { outcome: 'match', digest: 'sha256', request: { id: request!.id } } });
    expect(await door.call('requests.match', { text: 'no digest at all' }, ADMIN)).toMatchObject({ ok: true, value: { outcome: 'unreadable', request: null } });
  });

  it('logs a bug under an id and tells the caller nothing but the id', async () => {
    office = await openOffice();
    const logged: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
    const broken: Store = { ...office.store, read: { ...office.store.read, countRequests: () => Promise.reject(new Error('disk /secret/path is on fire')) } };
    const door = createAdminDoor({ ...office.deps, store: broken, log: (_level, event, fields = {}) => void logged.push({ event, fields }) });
    const reply = await door.call('status.get', {}, ADMIN);
    expect(reply).toMatchObject({ ok: false, error: { code: 'internal' } });
    const { id } = logged.find(({ event }) => event === 'admin.bug')!.fields;
    expect(reply.ok ? '' : reply.error.message).toContain(String(id));
    expect(JSON.stringify(reply)).not.toContain('secret');
  });

  it('lets the verbs of the vault take turns: of two first runs at once only one makes a vault', async () => {
    office = await openOffice({ authority: 'none' });
    const keys = await openTestKeys({ vault: 'empty' });
    const store = memoryStore();
    const door = createAdminDoor({ ...office.deps, store, vault: keys.vault, secrets: keys.secrets, signers: keys.signers });
    const first = { kind: 'passphrase', passphrase: 'the first passphrase' };
    const replies = await Promise.all([door.call('vault.initialize', first, ADMIN), door.call('vault.initialize', { ...first, passphrase: 'the second passphrase' }, ADMIN)]);
    expect(replies).toMatchObject([{ ok: true }, { ok: false, error: { code: 'already-initialised' } }]);
    await door.call('vault.lock', {}, ADMIN);
    expect(await door.call('vault.unlock', { passphrase: 'the second passphrase' }, ADMIN)).toMatchObject({ ok: false, error: { code: 'wrong-passphrase' } });
    expect(await door.call('vault.unlock', { passphrase: 'the first passphrase' }, ADMIN)).toMatchObject({ ok: true });
    await keys.close();
  });
});

describe('the error table', () => {
  it('knows every code that a use case refuses with', async () => {
    office = await openOffice({ authority: 'none' });
    const folder = new URL('../../../src/main/application/', import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(new URL(name, folder), 'utf8'));
    // A refusal carries a message; audit events have a code too, but a subject instead.
    const codes = sources.flatMap((source) => [...source.matchAll(/code: '([a-z0-9-]+)',\s*message:/g)].map((match) => match[1] ?? ''));
    expect(codes.length).toBeGreaterThan(30);
    expect([...new Set(codes)].filter((code) => !isErrorCode(code))).toEqual([]);
  });

  it('gives each kind of refusal its HTTP status', async () => {
    office = await openOffice({ authority: 'none' });
    expect(['invalid-input', 'not-found', 'stale-version', 'locked', 'wrong-passphrase', 'internal', 'csr-ca'].map(httpStatusOf)).toEqual([400, 404, 409, 423, 403, 500, 409]);
  });
});

describe('paging of small lists', () => {
  const items = ['alpha', 'beta', 'gamma', 'alphabet'];
  const page = (query: { readonly query?: string; readonly limit: number; readonly cursor?: string }) => pageOfAll(items, query, (item) => item, (item) => item);

  it('gives every item once, page after page, and the true total', async () => {
    office = await openOffice({ authority: 'none' });
    const first = page({ limit: 3 });
    expect(first).toEqual({ items: ['alpha', 'beta', 'gamma'], nextCursor: 'gamma', total: 4 });
    expect(page({ limit: 3, cursor: first.nextCursor! })).toEqual({ items: ['alphabet'], total: 4 });
    expect(page({ limit: 9, query: 'ALPHA bet' })).toEqual({ items: ['alphabet'], total: 1 });
  });
});
