/** The way through the loopback web door: calls as POST, events as a stream that is opened again when it breaks. */
import type { EventName } from '../../../preload/contract/channels.ts';
import type { Transport } from './bridge.ts';
import { readEvents } from './eventStream.ts';
import { followNewLinks, forgetSession, openSession, storedSession, takeToken } from './session.ts';

const RECONNECT = 2_000;

type Listener = (event: EventName, detail: unknown) => void;

const signedOut = {
  ok: false,
  error: { code: 'signed-out', message: 'This page is not signed in.', hint: 'Run `countersign open` on the machine of the CA and follow the link it prints: each link works once, for ten minutes.' },
};

export function webTransport(): Transport {
  const token = takeToken();
  followNewLinks();
  // A link that was used up leads back into the session that it opened in this tab.
  const open = async (): Promise<string | undefined> => (token === undefined ? undefined : await openSession(token)) ?? storedSession();
  let opening = open();

  /** The session token; a failed trade (the server was just starting) is tried again at the next call. */
  const session = async (): Promise<string | undefined> => {
    try {
      return await opening;
    } catch (error) {
      opening = open();
      throw error;
    }
  };

  // One stream for everybody: a browser opens only six connections to a server.
  const listeners = new Set<Listener>();
  let following: AbortController | undefined;
  const startFollowing = (): AbortController => {
    const stop = new AbortController();
    const tell: Listener = (event, detail) => {
      for (const each of [...listeners]) each(event, detail);
    };
    void follow(session, tell, stop.signal);
    return stop;
  };

  return {
    async send(channel, input) {
      const bearer = await session();
      if (bearer === undefined) return signedOut;
      const response = await fetch(`/api/call/${channel}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${bearer}` },
        body: JSON.stringify(input),
      });
      if (response.status === 401) {
        forgetSession();
        opening = Promise.resolve(undefined);
        return signedOut;
      }
      return (await response.json()) as unknown;
    },

    subscribe(listener) {
      // A wrapper of its own: the same function may subscribe twice.
      const subscription: Listener = (event, detail) => {
        listener(event, detail);
      };
      listeners.add(subscription);
      following ??= startFollowing();
      return () => {
        listeners.delete(subscription);
        if (listeners.size > 0) return;
        following?.abort();
        following = undefined;
      };
    },
  };
}

async function follow(session: () => Promise<string | undefined>, listener: Listener, stop: AbortSignal): Promise<void> {
  for (let first = true; !stop.aborted; first = false) {
    if (!first) await new Promise((resolve) => setTimeout(resolve, RECONNECT));
    try {
      const bearer = await session();
      if (bearer === undefined) return;
      const response = await fetch('/api/events', { headers: { Authorization: `Bearer ${bearer}` }, signal: stop });
      if (response.status === 401) return;
      if (!response.ok || response.body === null) continue;
      // What changed while nobody listened is not told again: the page asks anew.
      if (!first) listener('status.changed', {});
      await readEvents(response.body, listener);
    } catch {
      // The server went away or the page closed; the loop's condition knows which.
    }
    if (!stop.aborted) listener('status.changed', {});
  }
}
