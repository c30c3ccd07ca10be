/** A value that is edited beside what the CA holds: its changes, and whether somebody else changed it meanwhile. */
import { useState } from 'react';
import { changedFields } from './changes.ts';

interface Versioned {
  readonly version: number;
}

export interface Draft<T> {
  readonly draft: T;
  readonly set: (change: Partial<T>) => void;
  readonly changes: Partial<T>;
  readonly dirty: boolean;
  /** What is edited began from an older version than the one that the CA holds now. */
  readonly outdated: boolean;
  /** The version that the changes were made to. */
  readonly version: number;
  /** Back to what the CA holds now. */
  readonly reset: () => void;
  /** The CA holds this now. */
  readonly saved: (value: T) => void;
}

/** Nothing is lost to a change elsewhere: an untouched draft follows it, an edited one stays and says so. */
export function useDraft<T extends Versioned>(held: T): Draft<T> {
  const [state, setState] = useState({ base: held, draft: held });
  const changes = changedFields(state.base, state.draft);
  const dirty = Object.keys(changes).length > 0;
  // What was just saved is newer than the list that is still being asked for.
  const behind = held.version > state.base.version;
  if (behind && !dirty) setState({ base: held, draft: held });
  return {
    draft: state.draft,
    set: (change) => {
      setState(({ base, draft }) => ({ base, draft: { ...draft, ...change } }));
    },
    changes,
    dirty,
    outdated: behind && dirty,
    version: state.base.version,
    reset: () => {
      const newest = behind ? held : state.base;
      setState({ base: newest, draft: newest });
    },
    saved: (value) => {
      setState({ base: value, draft: value });
    },
  };
}
