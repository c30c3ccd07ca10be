/**
 * The courier walk in two windows: the signing machine and the listener are paired by files and compared fingerprints, three devices ask at the listener,
 * the signing machine decides, and the devices get their answers at the listener, which never had the CA key.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { HTTP_ERRORS, type Page } from '../support/browser.ts';
import { needs } from '../support/optional.ts';
import { type SeedDevice, must, openDevice } from '../support/seedDevice.ts';
import { type HeadlessWindow, openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('carries requests and certificates between two windows', () => undefined);

const stick = mkdtempSync(join(tmpdir(), 'countersign-stick-'));
afterAll(() => rmSync(stick, { recursive: true, force: true }));

/** What a click writes onto the stick. */
async function written(page: Page, press: () => Promise<unknown>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  const path = join(stick, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

const give = (page: Page, label: string | RegExp, path: string): Promise<void> => page.getByRole('group', { name: label }).locator('input[type=file]').setInputFiles(path);
const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
/** Beside the announcements, which say the same to ears. */
const shows = (page: Page, text: string | RegExp): Promise<void> => page.getByRole('main').getByText(text).first().waitFor();
const goTo = async ({ page, origin }: HeadlessWindow, path: string): Promise<void> => {
  await page.getByRole('navigation').first().waitFor();
  await page.goto(`${origin}/#${path}`);
};

describe.skipIf(!available)('the courier', () => {
  const signer = useWindow(() => openWindow({ seed: ({ call }) => call('authorities.create', { commonName: 'Vault CA', key: 'p256' }) }));
  const listener = useWindow(() => openWindow());
  const devices: SeedDevice[] = [];

  it('pairs the two machines in four steps, and only after the fingerprints were compared', async () => {
    const there = signer().page;
    const here = listener().page;
    await goTo(signer(), '/courier');
    await press(there, 'Continue');
    await there.getByLabel('Name of this machine').fill('Safe');
    const invitation = await written(there, () => press(there, 'Write the invitation'));
    const safe = (await signer().call('courier.status')).links[0]?.own.fingerprint ?? '';
    await there.getByRole('region', { name: 'Fingerprint of Safe' }).getByText(safe.slice(0, 4), { exact: true }).first().waitFor();

    // A computer without a CA leads from its first run to the courier.
    await here.getByRole('radio', { name: /^Listen for a CA/ }).check();
    await press(here, 'Continue');
    await press(here, 'Take the invitation');
    await give(here, 'Invitation', invitation);
    const field = here.getByLabel('What Safe shows as its fingerprint');
    await field.fill(`${safe.slice(0, 8)}0000${safe.slice(12)}`);
    await press(here, 'Compare');
    await shows(here, '1 of 16 groups differs: the 3rd.');
    expect(await here.getByRole('button', { name: 'Accept and write the acceptance' }).count()).toBe(0);
    await field.fill(safe.toUpperCase().replace(/(..)(?=.)/g, '$1:'));
    await field.press('Enter');
    await shows(here, 'It matches.');
    await here.getByLabel('Name of this machine').fill('Front desk');
    const acceptance = await written(here, () => press(here, 'Accept and write the acceptance'));
    await here.getByRole('heading', { name: 'Pairing for Vault CA' }).waitFor();

    // By eye: each line is ticked.
    await give(there, 'Acceptance', acceptance);
    await press(there, 'Compare by eye instead');
    const confirm = there.getByRole('button', { name: 'Pair and write the certificates' });
    for (const line of [1, 2, 3]) await there.getByRole('checkbox', { name: new RegExp(`Line ${line} is the same`) }).check();
    expect(await confirm.count()).toBe(0);
    await there.getByRole('checkbox', { name: /Line 4 is the same/ }).check();
    const first = await written(there, () => confirm.click());
    await give(here, 'File from Safe', first);
    await shows(here, 'This machine can listen now');
    expect((await listener().call('courier.status')).links).toMatchObject([{ role: 'listener', state: 'paired', authority: 'Vault CA' }]);
  }, 90_000);

  it('carries three requests out, and the window says that they wait', async () => {
    const { page, call } = listener();
    const { scepUrl } = await call('status.get');
    for (const name of ['printer', 'camera', 'phone']) {
      const device = await openDevice(scepUrl ?? '', { subject: `CN=${name}` });
      devices.push(device);
      await must('PENDING', device.enrol());
    }
    await page.getByRole('heading', { name: /^3 requests.* for the courier$/ }).waitFor();
    await page.getByRole('link', { name: /^Courier/ }).getByText('3', { exact: false }).waitFor();
    const requests = await written(page, () => press(page, 'Write the file for the signing machine'));
    await shows(page, /It carries 3 requests/);

    const there = signer().page;
    await give(there, 'File from Front desk', requests);
    await shows(there, /^3 new requests/);
    await press(there, 'See the 3 requests that wait');
    await shows(there, /Came by courier from Front desk/);
    expect(await there.getByRole('link', { name: /via Front desk/ }).count()).toBe(3);
  }, 60_000);

  it('decides at the signing machine and carries the answers back', async () => {
    const { page, call } = signer();
    const one = async (name: string) => {
      const found = (await call('requests.list', { query: name })).items[0];
      if (found === undefined) throw new Error(`${name} did not come`);
      return { id: found.id, version: found.version, spkiSha256: found.spkiSha256 };
    };
    await call('requests.approve', await one('printer'));
    await call('requests.refuse', { ...(await one('camera')), reason: 'Not one of ours.' });
    await goTo(signer(), '/courier');
    await page.getByRole('heading', { name: 'One request to decide and 2 answers to carry back' }).waitFor();
    const certificates = await written(page, () => press(page, 'Write certificates'));
    await shows(page, /It carries one certificate, one refusal and CRL \d+\. One request that is still undecided stays here/);

    const here = listener().page;
    await give(here, 'File from Safe', certificates);
    await here.getByText(/^One certificate, one refusal and CRL \d+; one request is still undecided there\.$/).waitFor();
    const refused = here.getByRole('list', { name: 'Refused' });
    await refused.getByRole('link', { name: 'camera' }).waitFor();
    await refused.getByText('Not one of ours.').waitFor();
    await must('SUCCESS', devices[0]?.poll() ?? Promise.reject(new Error('no printer')));
    await must('FAILURE', devices[1]?.poll() ?? Promise.reject(new Error('no camera')));
    await must('PENDING', devices[2]?.poll() ?? Promise.reject(new Error('no phone')));

    // The same file once more, and an older one.
    await give(here, 'File from Safe', certificates);
    await shows(here, 'This very file was taken in before');
  }, 60_000);

  it('says what a wrong file is', async () => {
    const { page } = listener();
    listener().forgive(HTTP_ERRORS);
    const own = await written(page, () => press(page, 'Write the file for the signing machine'));
    await give(page, 'File from Safe', own);
    await page.getByRole('alert').getByText('Take it to the other machine.').waitFor();
    await shows(page, 'Nothing was changed here.');
  }, 60_000);
});
