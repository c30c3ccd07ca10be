/**
 * The names of the admin contract: channels that are called and events that are pushed. Names only, so that the sandboxed bridge can carry
 * them without a schema library; what goes in and out stands in contract.ts.
 */

export const CHANNELS = [
  'status.get',
  'vault.status',
  'vault.initialize',
  'vault.unlock',
  'vault.lock',
  'vault.changePassphrase',
  'listener.get',
  'listener.interfaces',
  'listener.configure',
  'authorities.create',
  'authorities.list',
  'authorities.get',
  'authorities.export',
  'endpoints.list',
  'endpoints.save',
  'endpoints.remove',
  'profiles.list',
  'profiles.save',
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
] as const;

export type Channel = (typeof CHANNELS)[number];

export const EVENT_NAMES = ['requests.changed', 'certificates.changed', 'authorities.changed', 'listener.changed', 'status.changed'] as const;

export type EventName = (typeof EVENT_NAMES)[number];
