/**
 * The desktop host: the same composition as the headless one, with a window over IPC. The device listener outlives the window; the tray says so.
 * Nothing opens a database or a port before this is known to be the only instance.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, dialog, type BrowserWindow } from 'electron';
import { serveIpc } from '../../adapters/ipc/serveIpc.ts';
import { createLog } from '../../adapters/system/log.ts';
import { LISTENER_SETTING } from '../../application/listener.ts';
import { unlockVault } from '../../application/vault.ts';
import type { Actor } from '../../core/ca/audit.ts';
import { compose, type Composition } from '../compose.ts';
import { DATA_OPTION, DEFAULT_SCEP_HOST, DEFAULT_SCEP_PORT, resolveDataDir } from '../config.ts';
import { findProduct } from '../product.ts';
import { registerAppScheme, serveApp } from './appProtocol.ts';
import { APP_ORIGIN } from './assets.ts';
import { setMenu } from './menu.ts';
import { showTray } from './tray.ts';
import { confine, openSession, openWindow } from './window.ts';

const STARTER: Actor = { kind: 'admin', name: 'start-up' };
const ADMIN: Actor = { kind: 'admin', name: 'window' };

/** Starts the application; returns once its window is open, or at once where another instance has taken over. */
export async function start(): Promise<void> {
  const dataDir = readDataDir();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // Chromium's own files lie beside the data, so that "one instance" means one for each data folder.
  app.setPath('userData', join(dataDir, 'window'));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.enableSandbox();
  registerAppScheme();
  app.on('web-contents-created', (_event, contents) => {
    confine(contents);
  });
  // Without a listener Electron would quit with the last window, and devices would find nobody.
  app.on('window-all-closed', () => undefined);
  await app.whenReady();
  const house = await openHouse(dataDir);
  stopBeforeQuit(house);
  await face(house);
}

/** Only `--data`: what else a desktop user may set is set in the window. Chromium's own switches stand in the same list and are passed over. */
function readDataDir(): string {
  const { values } = parseArgs({ args: process.argv.slice(app.isPackaged ? 1 : 2), options: DATA_OPTION, strict: false });
  return resolveDataDir(typeof values.data === 'string' ? values.data : undefined, process.env);
}

/** The CA, with a keychain vault opened and the device listener where it was last put. What fails here is shown in the window, which is how it gets mended. */
async function openHouse(dataDir: string): Promise<Composition> {
  const log = createLog();
  const house = await compose({ dataDir, product: findProduct(), log });
  const { vault, store } = house.deps;
  if (vault.state() === 'locked' && vault.kind() === 'keychain') {
    const unlocked = await unlockVault(house.deps, {}, STARTER);
    if (!unlocked.ok) log('warn', 'start.locked', { code: unlocked.error.code });
  }
  const kept = (await store.read.setting(LISTENER_SETTING)) as { readonly host: string; readonly port: number } | undefined;
  const first = await house.listen(kept?.host ?? DEFAULT_SCEP_HOST, kept?.port ?? DEFAULT_SCEP_PORT);
  // A default port gives way to another program; an address that an admin chose does not, for devices know it.
  const listening = first.ok || kept !== undefined ? first : await house.listen(DEFAULT_SCEP_HOST, 0);
  if (!listening.ok) log('warn', 'start.not-listening', { problem: listening.error });
  return house;
}

/** The window, its bridge, the menu and the tray. */
async function face({ deps, door }: Composition): Promise<void> {
  const folder = app.getAppPath();
  const files = { preload: join(folder, 'out', 'preload', 'index.cjs'), icon: join(folder, 'resources', 'icon.png') };
  const own = openSession();
  serveApp(own, findProduct().rendererDir);
  let window: BrowserWindow | undefined;
  const stopServing = serveIpc({
    origin: APP_ORIGIN,
    windows: () => (window === undefined || window.isDestroyed() ? [] : [window.webContents]),
    dispatch: (channel, input) => door.call(channel, input, ADMIN),
    onEvent: (listener) => door.subscribe((name) => {
      listener(name);
    }),
    onStranger: (channel, url) => {
      deps.log('warn', 'ipc.stranger', { channel, url });
    },
  });
  app.once('will-quit', stopServing);

  const show = (): void => {
    if (window === undefined || window.isDestroyed()) {
      window = openWindow(own, files);
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };
  setMenu();
  const tray = showTray(files.icon, {
    show,
    quit: () => {
      app.quit();
    },
  });
  const tell = (): void => {
    const { baseUrl } = deps.listener.state();
    tray.tell(baseUrl === null ? 'Devices are not served' : `Devices are served at ${baseUrl}`);
  };
  tell();
  door.subscribe((name) => {
    if (name === 'listener.changed') tell();
  });
  app.on('second-instance', show);
  app.on('activate', show);
  show();
}

/** Devices that are being answered are answered; then the process goes. */
function stopBeforeQuit(house: Composition): void {
  let stopping: Promise<void> | undefined;
  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    stopping ??= house
      .stop()
      .catch((error: unknown) => {
        house.deps.log('error', 'stop.failed', { error: error instanceof Error ? error.message : String(error) });
      })
      .then(() => {
        stopped = true;
        app.quit();
      });
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      app.quit();
    });
  }
}

/** A start that fails has no window to say so. */
export function tellFailure(error: unknown): void {
  dialog.showErrorBox('Countersign cannot start', error instanceof Error ? error.message : String(error));
  app.exit(1);
}
