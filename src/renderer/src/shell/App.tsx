/** The whole window: who may see it, what stands around every page, and what is heard on every page. */
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, Suspense, useEffect } from 'react';
import { performSoon } from '../actions/registry.ts';
import { Keyboard } from '../actions/Keyboard.tsx';
import { invalidate } from '../bridge/invalidation.ts';
import { useBridge, useChannel } from '../bridge/react.tsx';
import { Announcer } from '../design/announce.tsx';
import { type Path, navigate, usePlace } from '../routing/path.ts';
import { Frame } from './Frame.tsx';
import { Help } from './Help.tsx';
import { LockScreen } from './LockScreen.tsx';
import { WELCOME, WelcomePage } from './pages.tsx';
import { Palette } from './Palette.tsx';
import { SignedOut } from './SignedOut.tsx';
import { Splash } from './Splash.tsx';
import { useIdleLock } from './useIdleLock.ts';

/** How often a CA that does not answer is asked again. */
const RETRY_MS = 2_000;

export function App(): ReactNode {
  useEvents();
  return (
    <>
      <Gate />
      <Keyboard />
      <Announcer />
    </>
  );
}

/** Events make answers stale; those of the desktop shell are done. */
function useEvents(): void {
  const bridge = useBridge();
  const client = useQueryClient();
  useEffect(
    () =>
      bridge.subscribe((event, detail) => {
        if (event === 'desktop.action') performSoon(String(detail.action));
        else if (event === 'desktop.open' && typeof detail.path === 'string' && detail.path.startsWith('/')) navigate(detail.path as Path);
        else invalidate(client, event);
      }),
    [bridge, client],
  );
}

/** Nobody signed in, a locked window, a CA that is not set up yet: each has its own page; otherwise the frame. */
function Gate(): ReactNode {
  const place = usePlace();
  const status = useChannel('status.get', {}, { every: RETRY_MS * 15 });
  const lock = useChannel('window.status', {});
  const client = useQueryClient();
  useIdleLock(lock.data);
  const unreachable = status.error?.problem.code === 'unreachable';
  useEffect(() => {
    if (!unreachable) return;
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: ['status.get'] }), RETRY_MS);
    return () => {
      clearInterval(timer);
      // What changed while nobody answered was told to nobody.
      void client.invalidateQueries();
    };
  }, [unreachable, client]);

  const { isFetching: asking } = status;
  const toSetUp = status.data !== undefined && status.data.counts.authorities === 0;
  useEffect(() => {
    // An answer that is being replaced leads nowhere: a CA that was restored a moment ago is set up.
    if (asking) return;
    // A listener without its first authority waits for the courier, not for a first run.
    if (toSetUp && place.segments[0] !== WELCOME && place.segments[0] !== 'courier') navigate(`/${WELCOME}`, { replace: true });
    // Without an endpoint the first run is not over: an issuing CA may wait for its certificate for days.
    else if (status.data !== undefined && place.segments.length === 0) navigate(status.data.counts.endpoints === 0 ? `/${WELCOME}` : '/requests', { replace: true });
  }, [toSetUp, place, status.data, asking]);

  if (status.error?.problem.code === 'signed-out') return <SignedOut problem={status.error.problem} />;
  if (status.data === undefined || lock.data === undefined) return <Splash problem={status.error?.problem ?? lock.error?.problem} />;
  if (lock.data.locked) return <LockScreen opensBy={lock.data.opensBy} waiting={status.data.counts.requests.pending} />;
  if (place.segments[0] === WELCOME) {
    return (
      <Suspense fallback={<Splash problem={undefined} />}>
        <WelcomePage />
      </Suspense>
    );
  }
  return (
    <>
      <Frame status={status.data} unreachable={unreachable} />
      <Palette />
      <Help />
    </>
  );
}

