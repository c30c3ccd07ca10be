/** The CAs of this house: all of them, one of them, or a new one. */
import type { ReactNode } from 'react';
import { usePlace } from '../../routing/path.ts';
import { AuthorityList } from './AuthorityList.tsx';
import { AuthorityPage, PARTS } from './AuthorityPage.tsx';
import { NewAuthority } from './NewAuthority.tsx';

export default function AuthoritiesPage(): ReactNode {
  const { segments, params } = usePlace();
  const [, id, part] = segments;
  if (id !== undefined) return <AuthorityPage key={id} id={id} part={PARTS.find((known) => known === part) ?? 'certificate'} />;
  return params.has('new') ? <NewAuthority /> : <AuthorityList />;
}
