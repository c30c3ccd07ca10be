/** Where the CPU time of a profiled server went: self time by function, for each thread that wrote a profile. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

const IDLE: ReadonlySet<string> = new Set(['(idle)', '(root)']);

/** Text for people: the functions of each thread that took the most, in milliseconds. */
export function summarizeProfiles(folder: string, most = 40): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .map((name) => `${name}\n${summarize(JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profile, most)}`)
    .join('\n\n');
}

function summarize({ nodes, samples, timeDeltas }: Profile, most: number): string {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, number>();
  let busy = 0;
  let total = 0;
  samples.forEach((id, i) => {
    const frame = frames.get(id)!;
    const milliseconds = (timeDeltas[i] ?? 0) / 1000;
    total += milliseconds;
    if (IDLE.has(frame.functionName)) return;
    busy += milliseconds;
    const place = frame.url === '' ? '' : ` ${frame.url.split('/').slice(-2).join('/')}:${frame.lineNumber + 1}`;
    const name = `${frame.functionName === '' ? '(anonymous)' : frame.functionName}${place}`;
    times.set(name, (times.get(name) ?? 0) + milliseconds);
  });
  const rows = [...times].sort(([, a], [, b]) => b - a).slice(0, most);
  return [`busy ${busy.toFixed(0)} of ${total.toFixed(0)} ms`, ...rows.map(([name, time]) => `${time.toFixed(0).padStart(8)} ms ${((time / busy) * 100).toFixed(1).padStart(5)} %  ${name}`)].join('\n');
}
