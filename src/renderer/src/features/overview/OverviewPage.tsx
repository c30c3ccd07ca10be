/** Overview. */
import type { ReactNode } from 'react';
import { PageHeader } from '../../design/Page.tsx';

export default function OverviewPage(): ReactNode {
  return <PageHeader title="Overview" />;
}
