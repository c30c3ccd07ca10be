import { describe, expect, it } from 'vitest';
import { createResolver } from '../../../../src/main/adapters/system/resolver.ts';

describe('the resolver', () => {
  it('tells a name without addresses from no answer, and asks once a minute', async () => {
    let now = 0;
    let asked = 0;
    const failing = (code: string) => createResolver({ now: () => now }, () => Promise.reject(Object.assign(new Error(code), { code })));
    expect(await failing('ENOTFOUND').resolve('nowhere.lan')).toEqual([]);
    expect(await failing('EAI_AGAIN').resolve('nowhere.lan')).toBeUndefined();
    const resolver = createResolver({ now: () => now }, () => {
      asked += 1;
      return Promise.resolve([{ address: '192.0.2.1' }]);
    });
    expect(await resolver.resolve('ca.lan')).toEqual(['192.0.2.1']);
    await resolver.resolve('ca.lan');
    expect(asked).toBe(1);
    now = 60_001;
    await resolver.resolve('ca.lan');
    expect(asked).toBe(2);
  });

  it('knows this machine by the name that every system has', async () => {
    const found = await createResolver({ now: () => 0 }).resolve('localhost');
    expect(found?.some((address) => address === '127.0.0.1' || address === '::1')).toBe(true);
  });
});
