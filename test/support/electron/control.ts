/** The desk that the test's hands reach: over the fork's channel, one method after the other, each answered with a value or with words. */
import { app } from './app.ts';
import { type Bounds, BrowserWindow } from './browserWindow.ts';
import { browser } from './chromium.ts';
import { dialogs, Menu, nativeTheme, Notification, opened, powerMonitor, Tray } from './desktopParts.ts';
import { Session } from './session.ts';
import { WebContents, wishes } from './webContents.ts';

const onlyWindow = (): BrowserWindow => {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) throw new Error('no window is open');
  return window;
};

const tray = (): Tray => {
  const [one] = Tray.all;
  if (one === undefined) throw new Error('there is no tray');
  return one;
};

/** Everything that can be looked at, as data. */
function look() {
  return {
    windows: BrowserWindow.getAllWindows().map((window) => ({
      url: window.webContents.getURL(),
      visible: window.isVisible(),
      focused: window.isFocused(),
      maximized: window.isMaximized(),
      minimized: window.isMinimized(),
      bounds: window.getNormalBounds(),
      backgroundColor: window.backgroundColor,
      webPreferences: window.webPreferences,
    })),
    tray: Tray.all.map(({ toolTip, menu }) => ({ toolTip, menu: menu?.toJSON() ?? [] })),
    menu: Menu.getApplicationMenu()?.toJSON() ?? [],
    badge: app.badge,
    loginItem: app.loginItem,
    notifications: Notification.shown.map(({ title, body }) => ({ title, body })),
    dialogs: dialogs.asked,
    opened,
    wishes,
  };
}

const methods = {
  look,
  clickMenu: (path: readonly string[]) => Menu.getApplicationMenu()?.click(path),
  clickTray: () => void tray().emit('click'),
  clickTrayMenu: (id: string) => tray().menu?.click([id]),
  clickNotification: (index: number) => void Notification.shown[index]?.emit('click'),
  answerSaveDialog: (path: string) => void dialogs.answers.push(path),
  closeWindow: () => onlyWindow().closing(),
  moveWindow: (bounds: Bounds) => onlyWindow().setBounds(bounds),
  maximizeWindow: () => onlyWindow().maximize(),
  minimizeWindow: () => onlyWindow().minimize(),
  blurWindow: () => onlyWindow().blur(),
  power: (event: string) => void powerMonitor.emit(event),
  setDark: (dark: boolean) => {
    nativeTheme.shouldUseDarkColors = dark;
    nativeTheme.emit('updated');
  },
  permits: (permission: string, url: string, isMainFrame: boolean) => onlyWindow().webContents.session.permits(onlyWindow().webContents, permission, url, isMainFrame),
  /** The window's top frame on a page of somebody else's, with our preload in it. */
  leadAway: (address: string) => onlyWindow().webContents.leadAway(address),
  /** Another WebContents that speaks IPC, on the same origin or any other. */
  openForeign: async (address: string) => {
    const contents = new WebContents({ session: address.startsWith('app:') ? onlyWindow().webContents.session : new Session(), preload: undefined });
    await (address.startsWith('app:') ? contents.loadURL(address) : contents.leadAway(address));
  },
  quit: () => app.quit(),
} as const;

export type Methods = typeof methods;

/** Listens to the process that forked this one; without it there is nothing to stay for. */
export function serveControl(): void {
  if (process.send === undefined) return;
  process.on('message', ({ id, method, args }: { readonly id: number; readonly method: keyof Methods; readonly args: readonly unknown[] }) => {
    const run = methods[method] as (...all: readonly unknown[]) => unknown;
    Promise.resolve()
      .then(() => run(...args))
      .then(
        (value) => process.send?.({ id, value }),
        (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
      );
  });
  process.on('disconnect', () => app.exit(1));
  app.once('ready', () => void browser().then(({ endpoint }) => process.send?.({ ready: endpoint })));
}
