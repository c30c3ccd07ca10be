/** Endpoints. */
import type { ReactNode } from 'react';
import { PageHeader } from '../../design/Page.tsx';

export default function EndpointsPage(): ReactNode {
  return <PageHeader title="Endpoints" />;
}
