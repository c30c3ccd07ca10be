/** A small run of the benchmark against a server of its own: its figures are there and fit together. How fast it was is nobody's business here. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Figures } from '../bench/figures.ts';

// A busy machine may take its time: there is no figure in it that would fail.
const LIMIT_MS = 150_000;
const script = fileURLToPath(new URL('../../scripts/bench.mjs', import.meta.url));

async function bench(...args: readonly string[]): Promise<Figures> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--quick', '--json', ...args], { timeout: LIMIT_MS });
  return JSON.parse(stdout) as Figures;
}

describe('npm run bench', () => {
  it('enrols distinct devices, opens some of the answers and counts every one', { timeout: LIMIT_MS }, async () => {
    const figures = await bench('--count', '40', '--seconds', '0.5', '--connections', '4');

    expect(figures.server).toBe('countersign');
    expect(figures.fullLoad.enrolments).toBe(40);
    expect(figures.fullLoad.outcomes).toEqual({ SUCCESS: 40 });
    expect(figures.fullLoad.verified).toBe(1);
    expect(figures.fullLoad.unopened).toBe(0);
    expect(Object.keys(figures.offered.outcomes)).toEqual(['SUCCESS']);
    expect(Object.keys(figures.polls?.outcomes ?? {})).toEqual(['PENDING']);
    expect(Object.keys(figures.caCert.outcomes)).toEqual(['HTTP 200']);
    expect(Object.keys(figures.caCaps.outcomes)).toEqual(['HTTP 200']);

    const { fullLoad, floor, start } = figures;
    expect(fullLoad.latency.p50).toBeLessThanOrEqual(fullLoad.latency.p99);
    expect(fullLoad.perSecond).toBeCloseTo(40 / fullLoad.seconds, 3);
    expect(floor.afterGenerator).toBeGreaterThan(0);
    expect(floor.afterGenerator).toBeLessThanOrEqual(floor.perSecond);
    expect(floor.ratio).toBeCloseTo(fullLoad.perSecond / floor.afterGenerator, 3);
    expect(start?.emptyFolderMs).toBeGreaterThan(0);
    if (process.platform === 'linux') {
      expect(fullLoad.serverCpuMs).toBeGreaterThan(0);
      expect(figures.memory?.highestMb).toBeGreaterThan(10);
    }
  });

  it('refuses a flag that it does not know', async () => {
    await expect(bench('--conections', '4')).rejects.toThrow(/--conections/);
  });
});
