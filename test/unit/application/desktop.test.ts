import { afterEach, describe, expect, it } from 'vitest';
import { createAdminDoor } from '../../../src/main/admin/door.ts';
import type { Desktop, FileToSave } from '../../../src/main/application/ports/desktop.ts';
import { err, ok } from '../../../src/main/core/lib/result.ts';
import { ADMIN, type Office, openOffice } from '../../support/office.ts';

let office: Office;
afterEach(() => office.close());

const entries = async () => (await office.audit()).filter(({ subject }) => subject === 'desktop').map(({ action, outcome, code, detail }) => ({ action, outcome, code, detail }));

async function onDesktop(overrides: Partial<Desktop> = {}) {
  office = await openOffice({ authority: 'none' });
  const saved: FileToSave[] = [];
  let atLogin = false;
  const desktop: Desktop = {
    available: true,
    platform: 'darwin',
    startAtLogin: () => Promise.resolve(atLogin),
    setStartAtLogin: (on) => {
      atLogin = on;
      return Promise.resolve(ok(undefined));
    },
    saveFile: (file) => {
      saved.push(file);
      return Promise.resolve(ok('/home/ada/ca.cer'));
    },
    ...overrides,
  };
  const door = createAdminDoor({ ...office.deps, desktop });
  return { saved, ask: (channel: string, input: unknown = {}) => door.call(channel, input, ADMIN) };
}

describe('without a desktop shell', () => {
  it('says so, and refuses what only one can do', async () => {
    office = await openOffice({ authority: 'none' });
    const door = createAdminDoor(office.deps);
    expect(await door.call('desktop.get', {}, ADMIN)).toEqual({ ok: true, value: { available: false, platform: 'linux', startAtLogin: false } });
    const refused = { ok: false, error: { code: 'only-on-desktop', message: 'Only the desktop app can do this.' } };
    expect(await door.call('desktop.configure', { startAtLogin: true }, ADMIN)).toMatchObject(refused);
    expect(await door.call('desktop.saveFile', { name: 'a.cer', mediaType: 'application/pkix-cert', base64: 'AA==' }, ADMIN)).toMatchObject(refused);
    expect(await entries()).toEqual([]);
  });
});

describe('on the desktop', () => {
  it('start at login is set once and audited with what it was', async () => {
    const { ask } = await onDesktop();
    expect(await ask('desktop.configure', { startAtLogin: true })).toEqual({ ok: true, value: { available: true, platform: 'darwin', startAtLogin: true } });
    expect(await ask('desktop.configure', { startAtLogin: true })).toMatchObject({ ok: true });
    expect(await ask('desktop.get')).toMatchObject({ value: { startAtLogin: true } });
    expect(await entries()).toEqual([{ action: 'desktop.configure', outcome: 'ok', code: 'done', detail: { startAtLogin: true, startAtLoginBefore: false } }]);
  });

  it('what the system does not take is told in its words, and audited as failed', async () => {
    const { ask } = await onDesktop({ setStartAtLogin: () => Promise.resolve(err('The folder ~/.config/autostart cannot be written.')) });
    expect(await ask('desktop.configure', { startAtLogin: true })).toMatchObject({ ok: false, error: { code: 'desktop-failed', message: 'The folder ~/.config/autostart cannot be written.' } });
    expect(await entries()).toMatchObject([{ outcome: 'failed', code: 'desktop-failed' }]);
  });

  it('a file goes to the dialog as it is, under a plain name', async () => {
    const { ask, saved } = await onDesktop();
    const save = (name: string, base64 = 'AQID') => ask('desktop.saveFile', { name, mediaType: 'application/pkix-cert', base64 });
    expect(await save('ca.cer')).toEqual({ ok: true, value: { path: '/home/ada/ca.cer' } });
    for (const name of ['../../.bashrc', 'C:\\Windows\\evil.dll', '/etc/passwd', '..', 'a:b?.pem']) await save(name);
    expect(saved.map(({ name }) => name)).toEqual(['ca.cer', 'bashrc', 'evil.dll', 'passwd', 'file', 'a-b-.pem']);
    expect(saved[0]?.bytes).toEqual(new Uint8Array([1, 2, 3]));
    expect(await save('ca.cer', 'A')).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
  });

  it('a cancelled dialog is no error, and a failed one is told', async () => {
    const file = { name: 'a', mediaType: 'text/plain', base64: '' };
    expect(await (await onDesktop({ saveFile: () => Promise.resolve(ok(null)) })).ask('desktop.saveFile', file)).toEqual({ ok: true, value: { path: null } });
    await office.close();
    expect(await (await onDesktop({ saveFile: () => Promise.resolve(err('The disk is full.')) })).ask('desktop.saveFile', file)).toMatchObject({ ok: false, error: { code: 'desktop-failed', message: 'The disk is full.' } });
  });
});
