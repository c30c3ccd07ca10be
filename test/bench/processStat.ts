/** CPU and memory of another process as Linux tells them; undefined on systems that have no /proc. */
import { readFileSync, readdirSync } from 'node:fs';

export interface ProcessStat {
  /** User and system, all threads, also those that have ended. */
  readonly cpuSeconds: number;
  readonly residentMb: number;
}

// USER_HZ is 100 on every Linux that Node runs on.
const TICKS_PER_SECOND = 100;

/** Behind the name in parentheses, which may hold spaces. */
function readCpuSeconds(statFile: string): number {
  const stat = readFileSync(statFile, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export function readProcess(pid: number | undefined): ProcessStat | undefined {
  if (pid === undefined) return undefined;
  try {
    const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return { cpuSeconds: readCpuSeconds(`/proc/${pid}/stat`), residentMb: Number(resident ?? 0) / 1024 };
  } catch {
    return undefined;
  }
}

/** CPU seconds of the threads that live, added up under their names. */
export function readThreads(pid: number | undefined): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  if (pid === undefined) return times;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const name = readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim();
      times.set(name, (times.get(name) ?? 0) + readCpuSeconds(`/proc/${pid}/task/${thread}/stat`));
    }
  } catch {
    // A thread may end between the listing and the reading; the figure is then of those read so far.
  }
  return times;
}

/** CPU seconds that all processes of the machine have used; undefined where unknown. */
export function readMachineCpu(): number | undefined {
  try {
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? '').trim().split(/\s+/).slice(1).map(Number);
    return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}
