/** A file that was not taken: why, what it most likely means, and that nothing has changed. */
import type { ReactNode } from 'react';
import type { CallError } from '../../bridge/react.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import { adviceOn } from './words.ts';

export function RefusedFile({ error }: { readonly error: CallError | null }): ReactNode {
  if (error === null) return null;
  const advice = adviceOn(error.problem);
  return (
    <>
      <ProblemNote problem={error.problem} />
      {advice !== undefined && <p className="muted">{`Nothing was changed here. ${advice}`.trim()}</p>}
    </>
  );
}
