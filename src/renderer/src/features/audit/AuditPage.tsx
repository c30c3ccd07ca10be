/** Audit. */
import type { ReactNode } from 'react';
import { PageHeader } from '../../design/Page.tsx';

export default function AuditPage(): ReactNode {
  return <PageHeader title="Audit" />;
}
