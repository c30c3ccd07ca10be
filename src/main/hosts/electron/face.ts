/**
 * The CA's face on a desktop: the window over IPC, tray, menu, badge and notifications, joined over one composition. The device listener
 * outlives the window; the lock of the window outlives it too, for closing and opening again must not unlock anything.
 */
import { join } from 'node:path';
import { app, powerMonitor, type BrowserWindow } from 'electron';
import { serveIpc } from '../../adapters/ipc/serveIpc.ts';
import { lockVault } from '../../application/vault.ts';
import { openWindowSession } from '../../application/window.ts';
import type { Caller } from '../../admin/door.ts';
import type { Composition } from '../compose.ts';
import { findProduct } from '../product.ts';
import { serveApp } from './appProtocol.ts';
import { APP_ORIGIN } from './assets.ts';
import { showBadge } from './badge.ts';
import { HIDDEN_FLAG } from './loginItem.ts';
import { setMenu } from './menu.ts';
import { watchNewRequests } from './newRequests.ts';
import { notify } from './notify.ts';
import { showTray } from './tray.ts';
import { openSession, openWindow } from './window.ts';
import type { WindowMemory } from './windowState.ts';
import { type Situation, newRequestNote, stillRunningNote } from './words.ts';

export interface FaceParts {
  readonly house: Composition;
  readonly memory: WindowMemory;
  /** Starts without a window. */
  readonly hidden: boolean;
  readonly isQuitting: () => boolean;
  /** Where the host keeps the window for those who need one (dialogs). */
  readonly holder: WindowHolder;
}

export interface WindowHolder {
  window: BrowserWindow | undefined;
}

// Requests that come by the dozen change the tray once.
const REFRESH_MS = 200;
const MINUTE_MS = 60_000;

export async function showFace({ house: { deps, door }, memory, hidden, isQuitting, holder }: FaceParts): Promise<void> {
  const folder = app.getAppPath();
  const files = { preload: join(folder, 'out', 'preload', 'index.cjs'), icon: join(folder, 'resources', 'icon.png') };
  const own = openSession();
  serveApp(own, findProduct().rendererDir);

  const session = openWindowSession();
  const admin: Caller = { kind: 'admin', name: 'window', window: session };
  const live = (): BrowserWindow | undefined => (holder.window === undefined || holder.window.isDestroyed() ? undefined : holder.window);
  const ipc = serveIpc({
    origin: APP_ORIGIN,
    windows: () => [live()?.webContents].filter((contents) => contents !== undefined),
    dispatch: (channel, input) => door.call(channel, input, admin),
    onEvent: (listener) => door.subscribe(listener, session),
    onStranger: (channel, url) => {
      deps.log('warn', 'ipc.stranger', { channel, url });
    },
  });
  app.once('will-quit', ipc.stop);

  const situationOf = (waiting: number): Situation => ({ waiting, baseUrl: deps.listener.state().baseUrl, vault: deps.vault.state() });

  const lockWindow = async (): Promise<void> => {
    const reply = await door.call('window.lock', undefined, admin);
    // The page did not ask for it, so it is told to look.
    if (reply.ok) ipc.ask('status.changed', {});
  };

  /** Nobody looks after a closed window: it counts as idle. */
  let closedAt: number | undefined;
  const lockAfterAbsence = (): void => {
    const { idleMinutes } = deps.directory.settings();
    if (closedAt !== undefined && idleMinutes > 0 && performance.now() - closedAt >= idleMinutes * MINUTE_MS) void lockWindow();
    closedAt = undefined;
  };

  const open = (): void => {
    lockAfterAbsence();
    const window = openWindow(own, files, memory);
    holder.window = window;
    window.webContents.on('will-prevent-unload', (event) => {
      // The page holds something that is not saved and asks about it; an end of the whole app does not wait for the answer.
      if (isQuitting()) event.preventDefault();
      else window.show();
    });
    window.once('closed', () => {
      closedAt = performance.now();
      if (holder.window === window) holder.window = undefined;
      if (isQuitting() || memory.state().toldOfTray) return;
      memory.remember({ toldOfTray: true });
      notify(stillRunningNote(situationOf(waiting)), show);
    });
    window.once('show', () => {
      showBadge(waiting, window);
    });
  };

  const show = (): void => {
    const window = live();
    if (window === undefined) {
      open();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };

  const showPath = (path: string): void => {
    show();
    ipc.ask('desktop.open', { path });
  };

  setMenu((action) => {
    show();
    ipc.ask('desktop.action', { action });
  });
  const tray = showTray(files.icon, {
    show,
    showRequests: () => {
      showPath('/requests');
    },
    lockWindow: () => void lockWindow(),
    // Straight to the use case: to take keys away is never refused to a locked window's tray.
    lockVault: () => void lockVault(deps, { kind: 'admin', name: 'tray' }).catch(trouble),
    quit: () => {
      app.quit();
    },
  });

  const trouble = (error: unknown): void => {
    deps.log('error', 'shell.trouble', { error: error instanceof Error ? error.message : String(error) });
  };

  let waiting = 0;
  const refresh = async (): Promise<void> => {
    waiting = (await deps.store.read.countRequests()).pending;
    tray.tell(situationOf(waiting));
    showBadge(waiting, live());
  };

  const news = watchNewRequests({
    since: deps.clock.now(),
    read: (id) => deps.store.read.request(id),
    tell: (requests) => {
      // Whoever looks at the window sees it there.
      if (!deps.directory.settings().notifyRequests || live()?.isFocused() === true) return false;
      const [only] = requests;
      notify(newRequestNote(requests, session.locked), () => {
        showPath(requests.length === 1 && only !== undefined ? `/requests/${only.id}` : '/requests');
      });
      return true;
    },
    onTrouble: trouble,
  });

  let pending: NodeJS.Timeout | undefined;
  const unsubscribe = deps.events.subscribe((name, { id, state }) => {
    if (name === 'requests.changed' && state === 'pending' && typeof id === 'string') news.changed(id);
    pending ??= setTimeout(() => {
      pending = undefined;
      refresh().catch(trouble);
    }, REFRESH_MS);
  });
  // The store closes before the process ends: nothing asks it any more from here on.
  app.once('before-quit', () => {
    unsubscribe();
    news.stop();
    clearTimeout(pending);
  });

  app.on('second-instance', (_event, argv) => {
    if (!argv.includes(HIDDEN_FLAG)) show();
  });
  app.on('activate', show);
  powerMonitor.on('lock-screen', () => void lockWindow());
  powerMonitor.on('suspend', () => void lockWindow());
  powerMonitor.on('shutdown', () => {
    app.quit();
  });

  await refresh();
  if (!hidden) open();
}
