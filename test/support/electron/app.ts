/** app: its life in Electron's order, one instance for each userData folder, and what it was told to show or set. */
import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browser, closeBrowser } from './chromium.ts';
import { emitPreventable } from './events.ts';

export interface ClosableWindow {
  close(): void;
  destroy(): void;
}

const LOCK = 'standin.lock';
const KNOCK = 'standin-knock-';

class App extends EventEmitter {
  readonly isPackaged = false;
  readonly name = 'Countersign';
  readonly windows = new Set<ClosableWindow>();
  badge = 0;
  loginItem: object | undefined;
  private readonly paths = new Map<string, string>();
  private quitting = false;
  private ended = false;
  private lockFile: string | undefined;
  private ready: Promise<void> | undefined;

  whenReady(): Promise<void> {
    return (this.ready ??= browser().then(() => {
      this.emit('ready');
    }));
  }

  getAppPath(): string {
    return fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '');
  }

  getPath(name: string): string {
    return this.paths.get(name) ?? join(homedir(), name === 'downloads' ? 'Downloads' : name);
  }

  setPath(name: string, path: string): void {
    this.paths.set(name, path);
  }

  enableSandbox(): void {}
  setAppUserModelId(_id: string): void {}

  setBadgeCount(count: number): boolean {
    this.badge = count;
    return true;
  }

  setLoginItemSettings(settings: object): void {
    this.loginItem = settings;
  }

  getLoginItemSettings(): { readonly openAtLogin: boolean; readonly wasOpenedAtLogin: boolean } {
    return { openAtLogin: this.loginItem !== undefined && 'openAtLogin' in this.loginItem && this.loginItem.openAtLogin === true, wasOpenedAtLogin: false };
  }

  /** A lock file with the holder's process id; whoever comes second leaves its arguments beside it. */
  requestSingleInstanceLock(): boolean {
    const folder = this.getPath('userData');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, LOCK);
    for (;;) {
      try {
        writeFileSync(file, String(process.pid), { flag: 'wx' });
        break;
      } catch {
        if (isAlive(Number(readFileSync(file, 'utf8')))) {
          writeFileSync(join(folder, `${KNOCK}${process.pid}`), JSON.stringify(process.argv));
          return false;
        }
        rmSync(file, { force: true });
      }
    }
    this.lockFile = file;
    setInterval(() => this.hearKnocks(folder), 50).unref();
    return true;
  }

  private hearKnocks(folder: string): void {
    for (const name of readdirSync(folder).filter((one) => one.startsWith(KNOCK))) {
      const argv = readKnock(join(folder, name));
      if (argv === undefined) continue;
      rmSync(join(folder, name), { force: true });
      this.emit('second-instance', {}, argv, folder, undefined);
    }
  }

  quit(): void {
    if (this.ended || this.quitting) return;
    this.quitting = emitPreventable(this, 'before-quit');
    if (!this.quitting) return;
    if (this.windows.size === 0) {
      this.willQuit();
      return;
    }
    for (const window of [...this.windows]) window.close();
  }

  /** A window stayed open although it was told to close: nothing quits. */
  closePrevented(): void {
    this.quitting = false;
  }

  windowClosed(window: ClosableWindow): void {
    this.windows.delete(window);
    if (this.windows.size > 0) return;
    if (this.quitting) this.willQuit();
    else if (!this.emit('window-all-closed')) this.quit();
  }

  private willQuit(): void {
    if (!emitPreventable(this, 'will-quit')) {
      this.quitting = false;
      return;
    }
    this.exit(0);
  }

  exit(code = 0): void {
    if (this.ended) return;
    this.ended = true;
    this.emit('quit', {}, code);
    if (this.lockFile !== undefined) rmSync(this.lockFile, { force: true });
    const leave = (): void => process.exit(code);
    setTimeout(leave, 5_000).unref();
    void closeBrowser().then(leave, leave);
  }
}

function readKnock(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch {
    // Still being written.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export const app = new App();
