/**
 * A walk through every page and dialog of the window over a seeded office (support/seed.ts): what axe looks at and what the pictures show.
 * A station says how to get there; where it leaves a dialog open, the next one begins with a fresh load.
 */
import type { Channel } from '../../src/preload/contract/channels.ts';
import type { Input, Output } from '../../src/preload/contract/contract.ts';
import { csr } from '../support/certificates.ts';
import type { Dialog, Page } from '../support/browser.ts';
import { rsaKey } from '../support/keys.ts';

export interface Guide {
  readonly page: Page;
  readonly origin: string;
  call<C extends Channel>(channel: C, input?: Input<C>): Promise<Output<C>>;
}

export interface Station {
  /** Also the picture's file name. */
  readonly name: string;
  readonly show: (guide: Guide) => Promise<void>;
  /** A secret of the seeded office stands there: looked at by axe, and no picture is taken. */
  readonly secret?: true;
  /** Another view of what was looked at before: only its picture is wanted. */
  readonly onlyPicture?: true;
}

/** Goes to a place of the window by a fresh load, and waits until it has its answers. */
export async function goTo({ page, origin }: Guide, path: string): Promise<void> {
  // By way of an empty page: a change of the fragment alone would load nothing, and the page before might still have a place of its own in mind.
  const leave = (dialog: Dialog): void => void dialog.accept();
  page.on('dialog', leave);
  await page.goto('about:blank');
  page.off('dialog', leave);
  await page.goto(`${origin}/#${path}`);
  await page.getByRole('heading').first().waitFor();
  await settle(page);
}

/** Nothing in sight is being loaded any more. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => ![...document.querySelectorAll('[role=status][aria-label^="Loading"], [aria-busy="true"]')].some((element) => element.checkVisibility()));
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForTimeout(60);
}

const button = (name: string | RegExp) => async ({ page }: Guide): Promise<void> => {
  await page.getByRole('button', { name }).first().click();
  await settle(page);
};

const at =
  (path: string, ...then: readonly ((guide: Guide) => Promise<void>)[]) =>
  async (guide: Guide): Promise<void> => {
    await goTo(guide, path);
    for (const step of then) await step(guide);
  };

async function found<T>(what: string, asked: Promise<{ readonly items: readonly T[] }>): Promise<T> {
  const [item] = (await asked).items;
  if (item === undefined) throw new Error(`the seeded office has no ${what}`);
  return item;
}

const request =
  (query: string, ...then: readonly ((guide: Guide) => Promise<void>)[]) =>
  async (guide: Guide): Promise<void> => {
    const { id, state } = await found(query, guide.call('requests.list', { query }));
    await at(`/requests/${id}${state === 'pending' ? '' : '?state=all'}`, ...then)(guide);
  };

const certificate =
  (query: string, ...then: readonly ((guide: Guide) => Promise<void>)[]) =>
  async (guide: Guide): Promise<void> => {
    const { id } = await found(query, guide.call('certificates.list', { query }));
    await at(`/certificates/${id}`, ...then)(guide);
  };

const compareWrongly = async ({ page }: Guide): Promise<void> => {
  const field = page.getByRole('textbox', { name: 'What the device shows' });
  await field.fill('00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff');
  await field.press('Enter');
  await page.getByText('It does not match.').waitFor();
  await page.getByText('It does not match.').scrollIntoViewIfNeeded();
};

const authority =
  (name: string, part: string, ...then: readonly ((guide: Guide) => Promise<void>)[]) =>
  async (guide: Guide): Promise<void> => {
    const { items } = await guide.call('authorities.list', { limit: 500 });
    const { id } = await found(name, Promise.resolve({ items: items.filter(({ commonName }) => commonName === name) }));
    await at(`/authorities/${id}${part}`, ...then)(guide);
  };

const tab =
  (name: string) =>
  async ({ page }: Guide): Promise<void> => {
    await page.getByRole('tab', { name }).click();
    await page.getByRole('tab', { name }).scrollIntoViewIfNeeded();
  };

/** The request of an issuing CA, as another machine would send it. */
const chooseRequest = async ({ page }: Guide): Promise<void> => {
  await page.locator('input[type=file]').setInputFiles({ name: 'warehouse.csr', mimeType: 'application/pkcs10', buffer: Buffer.from(csr({ key: rsaKey(90), subject: 'CN=Warehouse CA, O=Example Ltd' })) });
  await page.getByRole('button', { name: 'Show what would be signed' }).click();
  await page.getByRole('button', { name: 'Sign it' }).waitFor();
};

