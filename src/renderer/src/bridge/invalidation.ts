/** Which answers an event makes stale. */
import type { QueryClient } from '@tanstack/react-query';
import type { Channel, EventName } from '../../../preload/contract/channels.ts';

const CONCERNS: Readonly<Record<EventName, readonly Channel[]>> = {
  'requests.changed': ['requests.get', 'status.get', 'audit.list', 'challenges.list', 'challenges.get', 'courier.status'],
  'challenges.changed': ['challenges.list', 'challenges.get', 'audit.list'],
  'certificates.changed': ['certificates.list', 'certificates.get', 'status.get', 'status.history', 'audit.list', 'crls.get', 'authorities.get', 'rollover.status', 'courier.status'],
  'authorities.changed': ['authorities.list', 'authorities.get', 'endpoints.list', 'profiles.list', 'profiles.preview', 'status.get', 'audit.list', 'crls.get', 'kits.build', 'rollover.status', 'rollover.preview', 'courier.status'],
  'listener.changed': ['listener.get', 'endpoints.list', 'authorities.get', 'status.get', 'audit.list'],
  'status.changed': ['status.get', 'backups.list', 'vault.status', 'window.status', 'settings.get', 'listener.get', 'requests.get', 'authorities.get', 'rollover.status', 'audit.list', 'courier.status'],
  'desktop.action': [],
  'desktop.open': [],
};

/** The queue that is shown (`requests.list`) and the log of messages are not here: they take changes in without moving what an admin looks at. */
export function invalidate(client: QueryClient, event: EventName): void {
  for (const channel of CONCERNS[event]) void client.invalidateQueries({ queryKey: [channel] });
  // A queue that nobody looks at takes nothing in: it is asked for again when it is opened.
  if (event === 'requests.changed' || event === 'status.changed') void client.invalidateQueries({ queryKey: ['requests.list'], type: 'inactive', refetchType: 'none' });
}
