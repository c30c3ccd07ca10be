/**
 * The admin window: a sandboxed page of our own that asks for nothing, goes nowhere and opens nothing. What it shows is the renderer's.
 */
import { app, BrowserWindow, nativeTheme, screen, session, type Session, type WebContents } from 'electron';
import { APP_ORIGIN } from './assets.ts';
import { isPermitted } from './permissions.ts';
import { clampBounds, DEFAULT_SIZE, SMALLEST_SIZE, type Rectangle, type WindowMemory } from './windowState.ts';

/** A session without a disk cache: what an admin looked at is not left behind. */
export function openSession(): Session {
  const own = session.fromPartition('countersign', { cache: false });
  own.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl, isMainFrame }) => {
    decide(isPermitted(permission, requestingUrl, isMainFrame));
  });
  own.setPermissionCheckHandler((_contents, permission, origin, { isMainFrame }) => isPermitted(permission, origin, isMainFrame));
  own.setDevicePermissionHandler(() => false);
  return own;
}

/** Holds any page in place. Applied to every WebContents that is ever made, not only to ours. */
export function confine(contents: WebContents): void {
  // Nothing is handed to the system's browser either: no page of ours links outwards, and an address can carry away what the page knows.
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
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

/** The page's own ground in both schemes, so that a window does not flash before it has painted. */
const ground = (): string => (nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff');

/** What the system's own bars leave free, the primary display first. */
function workAreas(): readonly Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  return [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)].map(({ workArea }) => workArea);
}

export interface WindowFiles {
  readonly preload: string;
  readonly icon: string;
}

/** Opens the window where it last was and loads the page; it shows itself once there is something to see. */
export function openWindow(own: Session, files: WindowFiles, memory: WindowMemory): BrowserWindow {
  const window = new BrowserWindow({
    ...DEFAULT_SIZE,
    ...clampBounds(memory.state().bounds, workAreas()),
    minWidth: SMALLEST_SIZE.width,
    minHeight: SMALLEST_SIZE.height,
    show: false,
    title: 'Countersign',
    icon: files.icon,
    backgroundColor: ground(),
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
    if (memory.state().maximized) window.maximize();
    window.show();
  });
  followTheme(window);
  keepPlace(window, memory);
  void window.loadURL(`${APP_ORIGIN}/index.html`);
  return window;
}

function followTheme(window: BrowserWindow): void {
  const repaint = (): void => {
    window.setBackgroundColor(ground());
  };
  nativeTheme.on('updated', repaint);
  window.once('closed', () => {
    nativeTheme.off('updated', repaint);
  });
}

// A drag tells of every pixel; its end is what counts. Kept before the close too, for not every end of a process closes windows.
const SETTLE_MS = 500;

function keepPlace(window: BrowserWindow, memory: WindowMemory): void {
  let timer: NodeJS.Timeout | undefined;
  const keep = (): void => {
    clearTimeout(timer);
    if (!window.isDestroyed()) memory.remember({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(keep, SETTLE_MS);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('maximize', later);
  window.on('unmaximize', later);
  window.on('close', keep);
  window.once('closed', () => {
    clearTimeout(timer);
  });
}
