/** Events within the process: published after a commit, heard by the window, the event stream, and whoever keeps a cache. */
import type { Events } from '../../application/ports/system.ts';

/** `onError` is told of a listener that threw: the publisher has committed already, and the other listeners are not to miss it. */
export function createEvents(onError: (error: Error) => void): Events {
  const listeners = new Set<Parameters<Events['subscribe']>[0]>();
  return {
    publish: (name, detail = {}) => {
      for (const listener of [...listeners]) {
        try {
          listener(name, detail);
        } catch (error) {
          onError(error instanceof Error ? error : new Error('a listener threw what is no error'));
        }
      }
    },
    subscribe: (listener) => {
      // A wrapper of its own for each subscription: the same function twice is two subscriptions, ended one by one.
      const subscription: typeof listener = (name, detail) => listener(name, detail);
      listeners.add(subscription);
      return () => void listeners.delete(subscription);
    },
  };
}
