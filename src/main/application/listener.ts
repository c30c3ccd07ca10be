/** Where devices reach the CA: shown, and moved. What was set is kept for the next start; the sockets are the listener port's. */
import { err, ok } from '../core/lib/result.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { Deps, Outcome } from './deps.ts';
import type { ListenerState } from './ports/listener.ts';

/** The store's key for the address an admin chose. */
export const LISTENER_SETTING = 'listener';

/** Whether the device listener could move there; nothing changes. */
export async function testListener({ listener }: Deps, input: { readonly host: string; readonly port: number }): Promise<{ readonly free: boolean; readonly problem: string | null }> {
  const probed = await listener.probe(input.host, input.port);
  return probed.ok ? { free: true, problem: null } : { free: false, problem: probed.error };
}

/** Moves the device listener; where it cannot, the old one goes on, and the attempt is audited all the same. */
export async function configureListener(deps: Deps, input: { readonly host: string; readonly port: number }, actor: Actor): Outcome<ListenerState> {
  const moved = await deps.listener.configure(input.host, input.port);
  const detail = { host: input.host, port: input.port };
  await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [],
    changes: moved.ok ? [{ kind: 'setting', key: LISTENER_SETTING, value: { host: input.host, port: input.port } }] : [],
    audit: [{ action: 'listener.configure', subject: 'listener', outcome: moved.ok ? 'ok' : 'failed', code: moved.ok ? 'done' : 'listener-unavailable', detail }],
  });
  if (!moved.ok) return err({ code: 'listener-unavailable', message: moved.error, hint: 'The listener goes on where it was.' });
  deps.events.publish('listener.changed');
  deps.events.publish('status.changed');
  return ok(moved.value);
}
