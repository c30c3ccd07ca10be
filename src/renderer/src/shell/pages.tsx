/** The pages of the window: their place, their name, and the file that is fetched when one goes there. */
import type { ActionId } from '../../../preload/contract/actions.ts';
import type { IconName } from '../design/Icon.tsx';
import { readPlace } from '../routing/path.ts';
import { type LazyPage, lazyPage } from './lazyPage.tsx';

export interface PageEntry {
  /** The first segment of its path. */
  readonly at: string;
  readonly label: string;
  readonly icon: IconName;
  readonly action: ActionId;
  readonly group: 'work' | 'house' | 'look' | 'end';
  /** Where it has not always a line of its own: only once there is another machine to carry files to, or never, being a part of another page. The palette knows all. */
  readonly shown?: 'paired' | { readonly under: string };
  readonly page: LazyPage;
}

export const PAGES: readonly PageEntry[] = [
  { at: 'requests', label: 'Requests', icon: 'inbox', action: 'go.requests', group: 'work', page: lazyPage(() => import('../features/requests/RequestsPage.tsx')) },
  { at: 'certificates', label: 'Certificates', icon: 'certificate', action: 'go.certificates', group: 'work', page: lazyPage(() => import('../features/certificates/CertificatesPage.tsx')) },
  { at: 'challenges', label: 'Challenges', icon: 'key', action: 'go.challenges', group: 'work', page: lazyPage(() => import('../features/challenges/ChallengesPage.tsx')) },
  { at: 'authorities', label: 'Authorities', icon: 'authority', action: 'go.authorities', group: 'house', page: lazyPage(() => import('../features/authorities/AuthoritiesPage.tsx')) },
  { at: 'endpoints', label: 'Endpoints', icon: 'endpoint', action: 'go.endpoints', group: 'house', page: lazyPage(() => import('../features/endpoints/EndpointsPage.tsx')) },
  { at: 'courier', label: 'Courier', icon: 'stick', action: 'go.courier', group: 'house', shown: 'paired', page: lazyPage(() => import('../features/courier/CourierPage.tsx')) },
  { at: 'migration', label: 'Bring in a CA', icon: 'download', action: 'go.migration', group: 'house', shown: { under: 'authorities' }, page: lazyPage(() => import('../features/migration/MigrationPage.tsx')) },
  { at: 'overview', label: 'Overview', icon: 'overview', action: 'go.overview', group: 'look', page: lazyPage(() => import('../features/overview/OverviewPage.tsx')) },
  { at: 'transactions', label: 'Transactions', icon: 'messages', action: 'go.transactions', group: 'look', page: lazyPage(() => import('../features/transactions/TransactionsPage.tsx')) },
  { at: 'audit', label: 'Audit log', icon: 'audit', action: 'go.audit', group: 'look', page: lazyPage(() => import('../features/audit/AuditPage.tsx')) },
  { at: 'settings', label: 'Settings', icon: 'settings', action: 'go.settings', group: 'end', page: lazyPage(() => import('../features/settings/SettingsPage.tsx')) },
];

/** The first run, which stands outside the frame: it lives at this path until the admin leaves it. */
export const WELCOME = 'welcome';
const welcome = lazyPage(() => import('../features/welcome/WelcomePage.tsx'));
export const WelcomePage = welcome.Page;

/** The others are fetched when the first page has had the time to be drawn. */
const OTHERS_AFTER_MS = 400;

/** Fetches the script of the page that is looked at, without waiting for the CA's first answer, and then those of all the others. */
export function preloadPages(): void {
  const at = readPlace(location.hash).segments[0];
  const first = at === WELCOME ? welcome : (PAGES.find((entry) => entry.at === at) ?? PAGES[0])?.page;
  first?.preload();
  setTimeout(() => {
    for (const { page } of PAGES) page.preload();
  }, OTHERS_AFTER_MS);
}
