/** How many enrolments a second this machine's cores could do if an enrolment were its RSA operations and nothing else. */
import { cores, withCrew } from './crew.ts';

export interface Floor {
  /** All cores at once. */
  readonly perSecond: number;
  /** CPU milliseconds of one enrolment's RSA operations: unlike the rate, not changed by what else runs on the machine. */
  readonly cpuMs: number;
}

export async function measureFloor(seconds: number): Promise<Floor> {
  const results = await withCrew((crew) => crew.all('floor', Array.from({ length: cores }, () => ({ seconds }))));
  const rounds = results.reduce((sum, r) => sum + r.rounds, 0);
  const cpu = results.reduce((sum, r) => sum + r.cpuSeconds, 0);
  return { perSecond: results.reduce((sum, r) => sum + r.rounds / r.seconds, 0), cpuMs: (cpu * 1000) / rounds };
}

/** The machine may have slowed down or sped up in between: both measurements count. */
export const meanFloor = (a: Floor, b: Floor): Floor => ({ perSecond: (a.perSecond + b.perSecond) / 2, cpuMs: (a.cpuMs + b.cpuMs) / 2 });
