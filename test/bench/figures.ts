/** What a run found out, and how it is printed. Figures that a server or a system does not give are null. */
import type { Latency } from './load.ts';

export interface Rate {
  readonly perSecond: number;
  readonly latency: Latency;
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface Figures {
  readonly server: string;
  readonly cores: number;
  readonly connections: number;
  readonly messages: { readonly cipher: string; readonly digest: string; readonly bytes: number };
  readonly start: { readonly emptyFolderMs: number; readonly filledFolderMs: number } | null;
  readonly fullLoad: Rate & {
    readonly enrolments: number;
    readonly seconds: number;
    readonly serverCpuMs: number | null;
    readonly serverCores: number | null;
    /** CPU milliseconds per enrolment by the name of the thread. */
    readonly threadCpuMs: Readonly<Record<string, number>>;
    readonly generatorCores: number;
    /** Of neither the server nor the generator. */
    readonly otherCores: number | null;
    readonly verified: number;
    /** Kept answers that our client could not open. */
    readonly unopened: number;
  };
  readonly floor: { readonly perSecond: number; readonly cpuMs: number; readonly afterGenerator: number; readonly ratio: number; readonly cpuRatio: number | null };
  readonly mainThread: { readonly p50: number; readonly p99: number; readonly max: number; readonly busy: number } | null;
  /** GetCACaps, asked twenty times a second during full load. */
  readonly capsUnderLoad: Latency;
  readonly offered: Rate & { readonly rate: number };
  readonly polls: Rate | null;
  readonly caCert: Rate;
  readonly caCaps: Rate;
  readonly memory: {
    readonly idleMb: number;
    readonly afterMb: number;
    readonly highestMb: number;
    /** At the beginning and after each quarter of the full load. */
    readonly quartersMb: readonly number[];
    readonly kbPerThousandInSecondHalf: number;
    /** Of the main thread and each worker at the end of the full load: JavaScript heap as reserved and as used, and buffers outside it. */
    readonly heaps: readonly { readonly reservedMb: number; readonly usedMb: number; readonly outsideMb: number }[];
  } | null;
}

/** The table for people. */
export function tableOf(f: Figures): string {
  const { fullLoad, floor, memory } = f;
  const rows: readonly (readonly [string, string])[] = [
    ['Server', f.server],
    ['Cores, connections', `${f.cores}, ${f.connections}`],
    ['Messages', `RSA-2048, ${f.messages.cipher}, ${f.messages.digest}, ${f.messages.bytes} bytes`],
    ['Start to ready, empty folder', f.start === null ? na : `${whole(f.start.emptyFolderMs)} ms`],
    ['Start to ready, after the run', f.start === null ? na : `${whole(f.start.filledFolderMs)} ms`],
    ['', ''],
    ['Enrolments', `${one(fullLoad.perSecond)}/s  (${fullLoad.enrolments} in ${one(fullLoad.seconds)} s)`],
    ['  p50, p99, max', latency(fullLoad.latency)],
    ['  replies opened and verified', `${fullLoad.verified} of ${fullLoad.verified + fullLoad.unopened}`],
    ['  server CPU per enrolment', fullLoad.serverCpuMs === null ? na : `${two(fullLoad.serverCpuMs)} ms  (${two(fullLoad.serverCores ?? 0)} cores)`],
    ['    by thread', fullLoad.serverCpuMs === null ? na : Object.entries(fullLoad.threadCpuMs).map(([name, ms]) => `${name} ${two(ms)}`).join(', ')],
    ['  generator, others', `${two(fullLoad.generatorCores)} cores, ${fullLoad.otherCores === null ? na : `${two(fullLoad.otherCores)} cores`}`],
    ['Floor (3 sign + 3 verify)', `${whole(floor.perSecond)}/s, ${two(floor.cpuMs)} ms CPU each; ${whole(floor.afterGenerator)}/s beside the generator`],
    ['  reached of it', `${percent(floor.ratio)}  (by CPU time: ${floor.cpuRatio === null ? na : percent(floor.cpuRatio)})`],
    ['Main thread late at full load', f.mainThread === null ? na : `p50 ${one(f.mainThread.p50)}, p99 ${one(f.mainThread.p99)}, max ${one(f.mainThread.max)} ms; busy ${percent(f.mainThread.busy)}`],
    ['GetCACaps beside full load', latency(f.capsUnderLoad)],
    ['', ''],
    [`${f.offered.rate}/s offered`, `${latency(f.offered.latency)}  (${one(f.offered.perSecond)}/s done)`],
    ['PENDING polls', f.polls === null ? na : rate(f.polls)],
    ['GetCACert', rate(f.caCert)],
    ['GetCACaps', rate(f.caCaps)],
    ['', ''],
    ['Resident memory, idle', memory === null ? na : `${whole(memory.idleMb)} MB`],
    [`  during ${fullLoad.enrolments} enrolments`, memory === null ? na : `${memory.quartersMb.map(whole).join(', ')} MB at each quarter; ${whole(memory.kbPerThousandInSecondHalf)} kB per 1000 in the second half`],
    ['  heaps of main thread, workers', memory === null || memory.heaps.length === 0 ? na : `${memory.heaps.map((h) => `${whole(h.usedMb)} of ${whole(h.reservedMb)} + ${whole(h.outsideMb)}`).join(', ')} MB`],
    ['  highest, at the end', memory === null ? na : `${whole(memory.highestMb)} MB, ${whole(memory.afterMb)} MB`],
  ];
  const unwanted = [fullLoad, f.offered, ...(f.polls === null ? [] : [f.polls]), f.caCert, f.caCaps].flatMap(({ outcomes }) => Object.entries(outcomes).filter(([name]) => !WANTED.has(name)));
  const width = Math.max(...rows.map(([name]) => name.length));
  return [...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd()), ...(unwanted.length === 0 ? [] : ['', `Unwanted answers: ${unwanted.map(([name, count]) => `${name} ${count}`).join(', ')}`])].join('\n');
}

const WANTED: ReadonlySet<string> = new Set(['SUCCESS', 'PENDING', 'HTTP 200']);
const na = 'n/a';
const whole = (value: number): string => value.toFixed(0);
const one = (value: number): string => value.toFixed(1);
const two = (value: number): string => value.toFixed(2);
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const latency = ({ p50, p99, max }: Latency): string => `p50 ${one(p50)}, p99 ${one(p99)}, max ${one(max)} ms`;
const rate = (r: Rate): string => `${whole(r.perSecond)}/s  (${latency(r.latency)})`;
