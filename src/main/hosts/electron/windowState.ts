/**
 * Where the window was and what was said once, kept beside Chromium's files in `window-state.json`. Free of Electron: the displays come in as
 * rectangles. Whatever the file holds, the window that comes out can be seen and reached.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** Of the window when it is not maximized; undefined: where the system puts it. */
  readonly bounds: Rectangle | undefined;
  readonly maximized: boolean;
  /** The admin has read that a closed window leaves the listener running. */
  readonly toldOfTray: boolean;
}

export const DEFAULT_SIZE = { width: 1200, height: 800 } as const;
export const SMALLEST_SIZE = { width: 480, height: 400 } as const;

const NEW: WindowState = { bounds: undefined, maximized: false, toldOfTray: false };

// So much of the title bar has to lie on a display for a hand to find it.
const GRIP = { width: 120, height: 40 } as const;

/** The state a file's text tells; a new one for anything else. */
export function readWindowState(text: string): WindowState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NEW;
  }
  if (typeof value !== 'object' || value === null) return NEW;
  const { bounds, maximized, toldOfTray } = value as Readonly<Record<string, unknown>>;
  return { bounds: isRectangle(bounds) ? bounds : undefined, maximized: maximized === true, toldOfTray: toldOfTray === true };
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false;
  const sides = value as Readonly<Record<string, unknown>>;
  return ['x', 'y', 'width', 'height'].every((side) => Number.isSafeInteger(sides[side])) && Number(sides.width) > 0 && Number(sides.height) > 0;
}

/**
 * The bounds for displays as they are now (work areas, the primary one first): the same where the title bar can still be grasped, else moved
 * onto the display that it was nearest to, never larger than that. Undefined where there is nothing to go by.
 */
export function clampBounds(bounds: Rectangle | undefined, displays: readonly Rectangle[]): Rectangle | undefined {
  const home = bounds === undefined ? undefined : nearest(bounds, displays);
  if (bounds === undefined || home === undefined) return undefined;
  const width = Math.max(SMALLEST_SIZE.width, Math.min(bounds.width, home.width));
  const height = Math.max(SMALLEST_SIZE.height, Math.min(bounds.height, home.height));
  const graspable = displays.some((display) => shared(bounds.x, width, display.x, display.width) >= GRIP.width && bounds.y >= display.y && bounds.y + GRIP.height <= display.y + display.height);
  if (graspable) return { x: bounds.x, y: bounds.y, width, height };
  return { x: between(bounds.x, home.x, home.x + home.width - width), y: between(bounds.y, home.y, home.y + home.height - height), width, height };
}

const shared = (a: number, aLength: number, b: number, bLength: number): number => Math.min(a + aLength, b + bLength) - Math.max(a, b);
const between = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));

function nearest(bounds: Rectangle, displays: readonly Rectangle[]): Rectangle | undefined {
  const gap = (display: Rectangle): number => Math.max(0, -shared(bounds.x, bounds.width, display.x, display.width)) + Math.max(0, -shared(bounds.y, bounds.height, display.y, display.height));
  return displays.reduce<Rectangle | undefined>((best, display) => (best === undefined || gap(display) < gap(best) ? display : best), undefined);
}

export interface WindowMemory {
  readonly state: () => WindowState;
  /** Keeps what is given beside what is known; a disk that refuses costs a window's place and nothing else. */
  remember(change: Partial<WindowState>): void;
}

/** The memory of one data folder; `onTrouble` hears of a file that cannot be written. */
export function openWindowMemory(file: string, onTrouble: (problem: string) => void): WindowMemory {
  let state = readWindowState(readText(file));
  return {
    state: () => state,
    remember: (change) => {
      state = { ...state, ...change };
      try {
        // At once, for a window that closes is followed by the process; a hundred bytes do not hold it up.
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        writeFileSync(`${file}.new`, JSON.stringify(state));
        renameSync(`${file}.new`, file);
      } catch (error) {
        onTrouble(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
