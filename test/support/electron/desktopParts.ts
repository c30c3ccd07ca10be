/** What a desktop shows around windows: menus, tray, notifications, dialogs, displays. Recorded here; control.ts lets the test take it up. */
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { app } from './app.ts';
import { BrowserWindow } from './browserWindow.ts';

export interface MenuItemOptions {
  readonly id?: string;
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly accelerator?: string;
  readonly enabled?: boolean;
  readonly click?: (item: MenuItemOptions, window: BrowserWindow | null, event: object) => void;
  readonly submenu?: readonly MenuItemOptions[] | Menu;
}

const ROLES: Readonly<Record<string, () => void>> = {
  quit: () => app.quit(),
  close: () => BrowserWindow.getFocusedWindow()?.close(),
  reload: () => BrowserWindow.getFocusedWindow()?.webContents.reload(),
};

/** What Electron calls a role's item. */
const ROLE_LABELS: Readonly<Record<string, string>> = { quit: 'Quit', close: 'Close Window', editMenu: 'Edit', appMenu: 'Countersign', windowMenu: 'Window', reload: 'Reload' };

export class Menu {
  static application: Menu | null = null;
  readonly items: readonly MenuItemOptions[];

  private constructor(items: readonly MenuItemOptions[]) {
    this.items = items;
  }

  static buildFromTemplate(template: readonly MenuItemOptions[]): Menu {
    return new Menu(
      template.map((item) => {
        const { submenu, role } = item;
        if (item.label === undefined && role === undefined && item.type !== 'separator') throw new Error('a menu item needs a label, a role or a type');
        return { ...item, label: item.label ?? ROLE_LABELS[role ?? ''] ?? role ?? '', ...(submenu === undefined ? {} : { submenu: submenu instanceof Menu ? submenu : Menu.buildFromTemplate(submenu) }) };
      }),
    );
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.application = menu;
  }

  static getApplicationMenu(): Menu | null {
    return Menu.application;
  }

  /** The item at a path of labels or ids. */
  find([first, ...rest]: readonly string[]): MenuItemOptions {
    const item = this.items.find(({ id, label }) => id === first || label === first);
    if (item === undefined) throw new Error(`there is no item ${first}: ${this.items.map(({ label }) => label).join(', ')}`);
    if (rest.length === 0) return item;
    if (!(item.submenu instanceof Menu)) throw new Error(`${first} has no submenu`);
    return item.submenu.find(rest);
  }

  /** As a hand would: what is disabled does nothing. */
  click(path: readonly string[]): void {
    const item = this.find(path);
    if (item.enabled === false) throw new Error(`${path.join(' > ')} is disabled`);
    if (item.click !== undefined) item.click(item, BrowserWindow.getFocusedWindow(), {});
    else ROLES[item.role ?? '']?.();
  }

  /** As data, for the test. */
  toJSON(): readonly object[] {
    return this.items.map(({ id, label, role, type, accelerator, enabled, submenu }) => ({ id, label, role, type, accelerator, enabled: enabled !== false, ...(submenu instanceof Menu ? { submenu: submenu.toJSON() } : {}) }));
  }
}

class NativeImage {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  resize(): NativeImage {
    return this;
  }

  isEmpty(): boolean {
    return this.source === '';
  }
}

export const nativeImage = {
  /** Empty for a file that is not there, as Electron has it. */
  createFromPath: (path: string): NativeImage => new NativeImage(existsSync(path) ? path : ''),
  createFromBitmap: (pixels: Buffer, { width, height }: { readonly width: number; readonly height: number }): NativeImage => {
    if (pixels.length !== width * height * 4) throw new Error('the bitmap has another size');
    return new NativeImage('bitmap');
  },
};

export class Tray extends EventEmitter {
  static all: Tray[] = [];
  readonly image: NativeImage;
  toolTip = '';
  menu: Menu | null = null;

  constructor(image: NativeImage) {
    super();
    if (image.isEmpty()) throw new Error('Failed to load image');
    this.image = image;
    Tray.all.push(this);
  }

  setToolTip(text: string): void {
    this.toolTip = text;
  }

  setContextMenu(menu: Menu | null): void {
    this.menu = menu;
  }
}

export class Notification extends EventEmitter {
  static shown: Notification[] = [];
  readonly title: string;
  readonly body: string;

  static isSupported(): boolean {
    return true;
  }

  constructor({ title, body }: { readonly title: string; readonly body: string }) {
    super();
    this.title = title;
    this.body = body;
  }

  show(): void {
    Notification.shown.push(this);
    this.emit('show');
  }
}

interface SaveAnswer {
  readonly canceled: boolean;
  readonly filePath: string;
}

/** What was asked, and what the test wants answered next; without an answer a dialog is cancelled. */
export const dialogs: { readonly asked: object[]; readonly answers: string[] } = { asked: [], answers: [] };

export const dialog = {
  showSaveDialog: (...args: readonly unknown[]): Promise<SaveAnswer> => {
    dialogs.asked.push({ kind: 'save', ...(args.at(-1) as object), hasParent: args.length > 1 });
    const filePath = dialogs.answers.shift();
    return Promise.resolve({ canceled: filePath === undefined, filePath: filePath ?? '' });
  },
  showErrorBox: (title: string, content: string): void => {
    dialogs.asked.push({ kind: 'error', title, content });
    console.error(`${title}: ${content}`);
  },
};

export const opened: string[] = [];

export const shell = {
  openExternal: (address: string): Promise<void> => {
    opened.push(address);
    return Promise.resolve();
  },
};

class NativeTheme extends EventEmitter {
  shouldUseDarkColors = false;
}

export const nativeTheme = new NativeTheme();
export const powerMonitor = new EventEmitter();

interface Display {
  readonly id: number;
  readonly workArea: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

const PRIMARY: Display = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } };

export const screen = {
  getPrimaryDisplay: (): Display => PRIMARY,
  getAllDisplays: (): readonly Display[] => [PRIMARY],
};