export const STATIONS: readonly Station[] = [
  { name: 'requests', show: at('/requests') },
  { name: 'requests-search-empty', show: at('/requests?query=nothing-is-called-that') },
  { name: 'request-odd', show: request('sw-core-99') },
  { name: 'request-matched', show: request('gate-router') },
  { name: 'request-renewal', show: request('vpn-gw-01 strongSwan') },
  { name: 'request-mismatch', show: request('nas-basement', compareWrongly) },
  { name: 'request-armed', show: request('gate-router', button(/^Approve/)) },
  { name: 'request-refusing', show: request('sw-core-99', button(/^Refuse/)) },
  { name: 'request-refused', show: request('badge-reader-2') },
  { name: 'request-issued', show: request('display-lobby') },
  { name: 'certificates', show: at('/certificates') },
  { name: 'certificate', show: certificate('vpn-gw-02') },
  { name: 'certificate-revoked', show: certificate('printer-hr') },
  { name: 'certificate-revoke', show: certificate('camera-07', button(/^Revoke/)) },
  { name: 'certificate-hold', show: certificate('camera-07', button('Put on hold')) },
  { name: 'challenges', show: at('/challenges') },
  { name: 'challenge-new', show: at('/challenges?new=1') },
  {
    name: 'challenge-shown',
    secret: true,
    show: at('/challenges?new=1', async ({ page }) => {
      await page.getByRole('button', { name: 'Make the challenge' }).click();
      await page.getByRole('button', { name: 'I have noted it' }).waitFor();
    }),
  },
  {
    name: 'challenge',
    show: async (guide) => at(`/challenges/${(await found('challenge', guide.call('challenges.list', { state: 'live' }))).id}`)(guide),
  },
  { name: 'authorities', show: at('/authorities') },
  { name: 'authority', show: async (guide) => at(`/authorities/${(await found('authority', guide.call('authorities.list'))).id}`)(guide) },
  { name: 'authority-trust', show: async (guide) => at(`/authorities/${(await found('authority', guide.call('authorities.list'))).id}/trust`)(guide) },
  { name: 'authority-new', show: at('/authorities?new=1') },
  { name: 'authority-new-limits', show: at('/authorities?new=1', button('More options'), async ({ page }) => page.getByLabel('Never these names').scrollIntoViewIfNeeded()) },
  { name: 'authority-split', show: authority('Example Branch CA', '', async ({ page }) => page.getByRole('heading', { name: 'SCEP key' }).scrollIntoViewIfNeeded()) },
  { name: 'authority-sign', show: authority('Example Root', '/sign') },
  { name: 'authority-sign-plan', show: authority('Example Root', '/sign', chooseRequest) },
  { name: 'rollover-stage', show: authority('Example Office CA', '/rollover') },
  { name: 'rollover', show: authority('Example Branch CA', '/rollover') },
  { name: 'rollover-adoption', show: authority('Example Branch CA', '/rollover', async ({ page }) => page.getByRole('grid', { name: 'Devices' }).scrollIntoViewIfNeeded()) },
  { name: 'rollover-next', show: authority('Example Branch CA', '/rollover', tab('GetNextCACert')) },
  { name: 'rollover-answers', show: authority('Example Branch CA', '/rollover', tab('GetCACaps and GetCACert')) },
  { name: 'rollover-armed', show: authority('Example Branch CA', '/rollover', button('Take over now')) },
  { name: 'endpoints', show: at('/endpoints') },
  { name: 'endpoint', show: async (guide) => at(`/endpoints/${(await found('endpoint', guide.call('endpoints.list'))).id}`)(guide) },
  { name: 'endpoint-new', show: at('/endpoints?new=1') },
  { name: 'profiles', show: at('/endpoints/profiles') },
  { name: 'profile', show: at('/endpoints/profiles/device') },
  { name: 'overview', show: at('/overview') },
  { name: 'transactions', show: at('/transactions') },
  {
    name: 'transaction-failed',
    show: async (guide) => at(`/transactions/${(await found('failure', guide.call('transactions.list', { state: 'failure' }))).id}`)(guide),
  },
  { name: 'transaction-inspect', show: at('/transactions/inspect') },
  { name: 'audit', show: at('/audit') },
  {
    name: 'audit-verified',
    show: at('/audit', button(/^Verify/), async ({ page }) => void (await page.getByRole('heading', { name: 'The log is whole' }).waitFor())),
  },
  { name: 'settings', show: at('/settings') },
  { name: 'settings-end', onlyPicture: true, show: at('/settings', async ({ page }) => page.evaluate(() => document.querySelector('main')?.lastElementChild?.lastElementChild?.scrollIntoView({ block: 'end' }))) },
  { name: 'palette', show: at('/requests', async ({ page }) => page.keyboard.press('ControlOrMeta+k'), async ({ page }) => void (await page.getByPlaceholder('What do you want to do, or see?').waitFor())) },
  { name: 'shortcuts', show: at('/requests', button('Keyboard shortcuts')) },
];

/** The pages of a CA that is not set up yet: each kind of first run has its own. Shown by a window with an empty data folder. */
export const FIRST_STATIONS: readonly Station[] = [
  { name: 'welcome', show: at('/welcome') },
  { name: 'welcome-keys', show: at('/welcome?kind=one&step=keys') },
];

/** With a vault, and before there is an authority. */
export const VAULT_STATIONS: readonly Station[] = [
  { name: 'welcome-audit-key', show: at('/welcome?kind=one&step=keys') },
  { name: 'welcome-one', show: at('/welcome?kind=one&step=authority') },
  { name: 'welcome-hierarchy', show: at('/welcome?kind=hierarchy&step=authority') },
  { name: 'welcome-offline', show: at('/welcome?kind=offline&step=authority') },
  { name: 'welcome-import', show: at('/welcome?kind=import&step=authority') },
];

/** With an authority. */
export const LAST_STATIONS: readonly Station[] = [
  { name: 'welcome-network', show: at('/welcome?kind=one&step=network') },
  { name: 'welcome-endpoint', show: at('/welcome?kind=one&step=endpoint') },
  { name: 'welcome-device', show: at('/welcome?kind=one&step=device') },
  { name: 'requests-empty', show: at('/requests') },
  { name: 'certificates-empty', show: at('/certificates') },
  { name: 'challenges-empty', show: at('/challenges') },
  { name: 'transactions-empty', show: at('/transactions') },
];

/** Locks: the vault's banner and its dialog, then the window itself. After them the window stays locked. */
export const LOCKED_STATIONS: readonly Station[] = [
  { name: 'vault-locked', show: async (guide) => (await guide.call('vault.lock'), at('/overview')(guide)) },
  { name: 'vault-locked-request', show: request('gate-router') },
  { name: 'vault-unlock', show: at('/overview', button('Unlock')) },
  {
    name: 'window-locked',
    show: at('/overview', button('Lock this window'), async ({ page }) => void (await page.getByRole('heading', { name: 'This window is locked' }).waitFor())),
  },
];
