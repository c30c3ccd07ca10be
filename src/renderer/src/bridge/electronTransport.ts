/** The way through Electron: `window.ca`, as the preload exposes it. */
import type { Channel, EventName } from '../../../preload/contract/channels.ts';
import type { Transport } from './bridge.ts';

declare global {
  interface Window {
    /** Only in the desktop app. */
    readonly ca?: {
      call(channel: Channel, input: unknown): Promise<unknown>;
      subscribe(listener: (event: EventName, detail: unknown) => void): () => void;
    };
  }
}

export function electronTransport(ca: NonNullable<Window['ca']>): Transport {
  return { send: (channel, input) => ca.call(channel, input), subscribe: (listener) => ca.subscribe(listener) };
}
