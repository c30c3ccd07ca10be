/** The pages of the window: their place, their name, and the file that is fetched when one goes there. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { ActionId } from '../../../preload/contract/actions.ts';
import type { IconName } from '../design/Icon.tsx';

export interface PageEntry {
  /** The first segment of its path. */
  readonly at: string;
  readonly label: string;
  readonly icon: IconName;
  readonly action: ActionId;
  readonly group: 'work' | 'house' | 'look' | 'end';
  readonly page: LazyExoticComponent<ComponentType>;
}

export const PAGES: readonly PageEntry[] = [
  { at: 'requests', label: 'Requests', icon: 'inbox', action: 'go.requests', group: 'work', page: lazy(() => import('../features/requests/RequestsPage.tsx')) },
  { at: 'certificates', label: 'Certificates', icon: 'certificate', action: 'go.certificates', group: 'work', page: lazy(() => import('../features/certificates/CertificatesPage.tsx')) },
  { at: 'challenges', label: 'Challenges', icon: 'key', action: 'go.challenges', group: 'work', page: lazy(() => import('../features/challenges/ChallengesPage.tsx')) },
  { at: 'authorities', label: 'Authorities', icon: 'authority', action: 'go.authorities', group: 'house', page: lazy(() => import('../features/authorities/AuthoritiesPage.tsx')) },
  { at: 'endpoints', label: 'Endpoints', icon: 'endpoint', action: 'go.endpoints', group: 'house', page: lazy(() => import('../features/endpoints/EndpointsPage.tsx')) },
  { at: 'overview', label: 'Overview', icon: 'overview', action: 'go.overview', group: 'look', page: lazy(() => import('../features/overview/OverviewPage.tsx')) },
  { at: 'transactions', label: 'Transactions', icon: 'messages', action: 'go.transactions', group: 'look', page: lazy(() => import('../features/transactions/TransactionsPage.tsx')) },
  { at: 'audit', label: 'Audit log', icon: 'audit', action: 'go.audit', group: 'look', page: lazy(() => import('../features/audit/AuditPage.tsx')) },
  { at: 'settings', label: 'Settings', icon: 'settings', action: 'go.settings', group: 'end', page: lazy(() => import('../features/settings/SettingsPage.tsx')) },
];

/** The first run, which stands outside the frame: it lives at this path until the admin leaves it. */
export const WELCOME = 'welcome';
export const WelcomePage = lazy(() => import('../features/welcome/WelcomePage.tsx'));
