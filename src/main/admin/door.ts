/**
 * The admin door, free of transport: a channel's name and a value in, a Reply out. The contract parses both directions, so that neither a window
 * nor a use case can send what the other does not expect. Who may knock (trusted sender, token, Host, Origin) is the adapters' matter.
 */
import { toHex } from '../core/lib/bytes.ts';
import { type Actor } from '../core/ca/audit.ts';
import { type ScepConfiguration, getScepConfiguration } from '../application/scepConfiguration.ts';
import { Busy, DiskTrouble, VaultLocked } from '../application/ports/outages.ts';
import type { Events } from '../application/ports/system.ts';
import { type WindowSession, lockAfterAbsence } from '../application/window.ts';
import { CHANNELS, type Channel } from '../../preload/contract/channels.ts';
import { type Parsed, contract } from '../../preload/contract/contract.ts';
import type { Reply } from '../../preload/contract/reply.ts';
import { failed } from './errors.ts';
import { type AdminDeps, type Handler, handlers } from './handlers.ts';

/** Who calls, and by which window: a caller without one (the command line) has nothing to lock. */
export interface Caller extends Actor {
  readonly window?: WindowSession;
}

export interface AdminDoor {
  /** Never rejects: a bug is logged under an id, and the caller gets that id. */
  call(channel: string, input: unknown, caller: Caller): Promise<Reply>;
  /** Events for whoever watches; returns its own unsubscribe. A locked window hears that something changed, and not what. */
  subscribe(listener: Parameters<Events['subscribe']>[0], window?: WindowSession): () => void;
  /** `/api/v1/scep/configuration` of the admin listener (DESIGN section 5). */
  scepConfiguration(): ScepConfiguration;
}

const isChannel = (name: string): name is Channel => (CHANNELS as readonly string[]).includes(name);

export function createAdminDoor(deps: AdminDeps): AdminDoor {
  // Two first runs at once would each make a vault, and the later record would orphan the earlier keys: vault verbs take turns.
  let vaultTurn: Promise<unknown> = Promise.resolve();

  async function run<C extends Channel>(channel: C, input: Parsed<C>, { window, ...actor }: Caller): Promise<Reply> {
    const handler = handlers[channel] as Handler<C>;
    const state = deps.vault.state();
    if (handler.needsKeys && state === 'empty') return failed({ code: 'empty', message: 'There is no vault yet, so there are no keys.', hint: 'Call vault.initialize first: with the keychain, or with a passphrase.' });
    if (handler.needsKeys && state === 'locked') return failed(LOCKED);
    const outcome = await handler.run(deps, input, actor, window);
    if (!outcome.ok) return failed(outcome.error);
    return { ok: true, value: contract[channel].output.parse(outcome.value) };
  }

  async function answer(channel: Channel, input: unknown, caller: Caller): Promise<Reply> {
    const { window, ...actor } = caller;
    const isClosed = (): boolean => window?.locked === true && !ANSWERED_WHILE_LOCKED.has(channel);
    try {
      if (window !== undefined) await lockAfterAbsence(deps, window, actor);
      if (isClosed()) return failed(WINDOW_LOCKED);
      const parsed = contract[channel].input.safeParse(input ?? undefined);
      if (!parsed.success) return failed({ code: 'invalid-input', message: describeIssues(parsed.error.issues) });
      const reply = await run(channel, parsed.data as Parsed<Channel>, caller);
      return isClosed() ? failed(LOCKED_MEANWHILE) : reply;
    } catch (error) {
      return explainThrow(deps, channel, error);
    }
  }

  return {
    call: (channel, input, caller) => {
      if (!isChannel(channel)) return Promise.resolve(failed({ code: 'unknown-channel', message: `There is no channel ${channel.slice(0, 100)}.` }));
      if (!channel.startsWith('vault.') && channel !== 'backups.restore') return answer(channel, input, caller);
      const turn = vaultTurn.then(() => answer(channel, input, caller));
      vaultTurn = turn;
      return turn;
    },
    subscribe: (listener, window) => deps.events.subscribe((name, detail) => listener(name, window?.locked === true ? {} : detail)),
    scepConfiguration: () => getScepConfiguration(deps),
  };
}

/** What a locked window still needs: to say that it is locked, how the CA stands meanwhile, and to be opened again. */
const ANSWERED_WHILE_LOCKED: ReadonlySet<Channel> = new Set<Channel>(['window.status', 'window.lock', 'window.unlock', 'status.get', 'vault.status', 'desktop.get']);

export const WINDOW_LOCKED = { code: 'window-locked', message: 'This window is locked.', hint: 'Unlock it with the vault’s passphrase, or by this computer’s keychain.' } as const;

/** What was under way when the window was locked is finished, but not shown to whoever stands before it now: a password made in that moment, say. */
const LOCKED_MEANWHILE = { code: 'window-locked', message: 'The window was locked meanwhile.', hint: 'What was asked for may have been done: unlock the window and look.' } as const;

const LOCKED = { code: 'locked', message: 'The vault is locked.', hint: 'Unlock it (vault.unlock, or the button in the window), then try again.' } as const;

/** The ports' own words for what a use case met on its way, and a bug for everything else. */
function explainThrow(deps: AdminDeps, channel: Channel, error: unknown): Reply {
  if (error instanceof VaultLocked) return failed(LOCKED);
  if (error instanceof Busy) return failed({ code: 'busy', message: 'Too much is being signed at the moment.', hint: 'Try again in a few seconds.' });
  if (error instanceof DiskTrouble) {
    deps.log('error', 'admin.disk-trouble', { channel, error: error.message });
    return failed({ code: 'disk-trouble', message: 'The disk that holds the data folder is full or fails.', hint: 'Make room or mend it, then look whether it was done before you try again.' });
  }
  const id = toHex(deps.crypto.random(6));
  deps.log('error', 'admin.bug', { id, channel, error: error instanceof Error ? error.message : String(error), stack: error instanceof Error ? error.stack : undefined });
  return failed({ code: 'internal', message: `Something went wrong inside the product (log id ${id}).`, hint: 'The log has the details under this id.' });
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

/** Names every field that is wrong; never its value, which may be a secret. */
function describeIssues(issues: readonly unknown[]): string {
  return (issues as readonly Issue[])
    .slice(0, 5)
    .map(({ code, path, message, keys }) => {
      const field = path.map(String).join('.');
      if (code === 'unrecognized_keys') return `${[field, (keys ?? []).join(', ').slice(0, 100)].filter((part) => part !== '').join('.')}: is no field of this channel`;
      const words = /received undefined$/.test(message) ? 'is needed' : message.replace(/^Invalid (input|option): /, '');
      return `${field === '' ? 'input' : field}: ${words}`;
    })
    .join('; ');
}
