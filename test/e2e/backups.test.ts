/** Backups in the window: a schedule, the danger when one fails, and one that is made by hand and proven. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/optional.ts';
import { createAuthority, openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('makes and schedules backups', () => undefined);

const PASSPHRASE = 'four unrelated words';

describe.skipIf(!available)('backups', () => {
  const current = useWindow(() => openWindow({ seed: createAuthority }));
  const section = () => current().page.getByRole('region', { name: 'Backups', exact: true });

  it('are scheduled, and one that fails is a danger', async () => {
    const { page, call, server } = current();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await page.keyboard.press('ControlOrMeta+,');
    await section().getByText('There is no proven backup').waitFor();
    writeFileSync(join(server.dataDir, 'backups'), 'in the way');
    await section().getByRole('button', { name: 'Schedule backups' }).click();
    const form = section().getByRole('form', { name: 'Scheduled backups' });
    await form.getByLabel('A backup every').fill('1');
    await form.getByLabel('Passphrase of scheduled backups', { exact: true }).fill(PASSPHRASE);
    await form.getByLabel('Passphrase of scheduled backups, once more').fill(PASSPHRASE);
    await form.getByRole('button', { name: 'Schedule backups' }).click();
    await section().getByText('One is made every day while the vault is open').waitFor();

    // A round follows each unlock.
    await call('vault.lock');
    await call('vault.unlock', { passphrase: 'correct horse battery staple' });
    await section().getByText('The last scheduled backup failed').waitFor();
    expect((await call('status.get')).notices).toContainEqual(expect.objectContaining({ code: 'backup-failed', severity: 'danger' }));
    rmSync(join(server.dataDir, 'backups'));
    await call('backups.schedule', { everyDays: 0 });
  }, 60_000);

  it('are made in the window and shown as proven, with a recovery sheet', async () => {
    const { page, call } = current();
    await section().getByText('There is no proven backup').waitFor();
    await section().getByRole('button', { name: 'Make a backup now' }).click();
    const make = section().getByRole('button', { name: 'Make and prove the backup' });
    await section().getByLabel('Passphrase of this backup', { exact: true }).fill(PASSPHRASE);
    expect(await make.isDisabled()).toBe(true);
    await section().getByLabel('Passphrase of this backup, once more').fill(PASSPHRASE);
    await make.click();
    await section().getByText('a trial restore has proven it').waitFor();
    await section().getByText('Read the recovery sheet').click();
    const sheet = await section().getByLabel('Recovery sheet').innerText();
    expect(sheet).toContain('Office CA');
    expect(await page.content()).not.toContain(PASSPHRASE);
    await section().getByRole('button', { name: 'Close' }).click();
    const { items } = await call('backups.list');
    expect(items).toMatchObject([{ state: 'proven' }]);
    await section().getByRole('listitem').filter({ hasText: items[0]?.name ?? '' }).getByText('Proven').waitFor();
  }, 60_000);
});
