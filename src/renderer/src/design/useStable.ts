/**
 * A function that stays the same while what it does follows the latest render: for children that are not to be drawn again because of it.
 * For events only, never while rendering.
 */
import { useCallback, useLayoutEffect, useRef } from 'react';

export function useStable<Arguments extends readonly unknown[]>(action: (...given: Arguments) => void): (...given: Arguments) => void {
  const latest = useRef(action);
  useLayoutEffect(() => {
    latest.current = action;
  });
  return useCallback((...given: Arguments) => {
    latest.current(...given);
  }, []);
}
