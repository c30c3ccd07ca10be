/** A desktop session as far as a keychain needs one: a D-Bus of its own and gnome-keyring on it, unlocked as a login unlocks it, with its files in one folder. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram, waitFor } from './interopPrograms.ts';

export interface DesktopSession {
  /** What programs started in this session inherit. */
  readonly env: Readonly<Record<string, string | undefined>>;
  logOut(): Promise<void>;
}

/** The environment of somebody who has a home and no desktop: no bus can be found. */
export function withoutDesktop(home: string): Readonly<Record<string, string | undefined>> {
  const run = join(home, 'run');
  mkdirSync(run, { recursive: true, mode: 0o700 });
  return { HOME: home, XDG_DATA_HOME: join(home, 'data'), XDG_RUNTIME_DIR: run, DBUS_SESSION_BUS_ADDRESS: undefined, DISPLAY: undefined, WAYLAND_DISPLAY: undefined };
}

/** Logs in: the same home keeps the same keyring over sessions. */
export async function logIn(home: string, password: string): Promise<DesktopSession> {
  const base = withoutDesktop(home);
  const bus = startProgram('dbus-daemon', ['--session', '--nofork', '--print-address'], { env: base, patience: 300_000 });
  const address = await waitFor('the session bus', () => /^unix:\S+$/m.exec(bus.said())?.[0]);
  const env = { ...base, DBUS_SESSION_BUS_ADDRESS: address };
  // The password comes by standard input: on no argument list, not even this one.
  const keyring = startProgram('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], { env, input: password, patience: 300_000 });
  await waitFor('the Secret Service', async () => {
    const asked = startProgram('dbus-send', ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets'], { env });
    return (await asked.done).stdout.includes('boolean true') ? true : undefined;
  });
  return {
    env,
    logOut: async () => {
      await keyring.end();
      await bus.end();
    },
  };
}
