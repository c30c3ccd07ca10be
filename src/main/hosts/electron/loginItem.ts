/**
 * Starting with the desktop session: the command, and on Linux the autostart file (XDG Desktop Application Autostart). Windows and macOS keep
 * it themselves (desktopPort). Free of Electron.
 */
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** Starts without a window: devices are served, the tray is there. */
export const HIDDEN_FLAG = '--hidden';

export interface RunningProgram {
  readonly execPath: string;
  /** The product's folder while it runs from its sources' build; undefined in a package, whose program knows its own. */
  readonly appPath: string | undefined;
  /** An AppImage's own file: what it runs from is a mount that is gone at the next start. */
  readonly appImage: string | undefined;
  /** Where the data lies, if that is not where it would be looked for. */
  readonly dataDir: string | undefined;
}

/** What a session runs at its start. */
export function loginCommand({ execPath, appPath, appImage, dataDir }: RunningProgram): { readonly program: string; readonly args: readonly string[] } {
  return { program: appImage ?? execPath, args: [...(appPath === undefined ? [] : [appPath]), ...(dataDir === undefined ? [] : ['--data', dataDir]), HIDDEN_FLAG] };
}

/** An argument of an Exec key: quoted, with `"`, `` ` ``, `$` and `\` escaped, `%` doubled, and then escaped as every string of a desktop file. */
function execArgument(text: string): string {
  const quoted = `"${text.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;
  return quoted.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
}

/** The text of the autostart file. */
export function autostartText(program: RunningProgram): string {
  const { program: path, args } = loginCommand(program);
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Countersign',
    'Comment=Serves devices from the start of the session',
    `Exec=${[path, ...args].map(execArgument).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** Where a session looks for it. */
export function autostartFile(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const config = env.XDG_CONFIG_HOME;
  // A relative one is to be ignored (XDG Base Directory Specification): it would mean another place for each folder the app is started in.
  return join(config !== undefined && isAbsolute(config) ? config : join(home, '.config'), 'autostart', 'countersign.desktop');
}

/** Whether a session starts the program. */
export const readAutostart = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** Writes the file, or takes it away. */
export async function writeAutostart(file: string, program: RunningProgram | undefined): Promise<void> {
  if (program === undefined) {
    await rm(file, { force: true });
    return;
  }
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, autostartText(program));
}
