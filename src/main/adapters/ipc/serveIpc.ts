/**
 * The admin door over Electron's IPC: one handler for each channel of the contract, and events pushed to our windows.
 * Parsing and deciding is the admin door's; this file owns only who may call and how it travels.
 */
import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { CHANNELS, type EventName } from '../../../preload/contract/channels.ts';
import type { Reply } from '../../../preload/contract/reply.ts';
import { isTrusted, type Sender } from './sender.ts';

export interface IpcDoor {
  /** Where our page lives: `app://countersign`. */
  readonly origin: string;
  readonly windows: () => readonly WebContents[];
  readonly dispatch: (channel: string, input: unknown) => Promise<Reply>;
  readonly onEvent: (listener: (name: EventName) => void) => () => void;
  /** A stranger called: for the log. */
  readonly onStranger: (channel: string, url: string | undefined) => void;
}

function describeSender(event: IpcMainInvokeEvent, windows: readonly WebContents[]): Sender {
  const frame = event.senderFrame;
  return { url: frame?.url, isTopFrame: frame !== null && frame === event.sender.mainFrame, isOwnWindow: windows.includes(event.sender) };
}

/** Serves every channel; returns what stops it. */
export function serveIpc(door: IpcDoor): () => void {
  for (const channel of CHANNELS) {
    ipcMain.handle(`ca:${channel}`, async (event, input: unknown): Promise<Reply> => {
      const sender = describeSender(event, door.windows());
      if (!isTrusted(sender, door.origin)) {
        door.onStranger(channel, sender.url);
        return { ok: false, error: { code: 'untrusted-sender', message: 'Only the window of Countersign may ask this.' } };
      }
      return door.dispatch(channel, input);
    });
  }
  const unsubscribe = door.onEvent((name) => {
    for (const contents of door.windows()) if (!contents.isDestroyed()) contents.send('ca:event', name);
  });
  return () => {
    unsubscribe();
    for (const channel of CHANNELS) ipcMain.removeHandler(`ca:${channel}`);
  };
}
