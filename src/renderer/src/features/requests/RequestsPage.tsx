/** Requests. */
import type { ReactNode } from 'react';
import { PageHeader } from '../../design/Page.tsx';

export default function RequestsPage(): ReactNode {
  return <PageHeader title="Requests" />;
}
