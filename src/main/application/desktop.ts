/** What only the desktop app offers: start at login, and the system's own dialog for saving a file. Elsewhere it is refused with words. */
import { fromBase64 } from '../core/lib/bytes.ts';
import { err, ok } from '../core/lib/result.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { Deps, Outcome, Refusal } from './deps.ts';
import type { Desktop } from './ports/desktop.ts';

export interface DesktopDeps extends Deps {
  readonly desktop: Desktop;
}

export interface DesktopStatus {
  readonly available: boolean;
  readonly platform: string;
  readonly startAtLogin: boolean;
}

const ONLY_ON_DESKTOP: Refusal = { code: 'only-on-desktop', message: 'Only the desktop app can do this.', hint: 'In a browser, download the file; a server is started by its system’s own service manager.' };

/** What a host without a desktop shell has. */
export function noDesktop(platform: string): Desktop {
  return {
    available: false,
    platform,
    startAtLogin: () => Promise.resolve(false),
    setStartAtLogin: () => Promise.resolve(err(ONLY_ON_DESKTOP.message)),
    saveFile: () => Promise.resolve(err(ONLY_ON_DESKTOP.message)),
  };
}

/** Whether there is a desktop shell, and how it is set. */
export async function desktopStatus({ desktop }: DesktopDeps): Promise<DesktopStatus> {
  return { available: desktop.available, platform: desktop.platform, startAtLogin: await desktop.startAtLogin() };
}

/** Sets whether the app starts when its user logs in. */
export async function configureDesktop(deps: DesktopDeps, input: { readonly startAtLogin: boolean }, actor: Actor): Outcome<DesktopStatus> {
  if (!deps.desktop.available) return err(ONLY_ON_DESKTOP);
  const before = await deps.desktop.startAtLogin();
  if (before === input.startAtLogin) return ok(await desktopStatus(deps));
  const set = await deps.desktop.setStartAtLogin(input.startAtLogin);
  await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [],
    changes: [],
    audit: [
      {
        action: 'desktop.configure',
        subject: 'desktop',
        outcome: set.ok ? 'ok' : 'failed',
        code: set.ok ? 'done' : 'desktop-failed',
        detail: { startAtLogin: input.startAtLogin, startAtLoginBefore: before },
      },
    ],
  });
  return set.ok ? ok(await desktopStatus(deps)) : err({ code: 'desktop-failed', message: set.error });
}

/** Saves a file where the user says; `path` is null where the dialog was cancelled. */
export async function saveFile(deps: DesktopDeps, input: { readonly name: string; readonly mediaType: string; readonly base64: string }): Outcome<{ readonly path: string | null }> {
  if (!deps.desktop.available) return err(ONLY_ON_DESKTOP);
  const bytes = fromBase64(input.base64);
  if (bytes === undefined) return err({ code: 'invalid-input', message: 'base64: is no base64.' });
  const saved = await deps.desktop.saveFile({ name: plainName(input.name), mediaType: input.mediaType, bytes });
  return saved.ok ? ok({ path: saved.value }) : err({ code: 'desktop-failed', message: saved.error });
}

/** A proposed name never leads into another folder; which one it is, the user chooses. */
const plainName = (name: string): string => name.replace(/^.*[/\\]/, '').replace(/^\.+/, '').replace(/[<>:"|?*]/g, '-') || 'file';
