/** Server-sent events read by fetch: EventSource cannot send an Authorization header, and a token in a URL would end up in logs. */
import { EVENT_NAMES, type EventName } from '../../../preload/contract/channels.ts';

const names: ReadonlySet<string> = new Set(EVENT_NAMES);

/** Calls `listener` for each event of the stream until it ends, with what its `data:` line says as JSON. Comments only keep the connection and are passed over. */
export async function readEvents(body: ReadableStream<Uint8Array>, listener: (event: EventName, detail: unknown) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let event: EventName | undefined;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const name = /^event: ?(.*)$/.exec(line)?.[1];
      if (name !== undefined) event = names.has(name) ? (name as EventName) : undefined;
      const data = /^data: ?(.*)$/.exec(line)?.[1];
      if (data === undefined || event === undefined) continue;
      listener(event, parse(data));
      event = undefined;
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
