/** Certificates. */
import type { ReactNode } from 'react';
import { PageHeader } from '../../design/Page.tsx';

export default function CertificatesPage(): ReactNode {
  return <PageHeader title="Certificates" />;
}
