/** BrowserWindow: the state that a window manager would keep, around a WebContents. */
import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { emitPreventable } from './events.ts';
import type { Session} from './session.ts';
import { session } from './session.ts';
import { WebContents } from './webContents.ts';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface WindowOptions extends Partial<Bounds> {
  readonly show?: boolean;
  readonly title?: string;
  readonly backgroundColor?: string;
  readonly webPreferences?: { readonly session?: Session; readonly preload?: string } & Readonly<Record<string, unknown>>;
}

const WORK_AREA = { width: 1920, height: 1040 };
const desktop: { focused: BrowserWindow | undefined } = { focused: undefined };

export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  readonly webPreferences: Readonly<Record<string, unknown>>;
  readonly title: string;
  backgroundColor: string | undefined;
  private bounds: Bounds;
  private visible: boolean;
  private maximized = false;
  private minimized = false;
  private destroyed = false;

  static getAllWindows(): readonly BrowserWindow[] {
    return [...app.windows] as BrowserWindow[];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return desktop.focused ?? null;
  }

  constructor({ x, y, width = 800, height = 600, show = true, title = '', backgroundColor, webPreferences = {} }: WindowOptions = {}) {
    super();
    this.bounds = { x: x ?? Math.round((WORK_AREA.width - width) / 2), y: y ?? Math.round((WORK_AREA.height - height) / 2), width, height };
    this.visible = show;
    this.title = title;
    this.backgroundColor = backgroundColor;
    const { session: own, preload, ...rest } = webPreferences;
    this.webPreferences = rest;
    app.windows.add(this);
    this.webContents = new WebContents({ session: own ?? session.fromPartition(''), preload });
    this.webContents.once('destroyed', () => this.end());
    this.webContents.on('close-wished', () => this.close());
    void this.webContents.resize(width, height);
  }

  async loadURL(address: string): Promise<void> {
    try {
      await this.webContents.loadURL(address);
    } catch (error) {
      if (!this.destroyed) throw error;
    }
    if (!this.destroyed) this.emit('ready-to-show');
  }

  show(): void {
    this.visible = true;
    this.emit('show');
    this.focus();
  }

  hide(): void {
    this.visible = false;
    if (desktop.focused === this) this.blur();
    this.emit('hide');
  }

  focus(): void {
    desktop.focused = this;
    this.emit('focus');
  }

  blur(): void {
    if (desktop.focused === this) desktop.focused = undefined;
    this.emit('blur');
  }

  isFocused(): boolean {
    return desktop.focused === this;
  }

  isVisible(): boolean {
    return this.visible;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  isMaximized(): boolean {
    return this.maximized;
  }

  isMinimized(): boolean {
    return this.minimized;
  }

  /** Shows a hidden window too, as Electron does. */
  maximize(): void {
    this.maximized = true;
    this.visible = true;
    this.emit('maximize');
  }

  unmaximize(): void {
    this.maximized = false;
    this.emit('unmaximize');
  }

  minimize(): void {
    this.minimized = true;
    this.blur();
    this.emit('minimize');
  }

  restore(): void {
    this.minimized = false;
    this.emit('restore');
  }

  getNormalBounds(): Bounds {
    return this.bounds;
  }

  setBounds(bounds: Bounds): void {
    this.bounds = bounds;
    this.emit('move');
    this.emit('resize');
    void this.webContents.resize(bounds.width, bounds.height);
  }

  setBackgroundColor(colour: string): void {
    this.backgroundColor = colour;
  }

  setOverlayIcon(): void {}

  close(): void {
    void this.closing();
  }

  /** First the main process is asked, then the page, and where the page would stay the main process once more. */
  async closing(): Promise<void> {
    if (this.destroyed) return;
    if (emitPreventable(this, 'close') && ((await this.webContents.mayUnload()) || !emitPreventable(this.webContents, 'will-prevent-unload'))) this.destroy();
    else app.closePrevented();
  }

  destroy(): void {
    if (this.destroyed) return;
    void this.webContents.close().catch(() => undefined);
    this.end();
  }

  private end(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    if (desktop.focused === this) desktop.focused = undefined;
    this.emit('closed');
    app.windowClosed(this);
  }
}
