/**
 * A walk through every page and dialog of the window over a seeded office (support/seed.ts): what axe looks at and what the pictures show.
 * A station says how to get there; where it leaves a dialog open, the next one begins with a fresh load.
 */
import type { Channel } from '../../src/preload/contract/channels.ts';
import type { Input, Output } from '../../src/preload/contract/contract.ts';
import { csr } from '../support/certificates.ts';
import type { Dialog, Page } from '../support/browser.ts';
import { formerFiles } from '../support/formerFiles.ts';
import { rsaKey } from '../support/keys.ts';
import type { Stick } from '../support/seedCourier.ts';

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
  // What is looked at must be the page, and not the one that says that nobody is signed in.
  if ((await page.getByText('This page is not signed in.').count()) > 0) throw new Error(`the window has no session at ${path}`);
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

/** The files of another product's CA, and what does not belong to it. */
const bringFormer = async ({ page }: Guide): Promise<void> => {
  const strangers = formerFiles({ valid: 3, revoked: 0, lost: 0, ca: 6 }).files.filter(({ name }) => name.startsWith('newcerts/'));
  const files = [...formerFiles({ valid: 14, revoked: 3, lost: 2 }).files, ...strangers];
  await page.locator('input[type=file]:not([data-folder])').setInputFiles(files.map(({ name, base64 }) => ({ name: name.replace('/', '-'), mimeType: 'application/octet-stream', buffer: Buffer.from(base64, 'base64') })));
  await page.getByRole('button', { name: 'Try it out first' }).click();
  await page.getByRole('region', { name: 'Comes in' }).waitFor();
  await settle(page);
};

const authorityOut = async (guide: Guide): Promise<void> => at(`/authorities/${(await found('authority', guide.call('authorities.list'))).id}/out`)(guide);

const giveFile =
  (label: string, base64: () => string, name: string) =>
  async ({ page }: Guide): Promise<void> => {
    await page.getByRole('group', { name: label, exact: true }).locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(base64(), 'base64') });
    await page.waitForTimeout(400);
    await settle(page);
  };

const tryBackup = async (guide: Guide): Promise<void> => {
  if ((await guide.call('backups.list')).items.length === 0) await guide.call('backups.create', { passphrase: 'four unrelated words' });
  await at('/settings', button(/^Try out /), async ({ page }) => page.getByRole('form', { name: /^Try out / }).scrollIntoViewIfNeeded())(guide);
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
  { name: 'backup-trial', show: tryBackup },
  { name: 'courier-start', show: at('/courier') },
  { name: 'courier-invite', show: at('/courier?pair=signer') },
  { name: 'courier-accept', show: at('/courier?pair=listener') },
  { name: 'authority-out', show: authorityOut },
  { name: 'authority-out-key', show: async (guide) => (await authorityOut(guide), guide.page.getByRole('radio', { name: 'With the key', exact: true }).check()) },
  { name: 'migration', show: at('/migration', async ({ page }) => page.getByText('Which files to bring').click()) },
  { name: 'migration-dry-run', show: at('/migration', bringFormer) },
  { name: 'migration-left-out', onlyPicture: true, show: at('/migration', bringFormer, async ({ page }) => (await page.getByText('certificates of another CA').click(), page.getByRole('region', { name: 'Left out, and why' }).scrollIntoViewIfNeeded())) },
  { name: 'palette', show: at('/requests', async ({ page }) => page.keyboard.press('ControlOrMeta+k'), async ({ page }) => void (await page.getByPlaceholder('What do you want to do, or see?').waitFor())) },
  { name: 'shortcuts', show: at('/requests', button('Keyboard shortcuts')) },
];

/** At the signing machine of a courier (support/seedCourier.ts). */
export const SIGNER_STATIONS: readonly Station[] = [
  { name: 'courier-signer', show: at('/courier') },
  { name: 'courier-written', show: at('/courier', button('Write certificates'), async ({ page }) => void (await page.getByRole('main').getByText(/It carries/).waitFor())) },
  { name: 'courier-queue', show: at('/requests?query=via%20Front%20desk') },
  { name: 'courier-invited', onlyPicture: true, show: at('/courier', async ({ page }) => page.getByRole('heading', { name: 'Pairing for Branch CA' }).scrollIntoViewIfNeeded()) },
];

/** At its listener; each station leaves it further on. */
export const listenerStations = (stick: () => Stick): readonly Station[] => {
  const compare =
    (text: string) =>
    async ({ page }: Guide): Promise<void> => {
      await page.getByLabel('What Safe shows as its fingerprint').fill(text);
      await page.getByLabel('What Safe shows as its fingerprint').press('Enter');
    };
  const invitation = giveFile('Invitation', () => stick().invitation, 'branch-ca-invitation.courier');
  const writer = async ({ call }: Guide): Promise<string> => (await call('courier.pair', { step: 'read', file: stick().invitation })).shown?.from.fingerprint ?? '';
  return [
    { name: 'courier-decides', show: at('/courier') },
    { name: 'courier-brought', show: at('/courier', giveFile('File from Safe', () => stick().certificates, 'vault-ca-certificates.courier')) },
    { name: 'courier-refused', show: at('/courier', giveFile('File from Safe', () => stick().requests, 'vault-ca-requests.courier')) },
    { name: 'courier-about', show: at('/courier', async ({ page }) => page.getByText('About this pairing').click(), button('End this pairing')) },
    { name: 'courier-mismatch', show: at('/courier?pair=listener', invitation, async (guide) => compare(`${(await writer(guide)).slice(0, 32)}00000000${(await writer(guide)).slice(40)}`)(guide)) },
    { name: 'courier-by-eye', show: at('/courier?pair=listener', invitation, button('Compare by eye instead')) },
    { name: 'courier-match', show: at('/courier?pair=listener', invitation, async (guide) => compare(await writer(guide))(guide)) },
  ];
};

/** The pages of a CA that is not set up yet: each kind of first run has its own. Shown by a window with an empty data folder. */
export const FIRST_STATIONS: readonly Station[] = [
  { name: 'welcome', show: at('/welcome') },
  { name: 'welcome-keys', show: at('/welcome?kind=one&step=keys') },
  { name: 'welcome-restore', show: at('/welcome?kind=restore&step=keys') },
];

/** With a vault, and before there is an authority. */
export const VAULT_STATIONS: readonly Station[] = [
  { name: 'welcome-audit-key', show: at('/welcome?kind=one&step=keys') },
  { name: 'welcome-one', show: at('/welcome?kind=one&step=authority') },
  { name: 'welcome-hierarchy', show: at('/welcome?kind=hierarchy&step=authority') },
  { name: 'welcome-offline', show: at('/welcome?kind=offline&step=authority') },
  { name: 'welcome-import', show: at('/welcome?kind=import&step=authority') },
  { name: 'welcome-import-dry-run', show: at('/welcome?kind=import&step=authority', bringFormer) },
  { name: 'welcome-listener', show: at('/welcome?kind=listener&step=authority') },
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
