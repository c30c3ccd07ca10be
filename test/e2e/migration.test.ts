/**
 * A CA that openssl ran comes in by the window's first run: the dry run first, then the import, and a device that openssl enrolled renews. It goes out
 * again with its key, which openssl opens; and another CA is brought in later, with what cannot come named by its reason.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HTTP_ERRORS } from '../support/browser.ts';
import { type FormerCa, makeOpensslCa } from '../support/formerCas.ts';
import { makeFolder, mustRun } from '../support/interopPrograms.ts';
import { keyFromPem } from '../support/keys.ts';
import { needs } from '../support/optional.ts';
import { must, openDevice } from '../support/seedDevice.ts';
import { SERVER_PASSPHRASE } from '../support/server.ts';
import { openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium', 'openssl');
if (!available) itNeeding('brings an openssl CA in by the window', () => undefined);

describe.skipIf(!available)('a CA of openssl', () => {
  const current = useWindow(() => openWindow());
  const folder = makeFolder();
  afterAll(folder.remove);
  let former: FormerCa;
  beforeAll(async () => {
    former = await makeOpensslCa(folder.path);
  }, 60_000);
  const press = (name: string): Promise<void> => current().page.getByRole('button', { name, exact: true }).click();
  const shows = (text: string | RegExp): Promise<void> => current().page.getByRole('main').getByText(text).first().waitFor();
  const title = (name: string): Promise<void> => current().page.getByRole('heading', { level: 1, name }).waitFor();
  const giveFolder = async (path: string): Promise<void> => current().page.locator('input[data-folder]').setInputFiles(path);

  it('is shown by a dry run before anything is stored', async () => {
    const { page, call } = current();
    await page.getByRole('radio', { name: /^A CA that I already have/ }).check();
    await press('Continue');
    await title('Bring the CA that you have');
    await giveFolder(former.folder);
    await shows(/index\.txt/);

    // Without its passphrase the key does not open, and the dry run says so.
    await press('Try it out first');
    await title('This would come in');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('button', { name: 'Import the CA' }).isDisabled()).toBe(true);
    await press('Back to the files');
    await page.getByLabel('Passphrase of the files').fill(former.passphrase);
    await press('Try it out first');
    await page.getByRole('region', { name: 'The CA' }).getByText(former.commonName, { exact: true }).waitFor();
    const comesIn = page.getByRole('region', { name: 'Comes in' });
    expect((await comesIn.getByRole('listitem').allInnerTexts()).map((line) => line.replace(/\s+/g, ' '))).toEqual([
      '4 certificates',
      '2 valid, and can renew',
      '1 on hold',
      '1 revoked',
      '1 revocation without its certificate: its serial stays on the CRL',
    ]);
    expect((await call('authorities.list')).total).toBe(0);
  }, 60_000);

  it('comes in, and a device that it enrolled renews', async () => {
    const { page, call } = current();
    await press('Import the CA');
    await title('Your CA is imported');
    await shows('4 certificates came in: 2 valid, one on hold and one revoked. One more revocation is known by its serial alone.');
    expect(await page.content()).not.toContain(former.passphrase);
    expect((await call('certificates.list', { state: 'valid' })).total).toBe(2);

    const [old] = former.devices;
    if (old === undefined) throw new Error('openssl enrolled no device');
    const { scepUrl } = await call('status.get');
    const device = await openDevice(scepUrl ?? '', { subject: `O=Test,CN=${old.name}`, key: keyFromPem(readFileSync(old.keyFile, 'utf8')), certificate: new X509Certificate(readFileSync(old.certificateFile)).raw });
    const { certificates } = await must('SUCCESS', device.renew());
    const renewed = folder.at('renewed.der');
    writeFileSync(renewed, certificates[0] ?? new Uint8Array(0));
    expect((await mustRun('openssl', ['verify', '-CAfile', former.caFile, renewed])).toString()).toContain('OK');
  }, 60_000);

  it('goes out again with its key, armed and under a passphrase of its own', async () => {
    const { page, call, origin } = current();
    const [authority] = (await call('authorities.list')).items;
    await page.goto(`${origin}/#/authorities/${authority?.id ?? ''}/out`);
    await page.getByRole('radio', { name: 'With the key', exact: true }).check();
    expect(await page.getByRole('button', { name: 'Export with the key' }).count()).toBe(0);
    await page.getByLabel('Passphrase of the exported key', { exact: true }).fill('a key for the road');
    await page.getByLabel('Passphrase of the exported key, once more').fill('a key for the road');
    await page.getByLabel('Passphrase of the vault').fill(SERVER_PASSPHRASE);
    await press('Export with the key');
    const [download] = await Promise.all([page.waitForEvent('download'), press('Take the key out')]);
    await shows(/is written, with the key$/);
    const tar = folder.at('out.tar');
    await download.saveAs(tar);
    await mustRun('tar', ['-xf', tar, '-C', folder.path]);
    const key = (await mustRun('tar', ['-tf', tar])).toString().split('\n').find((name) => name.endsWith('private/cakey.pem'));
    expect((await mustRun('openssl', ['pkey', '-in', join(folder.path, key ?? ''), '-passin', 'pass:a key for the road', '-noout', '-text'])).toString()).toContain('2048 bit');
    expect(await page.content()).not.toContain('a key for the road');
    expect((await call('audit.list', { query: 'migration.export' })).items[0]).toMatchObject({ outcome: 'ok' });
  }, 60_000);

  it('is joined by another one, and what cannot come is named, grouped by its reason', async () => {
    const { page, origin } = current();
    current().forgive(HTTP_ERRORS);
    const second = makeFolder();
    try {
      const other = await makeOpensslCa(second.path, 'Branch CA');
      // Certificates of the first one in the folder of the second, and a file that is nothing.
      for (const { name, certificateFile } of former.devices) writeFileSync(join(other.folder, 'newcerts', `${name}.pem`), readFileSync(certificateFile));
      writeFileSync(join(other.folder, 'notes.bin'), 'nothing of a CA');
      await page.goto(`${origin}/#/authorities`);
      await press('Bring in another CA');
      await giveFolder(other.folder);
      await page.getByLabel('Passphrase of the files').fill(other.passphrase);
      await press('Try it out first');
      await page.getByRole('region', { name: 'The CA' }).getByText('Branch CA', { exact: true }).waitFor();
      await page.getByRole('region', { name: 'Stays out' }).getByText('certificates that this CA did not issue').waitFor();
      const left = page.getByRole('region', { name: 'Left out, and why' });
      await left.getByText('certificates of another CA').click();
      await left.getByText('newcerts/old1.pem').waitFor();
      await press('Import the CA');
      await title('The CA is imported');
      await shows(/^Branch CA is here, with its key$/);
      await press('Open the authority');
      await title('Branch CA');
    } finally {
      second.remove();
    }
  }, 90_000);
});
