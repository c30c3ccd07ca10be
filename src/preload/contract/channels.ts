/**
 * The names of the admin contract: channels that are called and events that are pushed. Names only, so that the sandboxed bridge can carry
 * them without a schema library; what goes in and out stands in contract.ts.
 */

export const CHANNELS = [
  'status.get',
  'status.history',
  'vault.status',
  'vault.initialize',
  'vault.unlock',
  'vault.lock',
  'vault.changePassphrase',
  'listener.get',
  'listener.interfaces',
  'listener.test',
  'listener.configure',
  'authorities.create',
  'authorities.list',
  'authorities.get',
  'authorities.signingRequest',
  'authorities.installCertificate',
  'authorities.import',
  'authorities.export',
  'endpoints.list',
  'endpoints.save',
  'endpoints.remove',
  'profiles.list',
  'profiles.save',
  'profiles.preview',
  'profiles.remove',
  'requests.list',
  'requests.get',
  'requests.approve',
  'requests.approveMany',
  'requests.refuse',
  'requests.reopen',
  'requests.match',
  'challenges.create',
  'challenges.list',
  'challenges.get',
  'challenges.withdraw',
  'certificates.list',
  'certificates.get',
  'certificates.revoke',
  'certificates.release',
  'certificates.export',
  'crls.publish',
  'crls.get',
  'transactions.list',
  'transactions.get',
  'audit.list',
  'audit.verify',
  'audit.export',
  'settings.get',
  'settings.update',
  'diagnostics.inspect',
  'kits.targets',
  'kits.build',
  'window.status',
  'window.lock',
  'window.unlock',
  'desktop.get',
  'desktop.configure',
  'desktop.saveFile',
] as const;

export type Channel = (typeof CHANNELS)[number];

/** The last two come from the desktop shell alone: a menu item or shortcut (`{action}`), and a notification that was clicked (`{path}`). */
export const EVENT_NAMES = ['requests.changed', 'challenges.changed', 'certificates.changed', 'authorities.changed', 'listener.changed', 'status.changed', 'desktop.action', 'desktop.open'] as const;

export type EventName = (typeof EVENT_NAMES)[number];
