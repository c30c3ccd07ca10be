/**
 * The admin window: a sandboxed page of our own that asks for nothing, goes nowhere and opens nothing. What it shows is the renderer's.
 */
import { app, BrowserWindow, session, shell, type Session, type WebContents } from 'electron';
import { APP_ORIGIN } from './assets.ts';

/** A session without a disk cache: what an admin looked at is not left behind. */
export function openSession(): Session {
  const own = session.fromPartition('countersign', { cache: false });
  own.setPermissionRequestHandler((_contents, _permission, decide) => {
    decide(false);
  });
  own.setPermissionCheckHandler(() => false);
  own.setDevicePermissionHandler(() => false);
  return own;
}

/** Only https, and only to the system's browser: any other scheme may start a program. */
function handToBrowser(address: string): void {
  if (URL.parse(address)?.protocol === 'https:') void shell.openExternal(address);
}

/** Holds any page in place. Applied to every WebContents that is ever made, not only to ours. */
export function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(({ url }) => {
    handToBrowser(url);
    return { action: 'deny' };
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !event.url.startsWith(`${APP_ORIGIN}/`)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
}

export interface WindowFiles {
  readonly preload: string;
  readonly icon: string;
}

/** Opens the window and loads the page; it shows itself once there is something to see. */
export function openWindow(own: Session, files: WindowFiles): BrowserWindow {
  const window = new BrowserWindow({
    width: 1200,
    height: 800,
    minWidth: 480,
    minHeight: 400,
    show: false,
    title: 'Countersign',
    icon: files.icon,
    webPreferences: {
      session: own,
      preload: files.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  void window.loadURL(`${APP_ORIGIN}/index.html`);
  return window;
}
