/** A lost CA comes back in the first run of an empty computer: what the backup holds is shown before, and the window goes on as the restored one. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HTTP_ERRORS } from '../support/browser.ts';
import { needs } from '../support/optional.ts';
import { must, openDevice } from '../support/seedDevice.ts';
import { startServer } from '../support/server.ts';
import { createAuthority, openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('restores a backup in the first run', () => undefined);

const PASSPHRASE = 'four unrelated words';
const OWN = 'another house, another key';

describe.skipIf(!available)('a restore in the first run', () => {
  const place = mkdtempSync(join(tmpdir(), 'countersign-restore-'));
  afterAll(() => rmSync(place, { recursive: true, force: true }));
  const file = join(place, 'office.countersign-backup');
  let auditKey: string | null = null;
  beforeAll(async () => {
    if (!available) return;
    const lost = await startServer({ built: true });
    await createAuthority(lost);
    await must('SUCCESS', (await openDevice(lost.scepUrl, { subject: 'CN=printer' })).enrol({ challenge: (await lost.call('challenges.create', {})).password }));
    const { base64 } = await lost.call('backups.create', { passphrase: PASSPHRASE, asFile: true });
    writeFileSync(file, Buffer.from(base64 ?? '', 'base64'));
    ({ auditKeyFingerprint: auditKey } = await lost.call('vault.status'));
    await lost.stop();
  }, 60_000);

  const current = useWindow(() => openWindow({ args: ['--vault', 'passphrase', '--rate-limit', 'off'], env: {} }));
  const press = (name: string): Promise<void> => current().page.getByRole('button', { name, exact: true }).click();
  const title = (name: string): Promise<void> => current().page.getByRole('heading', { level: 1, name }).waitFor();

  it('refuses a damaged file and a wrong passphrase, with the reason', async () => {
    const { page, forgive } = current();
    forgive(HTTP_ERRORS);
    await page.getByRole('radio', { name: 'Restore from a backup', exact: true }).check();
    await press('Continue');
    await title('Restore from a backup');
    const input = page.getByRole('group', { name: 'Backup' }).locator('input[type=file]');
    const half = join(place, 'half.countersign-backup');
    const whole = readFileSync(file);
    writeFileSync(half, whole.subarray(0, whole.length / 2));
    await input.setInputFiles(half);
    await page.getByLabel('Passphrase of the backup').fill(PASSPHRASE);
    await press('Look into the backup');
    await page.getByRole('alert').waitFor();
    await input.setInputFiles(file);
    await page.getByLabel('Passphrase of the backup').fill('something else');
    await press('Look into the backup');
    await page.getByRole('alert').filter({ hasText: /passphrase/i }).waitFor();
  }, 60_000);

  it('shows what it holds, restores it, and goes on as the restored CA', async () => {
    const { page, call, server } = current();
    await page.getByLabel('Passphrase of the backup').fill(PASSPHRASE);
    await press('Look into the backup');
    await title('This is in the backup');
    await page.getByRole('region', { name: 'What the backup holds' }).getByText(/^one authority, \d certificates/).waitFor();
    expect((await call('status.get')).state).toBe('empty');
    await page.getByRole('radio', { name: /^A passphrase/ }).check();
    await page.getByLabel('Passphrase', { exact: true }).fill(OWN);
    await page.getByLabel('Passphrase, once more').fill(OWN);
    await press('Restore it here');
    await title('Your CA is back');
    await page.getByRole('region', { name: 'What was restored' }).getByText(auditKey?.slice(0, 4) ?? '', { exact: true }).first().waitFor();
    expect(await page.content()).not.toContain(PASSPHRASE);

    await press('Open the window');
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.getByText('printer').first().waitFor();
    expect((await call('status.get')).state).toBe('ready');
    expect((await call('audit.verify')).ok).toBe(true);
    await call('vault.lock');
    await call('vault.unlock', { passphrase: OWN });
    expect(existsSync(server.dataDir)).toBe(true);
  }, 60_000);

  it('tries a backup of the list out again', async () => {
    const { page, call } = current();
    await call('backups.create', { passphrase: PASSPHRASE });
    await page.keyboard.press('ControlOrMeta+,');
    const section = page.getByRole('region', { name: 'Backups', exact: true });
    await section.getByRole('button', { name: /^Try out / }).click();
    const trial = section.getByRole('form', { name: /^Try out / });
    await trial.getByLabel('Passphrase of this backup').fill('not this one');
    await trial.getByRole('button', { name: 'Try it out' }).click();
    await trial.getByRole('alert').waitFor();
    await trial.getByLabel('Passphrase of this backup').fill(PASSPHRASE);
    await trial.getByRole('button', { name: 'Try it out' }).click();
    await section.getByText('It can be restored').waitFor();
    await section.getByText(/^one authority, \d certificates/).waitFor();
  }, 60_000);
});
