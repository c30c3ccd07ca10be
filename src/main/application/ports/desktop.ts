/** What only a desktop shell can do. The headless host has none: `noDesktop` stands in its place. */
import type { Result } from '../../core/lib/result.ts';

export interface FileToSave {
  /** A plain file name, which the dialog proposes. */
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface Desktop {
  readonly available: boolean;
  /** As Node names it: `linux`, `win32`, `darwin`. */
  readonly platform: string;
  startAtLogin(): Promise<boolean>;
  /** The error is one sentence: why the system did not take it. */
  setStartAtLogin(on: boolean): Promise<Result<void, string>>;
  /** Asks with the system's own dialog and writes the file; null where the dialog was cancelled. The error is one sentence. */
  saveFile(file: FileToSave): Promise<Result<string | null, string>>;
}
