/** New requests are told of once, together where they come together, and never again when something else about them changes. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type NewRequests, type SeenRequest, watchNewRequests } from '../../../../src/main/hosts/electron/newRequests.ts';

const START = 1_000;
const request = (id: string, over: Partial<SeenRequest> = {}): SeenRequest => ({ id, subject: `CN=${id}`, source: '192.0.2.7', state: 'pending', receivedAt: START, ...over });

describe('watchNewRequests', () => {
  let stored: Map<string, SeenRequest>;
  let told: string[][];
  let troubles: unknown[];
  let silent: boolean;
  let news: NewRequests;

  const put = (...requests: readonly SeenRequest[]): void => {
    for (const one of requests) {
      stored.set(one.id, one);
      news.changed(one.id);
    }
  };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    stored = new Map();
    told = [];
    troubles = [];
    silent = false;
    news = watchNewRequests({
      since: START,
      read: (id) => (id === 'broken' ? Promise.reject(new Error('disk')) : Promise.resolve(stored.get(id))),
      tell: (requests) => {
        if (silent) return false;
        told.push(requests.map(({ id }) => id));
        return true;
      },
      onTrouble: (error) => troubles.push(error),
      gatherMs: 100,
      quietMs: 1_000,
    });
  });

  afterEach(() => {
    news.stop();
    vi.useRealTimers();
  });

  it('gathers what comes together', async () => {
    put(request('a'), request('b'), request('c'));
    await vi.advanceTimersByTimeAsync(99);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toEqual([['a', 'b', 'c']]);
  });

  it('keeps quiet for a while after a note, and then tells of all that came since', async () => {
    put(request('a'));
    await vi.advanceTimersByTimeAsync(100);
    put(request('b'));
    await vi.advanceTimersByTimeAsync(500);
    put(request('c'));
    await vi.advanceTimersByTimeAsync(499);
    expect(told).toEqual([['a']]);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toEqual([['a'], ['b', 'c']]);
  });

  it('a comparison or a refusal taken back is no news', async () => {
    put(request('a'));
    await vi.advanceTimersByTimeAsync(2_000);
    put(request('a'));
    put(request('old', { receivedAt: START - 1 }));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told).toEqual([['a']]);
  });

  it('no quiet follows what nobody was told', async () => {
    silent = true;
    put(request('a'));
    await vi.advanceTimersByTimeAsync(100);
    silent = false;
    put(request('b'));
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual([['b']]);
  });

  it('what was decided meanwhile is not told', async () => {
    put(request('a'), request('b', { state: 'issued' }));
    stored.delete('a');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told).toEqual([]);
  });

  it('a store that fails is somebody else’s trouble, and the next request is told', async () => {
    news.changed('broken');
    await vi.advanceTimersByTimeAsync(100);
    expect(troubles).toHaveLength(1);
    put(request('a'));
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual([['a']]);
  });
});
