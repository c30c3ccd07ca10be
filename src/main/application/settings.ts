/** What holds for the whole product: read from the directory, changed field by field, each change audited with its old and new value. */
import { err, ok } from '../core/lib/result.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { Finding } from '../core/ca/enrolment.ts';
import { oldAddressFinding } from '../core/ca/publicAddress.ts';
import type { Settings } from '../core/ca/settings.ts';
import type { Deps, Outcome } from './deps.ts';
import { publicAddressFindings } from './publicAddress.ts';

export const SETTINGS_KEY = 'settings';

export type SettingsPatch = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

/** The settings, and where the public address among them may not last. */
export interface ShownSettings extends Settings {
  readonly findings: readonly Finding[];
}

export const getSettings = async (deps: Deps): Promise<ShownSettings> => ({ ...deps.directory.settings(), findings: await publicAddressFindings(deps) });

/** Sets the given fields and leaves the others. */
export async function updateSettings(deps: Deps, patch: SettingsPatch, actor: Actor): Outcome<ShownSettings> {
  const before = deps.directory.settings();
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Partial<Settings>;
  const wanted: Settings = { ...before, ...given };
  const publicBaseUrl = wanted.publicBaseUrl === null ? null : readBaseUrl(wanted.publicBaseUrl);
  if (publicBaseUrl === undefined) {
    return err({
      code: 'invalid-input',
      message: /^https:/i.test(wanted.publicBaseUrl ?? '')
        ? 'publicBaseUrl: must be plain http. To check the certificate of an https server a device would need the very revocation list that lies there (RFC 5280 8).'
        : 'publicBaseUrl: must be http:// with a host, without a query.',
      hint: 'For example http://ca.office.lan:8080: devices fetch the revocation list there, which is signed and needs no TLS.',
    });
  }
  if (wanted.backupFolder !== null && !isAbsoluteFolder(wanted.backupFolder)) {
    return err({ code: 'invalid-input', message: 'backupFolder: must be a whole path, from the root or the drive on.', hint: 'For example /srv/backups, D:\\Backups or \\\\nas\\backups.' });
  }
  const after: Settings = { ...wanted, publicBaseUrl };
  const names = (Object.keys(after) as (keyof Settings)[]).filter((name) => after[name] !== before[name]);
  if (names.length === 0) return ok(await getSettings(deps));
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
  const shown = await getSettings(deps);
  // What was issued before keeps the address that is signed into it.
  const former = before.publicBaseUrl !== null && after.publicBaseUrl !== before.publicBaseUrl ? (await deps.store.read.countCertificates(deps.clock.now())).valid : 0;
  return ok(former === 0 ? shown : { ...shown, findings: [oldAddressFinding(before.publicBaseUrl ?? '', former), ...shown.findings] });
}

/** A path from the root, from a drive, or to another machine's share: a relative one would depend on where the program was started. */
const isAbsoluteFolder = (path: string): boolean => /^(?:\/|[A-Za-z]:[\\/]|\\\\[^\\/]+[\\/])/.test(path);

/** Without the slash at its end, so that paths can be put behind it; undefined where it is no base URL. */
function readBaseUrl(text: string): string | undefined {
  const match = /^(http:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:\/[A-Za-z0-9._~/-]*)?)$/.exec(text);
  return match?.[1]?.replace(/\/+$/, '');
}
