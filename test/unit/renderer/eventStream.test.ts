/** Server-sent events as they arrive: in pieces, with comments, with names that this version does not know. */
import { describe, expect, it } from 'vitest';
import { readEvents } from '../../../src/renderer/src/bridge/eventStream.ts';

async function eventsOf(...pieces: readonly string[]): Promise<readonly string[]> {
  const seen: string[] = [];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  await readEvents(body, (event) => seen.push(event));
  return seen;
}

describe('the event stream', () => {
  it('tells each event by its name', async () => {
    expect(await eventsOf('event: requests.changed\ndata: {}\n\nevent: status.changed\r\ndata: {}\r\n\r\n')).toEqual(['requests.changed', 'status.changed']);
  });

  it('puts together a name that was cut in two', async () => {
    expect(await eventsOf('event: requ', 'ests.changed', '\ndata: {}\n\n')).toEqual(['requests.changed']);
  });

  it('passes over comments, data and names it does not know', async () => {
    expect(await eventsOf(': still here\n\ndata: event: requests.changed\n\nevent: weather.changed\ndata: {}\n\n')).toEqual([]);
  });
});

it('hands on what an event tells, and nothing where its data is no JSON', async () => {
  const details: unknown[] = [];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('event: requests.changed\ndata: {"id":"r1","state":"pending"}\n\nevent: status.changed\ndata: {\n\n'));
      controller.close();
    },
  });
  await readEvents(body, (_event, detail) => details.push(detail));
  expect(details).toEqual([{ id: 'r1', state: 'pending' }, undefined]);
});
