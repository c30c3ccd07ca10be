/** What holds for the whole product: read from the directory, changed field by field, each change audited with its old and new value. */
import { err, ok } from '../core/lib/result.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { Settings } from '../core/ca/settings.ts';
import type { Deps, Outcome } from './deps.ts';

export const SETTINGS_KEY = 'settings';

export type SettingsPatch = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

export const getSettings = ({ directory }: Deps): Settings => directory.settings();

/** Sets the given fields and leaves the others. */
export async function updateSettings(deps: Deps, patch: SettingsPatch, actor: Actor): Outcome<Settings> {
  const before = deps.directory.settings();
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Partial<Settings>;
  const wanted: Settings = { ...before, ...given };
  const publicBaseUrl = wanted.publicBaseUrl === null ? null : readBaseUrl(wanted.publicBaseUrl);
  if (publicBaseUrl === undefined) {
    return err({
      code: 'invalid-input',
      message: 'publicBaseUrl: must be http:// or https:// with a host, without a query.',
      hint: 'For example http://ca.office.lan:8080: devices fetch the revocation list there.',
    });
  }
  if (wanted.backupFolder !== null && !isAbsoluteFolder(wanted.backupFolder)) {
    return err({ code: 'invalid-input', message: 'backupFolder: must be a whole path, from the root or the drive on.', hint: 'For example /srv/backups, D:\\Backups or \\\\nas\\backups.' });
  }
  const after: Settings = { ...wanted, publicBaseUrl };
  const names = (Object.keys(after) as (keyof Settings)[]).filter((name) => after[name] !== before[name]);
  if (names.length === 0) return ok(before);
  const detail = Object.fromEntries(names.flatMap((name) => [[name, after[name]], [`${name}Before`, before[name]]]));
  await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [],
    changes: [{ kind: 'setting', key: SETTINGS_KEY, value: after }],
    audit: [{ action: 'settings.update', subject: 'settings', outcome: 'ok', code: 'done', detail }],
  });
  await deps.directory.refresh();
  deps.events.publish('status.changed');
  return ok(deps.directory.settings());
}

/** A path from the root, from a drive, or to another machine's share: a relative one would depend on where the program was started. */
const isAbsoluteFolder = (path: string): boolean => /^(?:\/|[A-Za-z]:[\\/]|\\\\[^\\/]+[\\/])/.test(path);

/** Without the slash at its end, so that paths can be put behind it; undefined where it is no base URL. */
function readBaseUrl(text: string): string | undefined {
  const match = /^(https?:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:\/[A-Za-z0-9._~/-]*)?)$/.exec(text);
  return match?.[1]?.replace(/\/+$/, '');
}
