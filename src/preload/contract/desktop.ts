/** desktop.*: what only the desktop app can do. The headless host answers `desktop.get` with `available: false` and refuses the rest. */
import { z } from 'zod';
import { base64, line, nothing } from './values.ts';

export const desktop = z.strictObject({
  available: z.boolean(),
  /** `linux`, `win32`, `darwin`. */
  platform: z.string(),
  startAtLogin: z.boolean(),
});

export const desktopChannels = {
  'desktop.get': { input: nothing, output: desktop },
  'desktop.configure': { input: z.strictObject({ startAtLogin: z.boolean() }), output: desktop },
  /** Asks with the system's own dialog where to put a file, and writes it; `path` is null where the dialog was cancelled. */
  'desktop.saveFile': { input: z.strictObject({ name: line(200), mediaType: line(100), base64 }), output: z.strictObject({ path: z.string().nullable() }) },
} as const;
