/**
 * The page's half: runs in every document before its own scripts. The top frame gets the real preload with a `require('electron')` of its own,
 * as a sandboxed preload has it; any other frame gets what a compromised renderer would have, raw IPC under a name, so that tests can try it.
 */

/** Names that no page guesses: they are made anew for each process. */
export interface Names {
  readonly binding: string;
  readonly inbox: string;
}

/** Raw IPC of a frame that has no business with it: `window[COMPROMISED](channel, input)`. */
export const COMPROMISED = '__compromised';

export function injectedSource(preload: string, names: Names, everyFrameIsCompromised = false): string {
  return `(${pageSide.toString()})(${JSON.stringify(names)}, ${JSON.stringify(COMPROMISED)}, ${everyFrameIsCompromised}, function (require, module, exports) {\n${preload}\n});`;
}

/** Its text is sent to the page: it must not reach for anything outside itself. */
function pageSide(names: Names, compromised: string, everyFrame: boolean, runPreload: (require: unknown, module: unknown, exports: unknown) => void): void {
  type Loose = Record<string, unknown>;
  const own = window as unknown as Loose;
  const post = own[names.binding] as ((text: string) => void) | undefined;
  Reflect.deleteProperty(own, names.binding);
  if (post === undefined) return;

  const pack = (value: unknown): unknown => {
    if (value === undefined) return { $undefined: true };
    if (value instanceof Uint8Array) return { $bytes: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join('')) };
    if (typeof value === 'function' || typeof value === 'symbol') throw new Error('An object could not be cloned.');
    if (Array.isArray(value)) return value.map(pack);
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, pack(one)]));
    return value;
  };
  const unpack = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(unpack);
    if (typeof value !== 'object' || value === null) return value;
    const fields = value as Loose;
    if ('$undefined' in fields) return undefined;
    if ('$bytes' in fields) return Uint8Array.from(atob(String(fields['$bytes'])), (letter) => letter.charCodeAt(0));
    return Object.fromEntries(Object.entries(fields).map(([key, one]) => [key, unpack(one)]));
  };

  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  const invoke = (channel: string, ...args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      last += 1;
      const text = JSON.stringify({ kind: 'invoke', id: last, channel, args: JSON.stringify(pack(args)) });
      waiting.set(last, { resolve, reject });
      post(text);
    });

  const listeners = new Map<string, Set<(event: unknown, ...args: unknown[]) => void>>();
  Object.defineProperty(own, names.inbox, {
    enumerable: false,
    value: (text: string) => {
      const message = JSON.parse(text) as { kind: string; id: number; value?: string; error?: string; channel: string; args: string };
      if (message.kind === 'reply') {
        const asked = waiting.get(message.id);
        waiting.delete(message.id);
        if (message.error !== undefined) asked?.reject(new Error(message.error));
        else asked?.resolve(unpack(JSON.parse(message.value ?? 'null')));
        return;
      }
      for (const listener of [...(listeners.get(message.channel) ?? [])]) listener({}, ...(unpack(JSON.parse(message.args)) as unknown[]));
    },
  });

  if (window.top !== window || everyFrame) {
    own[compromised] = invoke;
    return;
  }

  /** As the context bridge: copies, freezes, and wraps each function anew each time it crosses. */
  const cross = (value: unknown): unknown => {
    if (typeof value === 'function') {
      const inner = value as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => cross(inner(...args.map(cross)));
    }
    if (value instanceof Promise) return value.then(cross);
    if (value instanceof Uint8Array) return value.slice();
    if (value instanceof Error) return new Error(value.message);
    if (Array.isArray(value)) return Object.freeze(value.map(cross));
    if (typeof value === 'object' && value !== null) return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cross(one)])));
    return value;
  };

  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: unknown) => {
        Object.defineProperty(own, name, { value: cross(api), writable: false, configurable: false, enumerable: true });
      },
    },
    ipcRenderer: {
      invoke,
      on: (channel: string, listener: (event: unknown, ...args: unknown[]) => void) => {
        const set = listeners.get(channel) ?? new Set();
        listeners.set(channel, set);
        set.add(listener);
      },
      removeListener: (channel: string, listener: (event: unknown, ...args: unknown[]) => void) => {
        listeners.get(channel)?.delete(listener);
      },
    },
  };
  // A window that its opener may not open is null to it.
  window.open = (address) => {
    post(JSON.stringify({ kind: 'open', url: new URL(String(address ?? 'about:blank'), location.href).href }));
    return null;
  };
  window.close = () => {
    post(JSON.stringify({ kind: 'close' }));
  };
  const require = (name: string): unknown => {
    if (name !== 'electron') throw new Error(`a sandboxed preload cannot require ${name}`);
    return electron;
  };
  const module = { exports: {} };
  runPreload(require, module, module.exports);
}
