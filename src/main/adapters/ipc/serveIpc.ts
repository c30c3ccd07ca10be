/**
 * The admin door over Electron's IPC: one handler for each channel of the contract, and events pushed to our windows.
 * Parsing and deciding is the admin door's; this file owns only who may call and how it travels.
 */
import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { CHANNELS, type EventName } from '../../../preload/contract/channels.ts';
import type { Reply } from '../../../preload/contract/reply.ts';
import { isTrusted, type Sender } from './sender.ts';

/** Flat on purpose: it survives the structured clone as it is, and the page parses it. */
export type EventDetail = Readonly<Record<string, string | number | boolean | null>>;

export interface IpcDoor {
  /** Where our page lives: `app://countersign`. */
  readonly origin: string;
  readonly windows: () => readonly WebContents[];
  readonly dispatch: (channel: string, input: unknown) => Promise<Reply>;
  readonly onEvent: (listener: (name: EventName, detail: EventDetail) => void) => () => void;
  /** A stranger called: for the log. */
  readonly onStranger: (channel: string, url: string | undefined) => void;
}

export interface IpcServer {
  /** What the shell itself asks of the page. A page that is still loading gets it as soon as it listens. */
  ask(name: EventName, detail: EventDetail): void;
  stop(): void;
}

// Of things asked while nobody listened only the last ones still mean something.
const MOST_KEPT = 5;

function describeSender(event: IpcMainInvokeEvent, windows: readonly WebContents[]): Sender {
  const frame = event.senderFrame;
  return { url: frame?.url, isTopFrame: frame !== null && frame === event.sender.mainFrame, isOwnWindow: windows.includes(event.sender) };
}

/** Serves every channel, until it is stopped. */
export function serveIpc(door: IpcDoor): IpcServer {
  const listening = new WeakSet<WebContents>();
  const watched = new WeakSet<WebContents>();
  let kept: { readonly name: EventName; readonly detail: EventDetail }[] = [];

  const serve = (channel: string, answer: (event: IpcMainInvokeEvent, input: unknown) => Promise<Reply>): void => {
    ipcMain.handle(`ca:${channel}`, async (event, input: unknown): Promise<Reply> => {
      const sender = describeSender(event, door.windows());
      if (isTrusted(sender, door.origin)) return answer(event, input);
      door.onStranger(channel, sender.url);
      return { ok: false, error: { code: 'untrusted-sender', message: 'Only the window of Countersign may ask this.' } };
    });
  };

  for (const channel of CHANNELS) serve(channel, (_event, input) => door.dispatch(channel, input));

  serve('listening', ({ sender }) => {
    listening.add(sender);
    if (!watched.has(sender)) {
      watched.add(sender);
      // A page that is loaded anew listens anew.
      sender.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
        if (isMainFrame && !isSameDocument) listening.delete(sender);
      });
    }
    const waiting = kept;
    kept = [];
    for (const { name, detail } of waiting) sender.send('ca:event', name, detail);
    return Promise.resolve({ ok: true, value: null });
  });

  const unsubscribe = door.onEvent((name, detail) => {
    for (const contents of door.windows()) if (!contents.isDestroyed()) contents.send('ca:event', name, detail);
  });

  return {
    ask: (name, detail) => {
      const contents = door.windows().find((one) => !one.isDestroyed() && listening.has(one));
      if (contents === undefined) kept = [...kept, { name, detail }].slice(-MOST_KEPT);
      else contents.send('ca:event', name, detail);
    },
    stop: () => {
      unsubscribe();
      for (const channel of [...CHANNELS, 'listening']) ipcMain.removeHandler(`ca:${channel}`);
    },
  };
}
