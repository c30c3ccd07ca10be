/** What only the desktop can do, for the use cases: starting with the session, and the system's own dialog for files. */
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { app, dialog, type BrowserWindow, type SaveDialogOptions } from 'electron';
import type { Desktop } from '../../application/ports/desktop.ts';
import { err, ok } from '../../core/lib/result.ts';
import { type RunningProgram, autostartFile, loginCommand, readAutostart, writeAutostart } from './loginItem.ts';
import { safeName, writePrivateFile } from './saveFile.ts';

export interface DesktopParts {
  /** Where the data lies, if that is not where it would be looked for. */
  readonly dataDir: string | undefined;
  /** The window that a dialog belongs to. */
  readonly window: () => BrowserWindow | undefined;
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function createDesktop({ dataDir, window }: DesktopParts): Desktop {
  const program: RunningProgram = { execPath: process.execPath, appPath: app.isPackaged ? undefined : app.getAppPath(), appImage: process.env.APPIMAGE, dataDir };
  let lastFolder: string | undefined;

  return {
    available: true,
    platform: process.platform,

    startAtLogin: () => (process.platform === 'linux' ? readAutostart(autostartFile(process.env, homedir())) : Promise.resolve(app.getLoginItemSettings(loginItem(program)).openAtLogin)),

    setStartAtLogin: async (on) => {
      try {
        if (process.platform === 'linux') await writeAutostart(autostartFile(process.env, homedir()), on ? program : undefined);
        else app.setLoginItemSettings({ openAtLogin: on, ...loginItem(program) });
        return ok(undefined);
      } catch (error) {
        return err(`The system does not take it: ${sentence(error)}`);
      }
    },

    saveFile: async ({ name, bytes }) => {
      const options: SaveDialogOptions = { defaultPath: join(lastFolder ?? app.getPath('downloads'), safeName(name)), properties: ['createDirectory', 'showOverwriteConfirmation'] };
      const parent = window();
      const { canceled, filePath } = await (parent === undefined ? dialog.showSaveDialog(options) : dialog.showSaveDialog(parent, options));
      if (canceled || filePath === '') return ok(null);
      try {
        await writePrivateFile(filePath, bytes);
      } catch (error) {
        return err(`The file cannot be written: ${sentence(error)}`);
      }
      lastFolder = dirname(filePath);
      return ok(filePath);
    },
  };
}

/** Windows compares these to tell the item; macOS takes no arguments and says at the start that it was the session's (start.ts). */
function loginItem(program: RunningProgram): { readonly path?: string; readonly args?: string[] } {
  if (process.platform !== 'win32') return {};
  const { program: path, args } = loginCommand(program);
  return { path, args: args.map((arg) => (/[\s"]/.test(arg) ? `"${arg.replaceAll('"', '\\"')}"` : arg)) };
}
