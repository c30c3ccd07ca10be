/** SCEP URLs and what their certificates contain: the lists, and a page for each. */
import type { ReactNode } from 'react';
import { usePlace } from '../../routing/path.ts';
import { EndpointEditor } from './EndpointEditor.tsx';
import { EndpointList } from './EndpointList.tsx';
import { ProfileEditor } from './ProfileEditor.tsx';
import { ProfileList } from './ProfileList.tsx';

export default function EndpointsPage(): ReactNode {
  const { segments, params } = usePlace();
  const [, first, second] = segments;
  const isNew = params.has('new');
  if (first === 'profiles') {
    if (second !== undefined) return <ProfileEditor key={second} id={second} />;
    return isNew ? <ProfileEditor key="new" id={undefined} /> : <ProfileList />;
  }
  if (first !== undefined) return <EndpointEditor key={first} id={first} />;
  return isNew ? <EndpointEditor key="new" id={undefined} /> : <EndpointList />;
}
