/** Locks the window after the time that the settings say, counted from the last hand on it; a machine that slept is found out on waking. */
import { useEffect } from 'react';
import { useVerb } from '../bridge/react.tsx';

const LOOK_MS = 5_000;
const HANDS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

export interface LockState {
  readonly locked: boolean;
  readonly opensBy: 'passphrase' | 'keychain' | 'nothing';
  readonly idleMinutes: number;
}

export function useIdleLock(state: LockState | undefined): void {
  const { mutate } = useVerb('window.lock', { touches: ['window.status'] });
  const minutes = state === undefined || state.locked || state.opensBy === 'nothing' ? 0 : state.idleMinutes;
  useEffect(() => {
    if (minutes === 0) return;
    let last = Date.now();
    const touch = (): void => {
      last = Date.now();
    };
    const look = (): void => {
      if (Date.now() - last >= minutes * 60_000) mutate({});
    };
    for (const hand of HANDS) window.addEventListener(hand, touch, { passive: true });
    const timer = setInterval(look, LOOK_MS);
    // Before the hand that woke the machine counts as one.
    document.addEventListener('visibilitychange', look);
    return () => {
      for (const hand of HANDS) window.removeEventListener(hand, touch);
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [minutes, mutate]);
}
