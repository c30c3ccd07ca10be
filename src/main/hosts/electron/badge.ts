/** The number of waiting requests on the dock or launcher; Windows has no number there, so its taskbar button gets a dot with words. */
import { app, nativeImage, type BrowserWindow } from 'electron';
import { waitingWords } from './words.ts';

const SIZE = 16;
/** Blue, green, red, alpha: the order that a bitmap has on every system. */
const RED = [0x3d, 0x3d, 0xe0, 0xff] as const;

/** The pixels of a round dot. */
function dot(): Buffer {
  const pixels = Buffer.alloc(SIZE * SIZE * 4);
  const middle = (SIZE - 1) / 2;
  for (let y = 0; y < SIZE; y++) for (let x = 0; x < SIZE; x++) if (Math.hypot(x - middle, y - middle) <= SIZE / 2) pixels.set(RED, (y * SIZE + x) * 4);
  return pixels;
}

export function showBadge(waiting: number, window: BrowserWindow | undefined): void {
  app.setBadgeCount(waiting);
  if (process.platform !== 'win32' || window === undefined || window.isDestroyed()) return;
  window.setOverlayIcon(waiting === 0 ? null : nativeImage.createFromBitmap(dot(), { width: SIZE, height: SIZE }), waiting === 0 ? '' : waitingWords(waiting));
}
