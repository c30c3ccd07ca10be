/**
 * What the window knows of the CA behind it: calls of the admin contract, and events. Two transports carry it: Electron's IPC and the
 * loopback web door. What goes out and what comes in is parsed here, for both.
 */
// The contract comes first: it tells zod not to compile with Function(), which the page's policy forbids.
import { contract, type Input, type Output } from '../../../preload/contract/contract.ts';
import type { Channel, EventName } from '../../../preload/contract/channels.ts';
import { reply, type Problem } from '../../../preload/contract/reply.ts';
import { z } from 'zod';

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Problem };

/** What an event tells besides its name: `{id, state}` of what changed. */
export type EventDetail = Readonly<Record<string, string | number | boolean | null>>;
export type OnEvent = (event: EventName, detail: EventDetail) => void;

const eventDetail = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export interface Bridge {
  /** Whether the desktop shell is behind it, with its own dialogs for files. */
  readonly desktop: boolean;
  call<C extends Channel>(channel: C, input: Input<C>): Promise<Answer<Output<C>>>;
  /** Returns its own unsubscribe. */
  subscribe(listener: OnEvent): () => void;
}

/** The bytes' way, before anything is parsed. Rejects where nobody answers. */
export interface Transport {
  send(channel: Channel, input: unknown): Promise<unknown>;
  subscribe(listener: (event: EventName, detail: unknown) => void): () => void;
}

const problem = (code: string, message: string, hint?: string): { readonly ok: false; readonly error: Problem } => ({
  ok: false,
  error: hint === undefined ? { code, message } : { code, message, hint },
});

/** A bridge over any transport. Failures of the way are answers like every other, so that pages have one path for "no". */
export function bridgeOver(transport: Transport, desktop: boolean): Bridge {
  return {
    desktop,

    async call<C extends Channel>(channel: C, input: Input<C>): Promise<Answer<Output<C>>> {
      const schemas = contract[channel];
      const sent = schemas.input.safeParse(input);
      if (!sent.success) return problem('invalid-input', sent.error.issues[0]?.message ?? 'This cannot be sent.');
      let raw: unknown;
      try {
        raw = await transport.send(channel, sent.data);
      } catch {
        return problem('unreachable', 'The CA does not answer.', 'Is it still running? The page tries again by itself.');
      }
      const received = reply.safeParse(raw);
      if (!received.success) return problem('unexpected-reply', 'The answer could not be understood.', 'Page and CA may be of different versions: reload the page.');
      if (!received.data.ok) {
        const { code, message, hint } = received.data.error;
        return problem(code, message, hint);
      }
      const value = schemas.output.safeParse(received.data.value);
      if (!value.success) return problem('unexpected-reply', 'The answer could not be understood.', 'Page and CA may be of different versions: reload the page.');
      // The table pairs each channel with its output; the compiler does not follow the pairing through an index.
      return { ok: true, value: value.data as Output<C> };
    },
    subscribe: (listener) =>
      transport.subscribe((event, detail) => {
        const parsed = eventDetail.safeParse(detail);
        listener(event, parsed.success ? parsed.data : {});
      }),
  };
}
