/** Transactions. */
import type { ReactNode } from 'react';
import { PageHeader } from '../../design/Page.tsx';

export default function TransactionsPage(): ReactNode {
  return <PageHeader title="Transactions" />;
}
