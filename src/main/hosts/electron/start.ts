/**
 * The desktop host: the same composition as the headless one, with a window over IPC (face.ts).
 * Nothing opens a database or a port before this is known to be the only instance.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, dialog } from 'electron';
import { createLog } from '../../adapters/system/log.ts';
import { compose, type Composition } from '../compose.ts';
import { DATA_OPTION, resolveDataDir } from '../config.ts';
import { listenAsKept, openByKeychain } from '../opening.ts';
import { findProduct } from '../product.ts';
import { registerAppScheme } from './appProtocol.ts';
import { createDesktop } from './desktop.ts';
import { showFace, type WindowHolder } from './face.ts';
import { confine } from './window.ts';
import { openWindowMemory } from './windowState.ts';

/** Also the application's id in electron-builder.json; Windows shows no notification without it. */
const APP_ID = 'app.countersign.desktop';

const STOP_MS = 10_000;

/** Starts the application; returns once its window is open, or at once where another instance has taken over. */
export async function start(): Promise<void> {
  const { dataDir, hidden } = readOptions();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // Chromium's own files lie beside the data, so that "one instance" means one for each data folder.
  app.setPath('userData', join(dataDir, 'window'));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.setAppUserModelId(APP_ID);
  app.enableSandbox();
  registerAppScheme();
  app.on('web-contents-created', (_event, contents) => {
    confine(contents);
  });
  // Without a listener Electron would quit with the last window, and devices would find nobody.
  app.on('window-all-closed', () => undefined);
  await app.whenReady();

  const log = createLog();
  const holder: WindowHolder = { window: undefined };
  // A session starts without the variables of a shell: a folder that it would not find by itself is named.
  const elsewhere = dataDir === resolveDataDir(undefined, { ...process.env, COUNTERSIGN_DATA: undefined }) ? undefined : dataDir;
  const house = await compose({ dataDir, product: findProduct(), log, desktop: createDesktop({ dataDir: elsewhere, window: () => holder.window }) });
  const isQuitting = stopBeforeQuit(house);
  await serveDevices(house);
  const memory = openWindowMemory(join(dataDir, 'window', 'window-state.json'), (problem) => {
    log('warn', 'window.not-remembered', { problem });
  });
  await showFace({ house, memory, hidden: hidden || (process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin), isQuitting, holder });
}

/** What else a desktop user may set is set in the window. Chromium's own switches stand in the same list and are passed over. */
function readOptions(): { readonly dataDir: string; readonly hidden: boolean } {
  const { values } = parseArgs({ args: process.argv.slice(app.isPackaged ? 1 : 2), options: { ...DATA_OPTION, hidden: { type: 'boolean' } }, strict: false });
  return { dataDir: resolveDataDir(typeof values.data === 'string' ? values.data : undefined, process.env), hidden: values.hidden === true };
}

/** What fails here is shown in the window, which is how it gets mended. */
async function serveDevices(house: Composition): Promise<void> {
  const { log } = house.deps;
  const opened = await openByKeychain(house);
  if (!opened.ok) log('warn', 'start.locked', { code: opened.error.code });
  const listening = await listenAsKept(house);
  if (!listening.ok) log('warn', 'start.not-listening', { problem: listening.error.message });
  else for (const remark of listening.value) log('warn', 'start.remark', { remark });
}

/** Devices that are being answered are answered; then the process goes. Says whether it is on its way out. */
function stopBeforeQuit(house: Composition): () => boolean {
  const { log } = house.deps;
  let stopping: Promise<void> | undefined;
  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    if (stopping !== undefined) return;
    setTimeout(() => {
      log('error', 'stop.too-slow');
      app.exit(1);
    }, STOP_MS).unref();
    stopping = house
      .stop()
      .catch((error: unknown) => {
        log('error', 'stop.failed', { error: error instanceof Error ? error.message : String(error) });
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
  return () => stopping !== undefined;
}

/** A start that fails has no window to say so. */
export function tellFailure(error: unknown): void {
  dialog.showErrorBox('Countersign cannot start', error instanceof Error ? error.message : String(error));
  app.exit(1);
}
