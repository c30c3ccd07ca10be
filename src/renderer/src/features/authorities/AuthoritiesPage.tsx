/** Authorities. */
import type { ReactNode } from 'react';
import { PageHeader } from '../../design/Page.tsx';

export default function AuthoritiesPage(): ReactNode {
  return <PageHeader title="Authorities" />;
}
