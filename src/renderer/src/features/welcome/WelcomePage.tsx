/** Welcome. */
import type { ReactNode } from 'react';
import { PageHeader } from '../../design/Page.tsx';

export default function WelcomePage(): ReactNode {
  return <PageHeader title="Welcome" />;
}
