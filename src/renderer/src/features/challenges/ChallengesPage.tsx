/** Challenges. */
import type { ReactNode } from 'react';
import { PageHeader } from '../../design/Page.tsx';

export default function ChallengesPage(): ReactNode {
  return <PageHeader title="Challenges" />;
}
