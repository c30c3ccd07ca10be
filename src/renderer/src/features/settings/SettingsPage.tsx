/** Settings. */
import type { ReactNode } from 'react';
import { PageHeader } from '../../design/Page.tsx';

export default function SettingsPage(): ReactNode {
  return <PageHeader title="Settings" />;
}
