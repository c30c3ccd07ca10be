/** What an entry is about, and where in the window that is. */
import { type Path, pathTo } from '../../routing/path.ts';

export interface Subject {
  readonly label: string;
  readonly to: Path;
}

/** Undefined where there is no page of its own for it. */
export function subjectOf(subject: string): Subject | undefined {
  const at = subject.indexOf(':');
  const [kind, name] = at < 0 ? [subject, ''] : [subject.slice(0, at), subject.slice(at + 1)];
  if (name === '') return undefined;
  switch (kind) {
    case 'request':
      return { label: 'Request', to: pathTo(['requests', name]) };
    case 'certificate':
      return { label: `Certificate …${name.slice(-4)}`, to: pathTo(['certificates', 'serial', name]) };
    case 'authority':
      // `<id>/<generation>` where one generation is meant.
      return { label: 'Authority', to: pathTo(['authorities', name.split('/')[0] ?? name]) };
    case 'challenge':
      return { label: 'Challenges', to: '/challenges' };
    case 'endpoint':
      return { label: 'Endpoints', to: '/endpoints' };
    case 'profile':
      return { label: 'Profile', to: pathTo(['endpoints', 'profiles', name]) };
    case 'transaction':
      return { label: 'Transaction', to: pathTo(['transactions'], { query: name }) };
    case 'courier':
      return { label: 'Courier', to: '/courier' };
    case 'source':
      return { label: 'Its messages', to: pathTo(['transactions'], { query: name }) };
    default:
      return undefined;
  }
}
