/** Server-sent events read by fetch: EventSource cannot send an Authorization header, and a token in a URL would end up in logs. */
import { EVENT_NAMES, type EventName } from '../../../preload/contract/channels.ts';

const names: ReadonlySet<string> = new Set(EVENT_NAMES);

/** Calls `listener` for each event of the stream until it ends. Lines other than `event:` (data, comments that keep the connection) are passed over. */
export async function readEvents(body: ReadableStream<Uint8Array>, listener: (event: EventName) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const name = /^event: ?(.*)$/.exec(line)?.[1];
      if (name !== undefined && names.has(name)) listener(name as EventName);
    }
  }
}
