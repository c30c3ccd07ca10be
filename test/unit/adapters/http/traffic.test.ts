import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/main/adapters/http/limits.ts';
import { createTraffic, type Traffic } from '../../../../src/main/adapters/http/traffic.ts';

async function countAdmitted(attempts: number, admit: () => ReturnType<Traffic['admitMessage']>): Promise<number> {
  let admitted = 0;
  for (let i = 0; i < attempts; i++) if ((await admit()).admitted) admitted += 1;
  return admitted;
}

describe('createTraffic', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('A12.2 takes 60 PKIOperations a minute and a burst of 30 more', async () => {
    const traffic = createTraffic(DEFAULT_LIMITS);
    expect(await countAdmitted(200, () => traffic.admitMessage('192.0.2.7'))).toBe(90);
  });

  it('A12.2 lends the burst once in five minutes, the minute\'s share each minute', async () => {
    const traffic = createTraffic(DEFAULT_LIMITS);
    await countAdmitted(200, () => traffic.admitMessage('192.0.2.7'));
    vi.advanceTimersByTime(61_000);
    expect(await countAdmitted(200, () => traffic.admitMessage('192.0.2.7'))).toBe(60);
    vi.advanceTimersByTime(300_000);
    expect(await countAdmitted(200, () => traffic.admitMessage('192.0.2.7'))).toBe(90);
  });

  it('says when it is worth trying again', async () => {
    const traffic = createTraffic({ ...DEFAULT_LIMITS, rate: { perMinute: 1, burst: 0 } });
    await traffic.admitMessage('192.0.2.7');
    vi.advanceTimersByTime(20_000);
    const refused = await traffic.admitMessage('192.0.2.7');
    expect(refused).toEqual({ admitted: false, retryAfterSeconds: 40 });
    vi.advanceTimersByTime(40_000);
    expect((await traffic.admitMessage('192.0.2.7')).admitted).toBe(true);
  });

  it('lets no source spend the share of another', async () => {
    const traffic = createTraffic({ ...DEFAULT_LIMITS, rate: { perMinute: 1, burst: 0 } });
    await countAdmitted(5, () => traffic.admitMessage('192.0.2.7'));
    expect((await traffic.admitMessage('192.0.2.8')).admitted).toBe(true);
  });

  it('caps the cheap requests of one source well before everybody\'s', async () => {
    const traffic = createTraffic({ ...DEFAULT_LIMITS, readsPerSecond: { perSource: 5, overall: 8 } });
    expect(await countAdmitted(100, () => traffic.admitRead('192.0.2.7'))).toBe(5);
    expect(await countAdmitted(100, () => traffic.admitRead('192.0.2.8'))).toBe(3);
    vi.advanceTimersByTime(1_001);
    expect((await traffic.admitRead('192.0.2.9')).admitted).toBe(true);
  });

  it('counts nothing when the rate is off', async () => {
    const traffic = createTraffic({ ...DEFAULT_LIMITS, rate: 'off', readsPerSecond: { perSource: 1, overall: 1 } });
    expect(await countAdmitted(500, () => traffic.admitMessage('192.0.2.7'))).toBe(500);
    expect(await countAdmitted(500, () => traffic.admitRead('192.0.2.7'))).toBe(500);
  });

  it('A12.10 has so many places in flight and takes each back', () => {
    const traffic = createTraffic({ ...DEFAULT_LIMITS, maxMessagesInFlight: 2 });
    const first = traffic.takePlace();
    const second = traffic.takePlace();
    expect(traffic.takePlace()).toBeUndefined();
    first?.();
    const third = traffic.takePlace();
    expect(third).toBeDefined();
    second?.();
    third?.();
  });
});
