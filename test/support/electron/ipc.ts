/** ipcMain, as far as invoke and handle go. */
import { decode, encode } from './wire.ts';

export interface FrameLike {
  readonly url: string;
}

export interface InvokeEvent {
  readonly sender: { readonly mainFrame: FrameLike };
  readonly senderFrame: FrameLike | null;
}

type Handler = (event: InvokeEvent, ...args: unknown[]) => unknown;

const handlers = new Map<string, Handler>();

export const ipcMain = {
  handle(channel: string, handler: Handler): void {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, handler);
  },
  removeHandler(channel: string): void {
    handlers.delete(channel);
  },
};

/** What ipcRenderer.invoke does on this side: never rejects, the error's words travel as Electron words them. */
export async function answerInvoke(event: InvokeEvent, channel: string, argsText: string): Promise<{ readonly value: string } | { readonly error: string }> {
  const handler = handlers.get(channel);
  if (handler === undefined) return { error: `Error invoking remote method '${channel}': Error: No handler registered for '${channel}'` };
  try {
    return { value: encode(await handler(event, ...(decode(argsText) as unknown[]))) };
  } catch (error) {
    return { error: `Error invoking remote method '${channel}': ${String(error)}` };
  }
}
