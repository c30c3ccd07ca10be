/** A rollover walked in the window while devices go on at the listener: each step, what devices get from it, and its way back. */
import { describe, expect, it } from 'vitest';
import { needs } from '../support/optional.ts';
import { type SeedDevice, must, openDevice } from '../support/seedDevice.ts';
import { createAuthority, openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('walks a rollover', () => undefined);

const PASSPHRASE = 'four unrelated words';

/** Twenty devices; of them, five fetch the next CA and three renew under it. */
const NAMES = ['gate', 'printer', 'camera', 'switch', 'phone', ...Array.from({ length: 15 }, (_, i) => `sensor-${i + 1}`)];
const FETCH = [0, 1, 5, 6, 7];
const RENEW = [2, 8, 9];

describe.skipIf(!available)('a rollover', () => {
  const current = useWindow(() => openWindow({ seed: createAuthority }));
  const devices: SeedDevice[] = [];
  const region = (name: string | RegExp) => current().page.getByRole('region', { name, exact: typeof name === 'string' });
  const station = () => current().page.getByRole('list', { name: 'Where the rollover stands' }).locator('[aria-current=step]').innerText();
  const capabilities = () => device(0).client.capabilities();
  const device = (index: number): SeedDevice => {
    const found = devices[index];
    if (found === undefined) throw new Error(`there is no device ${index}`);
    return found;
  };
  const confirm = async (first: string, second: string): Promise<void> => {
    const { page } = current();
    await page.getByRole('button', { name: first, exact: true }).click();
    await page.getByRole('group').getByRole('button', { name: second, exact: true }).click();
  };
  /** What the CA says that its generation to come is given out as. */
  const nextRecipient = async (): Promise<Uint8Array> => {
    const { items } = await current().call('authorities.list');
    const { certificate } = await current().call('rollover.preview', { authorityId: items[0]?.id ?? '' });
    return Buffer.from((certificate?.pem ?? '').replace(/-----[^-]+-----|\s/g, ''), 'base64');
  };

  it('begins with a preview; staging can be withdrawn', async () => {
    const { page, call, origin } = current();
    const { scepUrl } = await call('status.get');
    for (const [i, name] of NAMES.entries()) {
      const made = await openDevice(scepUrl ?? '', { subject: `CN=${name}.example.lan`, host: 10 + i });
      await must('SUCCESS', made.enrol({ challenge: (await call('challenges.create')).password }));
      devices.push(made);
    }
    await call('backups.schedule', { everyDays: 30, passphrase: PASSPHRASE });
    const { id } = (await call('authorities.list')).items[0] ?? { id: '' };
    await page.goto(`${origin}/#/authorities/${id}/rollover`);
    await region('Next step: stage the next generation').getByText('A backup is made and proven before this step').waitFor();
    expect(await station()).toContain('Nothing staged');
    await region('What devices will be given').getByText('Chosen as it is made').waitFor();
    expect(await page.getByLabel('Takes over').getAttribute('title')).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC$/);

    await page.getByRole('button', { name: 'Stage it' }).click();
    await page.getByText('The next generation is staged', { exact: true }).first().waitFor();
    await page.getByText('A backup was made and proven before it').waitFor();
    // Each further step would make one too, which is what takes long.
    await call('backups.schedule', { everyDays: 0 });
    await page.getByText('No backup is made before this step').waitFor();
    expect(await station()).toContain('Staged');
    expect(await capabilities()).not.toContain('GetNextCACert');
    await confirm('Withdraw the generation', 'Withdraw');
    await region('Next step: stage the next generation').waitFor();
    expect(await station()).toContain('Nothing staged');
    await page.getByRole('button', { name: 'Stage it' }).click();
    await region(/^Next step: publish/).waitFor();
  }, 120_000);

  it('tells devices of the next CA when it is published, and no longer when that is withdrawn', async () => {
    const { page } = current();
    await page.getByRole('button', { name: 'Publish it' }).click();
    await region('Who knows the new CA').waitFor();
    expect(await capabilities()).toContain('GetNextCACert');
    await confirm('Withdraw the publication', 'Withdraw');
    await region(/^Next step: publish/).waitFor();
    expect(await capabilities()).not.toContain('GetNextCACert');
    expect((await device(0).client.query('GetNextCACert')).status).toBe(404);
    await page.getByRole('button', { name: 'Publish it' }).click();
    await region('Who knows the new CA').waitFor();
    await page.getByRole('tab', { name: 'GetNextCACert' }).click();
    await region('What devices will be given').getByText('Served now').waitFor();
  }, 60_000);

  it('shows who follows: five fetched, three renewed under it, the others have not', async () => {
    const { page, call } = current();
    for (const index of FETCH) expect((await device(index).client.query('GetNextCACert')).contentType).toBe('application/x-x509-next-ca-cert');
    const recipient = await nextRecipient();
    for (const index of RENEW) await must('SUCCESS', device(index).renew({ recipient }));
    // What the next CA issues before its day begins on that day.
    const renewed = (await call('certificates.list', { query: 'camera.example.lan' })).items.find(({ generation }) => generation > 1);
    const { generations } = await call('rollover.status', { authorityId: renewed?.authorityId ?? '' });
    expect(renewed?.notBefore).toBe(generations.find(({ state }) => state === 'next')?.activateAt);
    await page.reload();
    const adoption = region('Who knows the new CA');
    await adoption.getByText('8 of 20 devices know the new CA').waitFor();
    const table = adoption.getByRole('table', { name: 'Devices by what they know' });
    expect((await table.getByRole('row').allInnerTexts()).map((row) => row.replace(/\s+/g, ' '))).toEqual([
      expect.stringContaining('Standing'),
      expect.stringMatching(/Renewed 3 15 %/),
      expect.stringMatching(/Fetched 5 25 %/),
      expect.stringMatching(/Seen \d/),
      expect.stringMatching(/Silent \d/),
    ]);
    await adoption.getByRole('radio', { name: /^Renewed/ }).check({ force: true });
    const row = adoption.getByRole('grid', { name: 'Devices' }).getByRole('row').filter({ hasText: 'camera.example.lan' });
    await row.waitFor();
    await adoption.getByRole('grid', { name: 'Devices' }).getByText('gate.example.lan').waitFor({ state: 'detached' });
    await row.click();
    await page.getByRole('heading', { name: 'camera.example.lan' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await region('Coming up').getByText('12 of 20 devices do not know it yet').waitFor();
    await page.goBack();
  }, 60_000);

  it('takes over, is undone while nothing was issued since, and takes over again', async () => {
    const { page, call } = current();
    await confirm('Take over now', 'Take over now');
    await region(/^Next step: retire/).waitFor();
    expect(await station()).toContain('Overlap');
    expect(await capabilities()).not.toContain('GetNextCACert');
    await confirm('Undo the takeover', 'Undo it');
    await region(/^Next step: let generation/).waitFor();
    expect(await station()).toContain('Published');
    await confirm('Take over now', 'Take over now');
    await region(/^Next step: retire/).waitFor();

    const again = await openDevice((await call('status.get')).scepUrl ?? '', { subject: device(3).subject, key: device(3).key, certificate: device(3).certificate(), host: 13 });
    await must('SUCCESS', again.renew());
    await page.reload();
    await region('Take it back').getByText('The takeover cannot be undone').waitFor();
    expect(await page.getByRole('button', { name: 'Undo the takeover' }).count()).toBe(0);
  }, 60_000);

  it('makes link certificates, and ends with the retirement, which can be undone', async () => {
    const { page, call } = current();
    await page.getByRole('button', { name: 'Make the link certificates' }).click();
    await region('Bridges between the generations').getByRole('list', { name: 'Link certificates' }).getByRole('listitem').first().waitFor();
    await page.getByRole('button', { name: /^Retire generation/ }).click();
    await page.getByRole('group').getByRole('button', { name: /^Retire generation/ }).click();
    await region('Next step: stage the next generation').waitFor();
    expect(await station()).toContain('Nothing staged');
    await confirm('Undo the retirement', 'Bring it back');
    await region(/^Next step: retire/).waitFor();
    // One whose certificate is by the former generation still renews.
    const late = await openDevice((await call('status.get')).scepUrl ?? '', { subject: device(4).subject, key: device(4).key, certificate: device(4).certificate(), host: 14 });
    await must('SUCCESS', late.renew());
    expect((await call('audit.verify')).ok).toBe(true);
  }, 60_000);
});
