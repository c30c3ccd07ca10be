/**
 * The bridge of the sandboxed window: `window.ca` with two functions, and nothing of Electron behind them.
 * What travels is parsed on both sides of it (renderer/src/bridge, main/admin); here only names are checked.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { CHANNELS, EVENT_NAMES } from './contract/channels.ts';

const channels: ReadonlySet<string> = new Set(CHANNELS);
const events: ReadonlySet<string> = new Set(EVENT_NAMES);

contextBridge.exposeInMainWorld('ca', {
  call(channel: string, input: unknown): Promise<unknown> {
    if (!channels.has(channel)) return Promise.reject(new Error('no such channel'));
    return ipcRenderer.invoke(`ca:${channel}`, input);
  },

  /** Returns its own unsubscribe: a listener handed over this bridge arrives as a new function each time, so it could never be removed by name. */
  subscribe(listener: (event: string, detail: unknown) => void): () => void {
    const forward = (_event: unknown, name: unknown, detail: unknown): void => {
      if (typeof name === 'string' && events.has(name)) listener(name, detail);
    };
    ipcRenderer.on('ca:event', forward);
    // The shell may have been asked for something before the page was there: a notification that opened the window.
    ipcRenderer.invoke('ca:listening').catch(() => undefined);
    return () => {
      ipcRenderer.removeListener('ca:event', forward);
    };
  },
});
