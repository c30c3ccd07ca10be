/** The heart of the product in both windows: a real client asks, its request appears by itself, is matched, approved, and the client's poll gets the certificate. */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { verify } from '../support/interopOpenssl.ts';
import { needs } from '../support/optional.ts';
import { type PkiFolder, openPkiFolder } from '../support/pkiClient.ts';
import { createAuthority, useWindow } from '../support/window.ts';
import { WINDOWS } from '../support/windows.ts';

const { available, describe: describeNeeding, it } = needs('chromium', 'pki', 'openssl');

describe.each(available ? WINDOWS : [])('in $name', ({ open }) => {
  const current = useWindow(() => open({ seed: createAuthority }));
  let devices: PkiFolder;
  beforeAll(async () => {
    const { scepUrl } = await current().call('status.get');
    devices = await openPkiFolder(scepUrl ?? '');
  });
  afterAll(() => devices?.remove());

  it('an enrolment appears live, is matched, is approved with A and Enter, and reaches the device', async () => {
    const { page } = current();
    await page.getByText('Nothing waits for you').waitFor();
    const device = await devices.enrol('gate.test');
    await page.getByRole('heading', { name: 'gate.test' }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: /^Requests 1 waiting/ }).count()).toBe(1);

    const matcher = page.getByRole('textbox', { name: 'What the device shows' });
    await matcher.fill(device.printed.replace(/^../, (first) => (first === '00' ? '11' : '00')));
    await matcher.press('Enter');
    await page.getByText('It does not match.').waitFor();
    await matcher.fill(device.printed);
    await matcher.press('Enter');
    await page.getByText('It matches.').waitFor();

    await page.getByRole('heading', { name: 'gate.test' }).focus();
    await page.keyboard.press('a');
    await page.getByRole('button', { name: /^Sign it/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Nothing waits for you').waitFor();
    const { code, said, certificateFile } = await device.done;
    expect([code, said]).toEqual([0, expect.stringContaining('Issued certificate is trusted')]);
    expect((await verify(devices.caFile, certificateFile)).code).toBe(0);
    const { items } = await current().call('audit.list', { query: 'request' });
    expect(items.map(({ action }) => action)).toEqual(expect.arrayContaining(['request.match', 'request.approve']));
  }, 60_000);

  it('a refusal is taken back before the device hears of it, and then approved', async () => {
    const { page, call } = current();
    const device = await devices.enrol('camera.test');
    await page.getByRole('heading', { name: 'camera.test' }).waitFor();
    await page.getByRole('heading', { name: 'camera.test' }).focus();
    await page.keyboard.press('r');
    await page.getByRole('textbox', { name: 'Why is camera.test refused?' }).fill('Not in the inventory');
    await page.keyboard.press('Enter');
    // A device polls once a second: whoever wants it back has to be quicker, or hears that it is too late.
    const undo = page.getByRole('button', { name: 'Undo' });
    await undo.click();
    const outcome = page.getByRole('button', { name: /^Approve/ }).or(page.getByText('the device was told', { exact: false }));
    await outcome.first().waitFor();
    const [request] = (await call('requests.list', { query: 'camera.test' })).items;
    if (request?.state === 'pending') {
      await call('requests.approve', { id: request.id, version: request.version, spkiSha256: request.spkiSha256 });
      expect((await device.done).code).toBe(0);
    } else {
      expect([request?.state, (await device.done).code]).toEqual(['refused', 1]);
    }
  }, 60_000);
});

// Names the tools where they are missing.
if (!available) describeNeeding('approve', () => it('needs its tools', () => undefined));
