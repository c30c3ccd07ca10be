/**
 * Attack: a page that was locked elsewhere (from the tray, in another tab, by the CA after hours of silence) goes on showing what it has; and a
 * locked one keeps every answer in memory.
 * Impact: names, addresses and fingerprints of devices, for whoever opens the browser's tools.
 * Defence: each refusal of a locked window makes the page look at its lock, and the lock screen forgets every answer but its own.
 */
import { describe, expect, it } from 'vitest';
import { createClient, forgetAnswers } from '../../../src/renderer/src/bridge/client.ts';
import { CallError } from '../../../src/renderer/src/bridge/react.tsx';

const keys = (client: ReturnType<typeof createClient>): readonly unknown[] => client.getQueryCache().getAll().map(({ queryKey }) => queryKey[0]);

describe('the store of answers', () => {
  it('keeps behind the lock only what the lock screen shows', () => {
    const client = createClient();
    for (const channel of ['status.get', 'window.status', 'requests.list', 'requests.get', 'audit.list', 'vault.status', 'listener.get']) client.setQueryData([channel, {}], { some: 'answer' });
    forgetAnswers(client);
    expect(keys(client)).toEqual(['status.get', 'window.status']);
    client.clear();
  });

  it.each([
    ['window-locked', true],
    ['not-found', false],
  ])('after %s it looks at the lock: %s', async (code, looks) => {
    const client = createClient();
    client.setQueryData(['window.status', {}], { locked: false });
    await client.fetchQuery({ queryKey: ['requests.get', {}], queryFn: () => Promise.reject(new CallError({ code, message: 'No.' })) }).catch(() => undefined);
    expect(client.getQueryState(['window.status', {}])?.isInvalidated).toBe(looks);
    client.clear();
  });
});
