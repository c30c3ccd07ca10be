/**
 * The benchmark: real, distinct SCEP enrolments against a server in a process of its own, and beside them in the same run the floor, which is
 * what the machine's cores could do if an enrolment were its RSA operations alone. Messages are ready before the clock starts; one answer in
 * a hundred is opened and verified after it stopped. Nothing here passes or fails by time.
 */
import { readCertsOnly } from '../support/replies.ts';
import { Connection, requestOf } from './connection.ts';
import { cores } from './crew.ts';
import { type Figures, type Rate, tableOf } from './figures.ts';
import { type Floor, meanFloor, measureFloor } from './floor.ts';
import type { Style } from './jobs.ts';
import { type LoadResult, type Plan, httpStatusOf, loadClosed, loadOpen, pkiStatusOf, quantile } from './load.ts';
import { type Batch, Fleet } from './messages.ts';
import { type Options, readOptions, usage } from './options.ts';
import { readMachineCpu, readProcess, readThreads } from './processStat.ts';
import { summarizeProfiles } from './profiles.ts';
import { type HeapSample, type LagSample, type Target, attach, isMain, makeFolder, measureStart, runIsolated, startOwn, startScepserver } from './target.ts';

const VERIFY_ONE_IN = 100;
const WAITING_REQUESTS = 64;

async function run(options: Options, say: (line: string) => void): Promise<Figures> {
  const folder = makeFolder();
  const isOwn = options.url === undefined && options.peer === undefined;
  try {
    const emptyFolderMs = isOwn ? await measureStart(folder.path, options) : 0;
    const target = options.url !== undefined ? attach(options.url, options) : isOwn ? await startOwn(folder.path, options) : await startScepserver(folder.path);
    const figures = await measure(target, options, say).finally(() => target.stop());
    return isOwn ? { ...figures, start: { emptyFolderMs, filledFolderMs: await measureStart(folder.path, options) } } : figures;
  } finally {
    folder.remove();
  }
}

async function measure(target: Target, options: Options, say: (line: string) => void): Promise<Figures> {
  const { connections, seconds } = options;
  const url = new URL(target.url);
  const style = await askStyle(target.url, options);
  say(`${target.name}: ${style.cipher}, ${style.digest}.`);
  const fleet = new Fleet(style);
  const enrolments = async (count: number): Promise<Batch> => {
    say(`Making ${count} messages …`);
    return fleet.enrol(await target.createChallenges(count));
  };
  const idle = readProcess(target.pid);
  const warmUpBatch = await enrolments(options.warmUp);
  const warmUp = await loadClosed(planOf(url, connections, warmUpBatch));
  if (warmUp.done === 0) throw new Error(`no enrolment succeeded: ${JSON.stringify(warmUp.outcomes)} ${explain(warmUp, fleet, warmUpBatch)}`);

  // The rate still rises while code gets hot: more messages than that, and the clock ends the load.
  const batch = await enrolments(options.count ?? Math.ceil(warmUp.perSecond * seconds * 2.5));
  say('Measuring the floor …');
  const floorBefore = await measureFloor(Math.min(seconds, 3));
  say(`Full load, ${connections} connections …`);
  const full = await measureFullLoad(target, batch, options);
  const { verified, complaints } = verify(full.load, batch, fleet);
  if (complaints.length > 0) say(`${complaints.length} answers did not open: ${complaints[0]}`);
  if (full.load.strange.length > 0) say(`Unwanted: ${explain(full.load, fleet, batch)}`);
  const floor = meanFloor(floorBefore, await measureFloor(Math.min(seconds, 3)));

  const offeredBatch = await enrolments(Math.ceil(options.offered * seconds));
  say(`${options.offered} enrolments a second …`);
  const offered = await loadOpen(planOf(url, connections, offeredBatch), options.offered);
  const polls = target.holds ? await measurePolls(url, fleet, options, say) : undefined;
  say('GetCACert, GetCACaps …');
  const get = (operation: string): Promise<LoadResult> =>
    loadClosed({ url, requests: [requestOf('GET', new URL(`${target.url}?operation=${operation}`))], connections, seconds: Math.min(seconds, 5), repeat: true, outcomeOf: httpStatusOf, wanted: 'HTTP 200' });
  const caCert = await get('GetCACert');
  const caCaps = await get('GetCACaps');
  const end = readProcess(target.pid);
  const probed = target.readProbe().filter(({ at }) => at >= full.from + 250 && at <= full.to);

  return {
    server: target.name,
    cores,
    connections,
    messages: { cipher: style.cipher, digest: style.digest, bytes: Math.round(batch.requests.reduce((sum, r) => sum + r.length, 0) / batch.requests.length) },
    start: null,
    fullLoad: fullLoadFigures(full, verified, complaints.length),
    floor: floorFigures(floor, full),
    mainThread: lagFigures(probed.filter((sample) => 'p99' in sample)),
    capsUnderLoad: full.caps.latency,
    offered: { ...rateOf(offered), rate: options.offered },
    polls: polls === undefined ? null : rateOf(polls),
    caCert: rateOf(caCert),
    caCaps: rateOf(caCaps),
    memory: idle === undefined || end === undefined ? null : memoryFigures(full, idle.residentMb, end.residentMb, probed.filter((sample) => 'heapTotal' in sample)),
  };
}

const planOf = (url: URL, connections: number, { requests }: Batch): Plan => ({ url, connections, requests, outcomeOf: pkiStatusOf, wanted: 'SUCCESS' });
const rateOf = ({ perSecond, latency, outcomes }: LoadResult): Rate => ({ perSecond, latency, outcomes });

/** How messages for this server must look: its own announcement, unless options say otherwise. */
async function askStyle(base: string, options: Options): Promise<Style> {
  const ask = async (operation: string): Promise<Buffer> => {
    const url = new URL(`${base}?operation=${operation}`);
    const connection = new Connection(url);
    const { status, body } = await connection.ask(requestOf('GET', url)).finally(() => connection.close());
    if (status !== 200) throw new Error(`${operation}: HTTP ${status}`);
    return body;
  };
  const capabilities = new Set((await ask('GetCACaps')).toString().split(/\s+/));
  const certificate = await ask('GetCACert');
  const has = (...names: readonly string[]): boolean => names.some((name) => capabilities.has(name));
  return {
    url: base,
    recipient: isCertsOnly(certificate) ? readCertsOnly(certificate).certificates[0]! : certificate,
    cipher: options.cipher ?? (has('AES', 'SCEPStandard') ? 'aes-128-cbc' : has('DES3') ? 'des-ede3-cbc' : 'des-cbc'),
    digest: options.digest ?? (has('SHA-256', 'SCEPStandard') ? 'sha256' : 'sha1'),
  };
}

/** A SignedData begins with an OID, a certificate with a SEQUENCE. */
const isCertsOnly = (bytes: Buffer): boolean => bytes[bytes[1]! < 0x80 ? 2 : 2 + (bytes[1]! & 0x7f)] === 0x06;

/** Opens the answers that were kept. Other servers' may have forms that our client does not take; ours has none. */
function verify({ kept }: LoadResult, { traces }: Batch, fleet: Fleet): { readonly verified: number; readonly complaints: readonly string[] } {
  const complaints = kept.flatMap(({ index, body }) => {
    try {
      return fleet.open(body, traces[index]!).certificates.length > 0 ? [] : ['no certificate in it'];
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  });
  return { verified: kept.length - complaints.length, complaints };
}

/** What unwanted answers say of themselves. */
function explain({ strange }: LoadResult, fleet: Fleet, { traces }: Batch): string {
  return strange
    .map(({ index, body }) => {
      if (body[0] !== 0x30) return body.toString('latin1', 0, 300).replaceAll(/[^ -~]/g, '.');
      try {
        const { pkiStatus, failInfo, failInfoText } = fleet.open(body, traces[index]!);
        return `${pkiStatus} ${failInfo ?? ''} ${failInfoText ?? ''}`.trim();
      } catch (error) {
        return String(error);
      }
    })
    .join('; ');
}

interface FullLoad {
  readonly load: LoadResult;
  readonly caps: LoadResult;
  readonly from: number;
  readonly to: number;
  readonly serverCpuSeconds: number | undefined;
  readonly threadCpuSeconds: ReadonlyMap<string, number>;
  readonly machineCpuSeconds: number | undefined;
  readonly memory: readonly { readonly done: number; readonly residentMb: number }[];
}

async function measureFullLoad({ url, pid }: Target, batch: Batch, { connections, seconds, count }: Options): Promise<FullLoad> {
  const memory: { done: number; residentMb: number }[] = [];
  const before = readProcess(pid);
  const threadsBefore = readThreads(pid);
  const machineBefore = readMachineCpu();
  const from = Date.now();
  const note = (done: number): void => {
    const stat = readProcess(pid);
    if (stat !== undefined) memory.push({ done, residentMb: stat.residentMb });
  };
  note(0);
  let isRunning = true;
  const plan: Plan = { ...planOf(new URL(url), connections, batch), keepOneIn: VERIFY_ONE_IN, onTick: note, ...(count === undefined ? { seconds } : {}) };
  const capsRequest = requestOf('GET', new URL(`${url}?operation=GetCACaps`));
  const asking = loadOpen({ url: new URL(url), requests: [capsRequest], connections: 1, until: () => !isRunning, repeat: true, outcomeOf: httpStatusOf, wanted: 'HTTP 200' }, 20);
  const load = await loadClosed(plan).finally(() => (isRunning = false));
  const to = Date.now();
  const after = readProcess(pid);
  const machineAfter = readMachineCpu();
  const threads = [...readThreads(pid)].map(([name, cpu]) => [name, cpu - (threadsBefore.get(name) ?? 0)] as const);
  note(load.done);
  return {
    load,
    caps: await asking,
    from,
    to,
    serverCpuSeconds: before === undefined || after === undefined ? undefined : after.cpuSeconds - before.cpuSeconds,
    threadCpuSeconds: new Map(threads.filter(([, cpu]) => cpu > 0)),
    machineCpuSeconds: machineBefore === undefined || machineAfter === undefined ? undefined : machineAfter - machineBefore,
    memory,
  };
}

function fullLoadFigures({ load, serverCpuSeconds, threadCpuSeconds, machineCpuSeconds }: FullLoad, verified: number, unopened: number): Figures['fullLoad'] {
  const { seconds, generatorCpuSeconds, done } = load;
  return {
    ...rateOf(load),
    enrolments: done,
    seconds,
    serverCpuMs: serverCpuSeconds === undefined ? null : (serverCpuSeconds * 1000) / done,
    serverCores: serverCpuSeconds === undefined ? null : serverCpuSeconds / seconds,
    threadCpuMs: Object.fromEntries([...threadCpuSeconds].map(([name, cpu]) => [name, (cpu * 1000) / done])),
    generatorCores: generatorCpuSeconds / seconds,
    otherCores: serverCpuSeconds === undefined || machineCpuSeconds === undefined ? null : Math.max(0, machineCpuSeconds - serverCpuSeconds - generatorCpuSeconds) / seconds,
    verified,
    unopened,
  };
}

function floorFigures(floor: Floor, { load, serverCpuSeconds }: FullLoad): Figures['floor'] {
  const afterGenerator = floor.perSecond * (1 - load.generatorCpuSeconds / (cores * load.seconds));
  return {
    ...floor,
    afterGenerator,
    ratio: load.perSecond / afterGenerator,
    cpuRatio: serverCpuSeconds === undefined ? null : (floor.cpuMs * load.done) / (serverCpuSeconds * 1000),
  };
}

function lagFigures(samples: readonly LagSample[]): Figures['mainThread'] {
  if (samples.length === 0) return null;
  const mean = (of: (sample: LagSample) => number): number => samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  return { p50: mean(({ p50 }) => p50), p99: quantile(samples.map(({ p99 }) => p99).sort((a, b) => a - b), 0.5), max: Math.max(...samples.map(({ max }) => max)), busy: mean(({ busy }) => busy) };
}

function memoryFigures({ memory, load }: FullLoad, idleMb: number, afterMb: number, heaps: readonly HeapSample[]): Figures['memory'] {
  const at = (share: number): number => memory.find(({ done }) => done >= share * load.done)?.residentMb ?? afterMb;
  // The last sample of each thread.
  const last = [...new Map(heaps.map((sample) => [sample.thread, sample])).values()].sort((a, b) => a.thread - b.thread);
  return {
    heaps: last.map(({ heapTotal, heapUsed, external }) => ({ reservedMb: heapTotal / 2 ** 20, usedMb: heapUsed / 2 ** 20, outsideMb: external / 2 ** 20 })),
    idleMb,
    afterMb,
    highestMb: Math.max(afterMb, ...memory.map(({ residentMb }) => residentMb)),
    quartersMb: [0, 0.25, 0.5, 0.75, 1].map(at),
    kbPerThousandInSecondHalf: load.done === 0 ? 0 : ((at(1) - at(0.5)) * 1024) / (load.done / 2000),
  };
}

/** Requests that wait for an admin, and polls for them which are all different messages: nothing is answered from memory. */
async function measurePolls(url: URL, fleet: Fleet, { connections, seconds, warmUp }: Options, say: (line: string) => void): Promise<LoadResult> {
  const waiting = await fleet.enrol(Array.from({ length: WAITING_REQUESTS }, () => null));
  const held = await loadClosed({ ...planOf(url, connections, waiting), wanted: 'PENDING' });
  if (held.done < WAITING_REQUESTS) throw new Error(`requests without a challenge do not wait: ${JSON.stringify(held.outcomes)}`);
  const poll = async (count: number): Promise<LoadResult> => loadClosed({ ...planOf(url, connections, await fleet.poll(waiting.traces, count)), wanted: 'PENDING', seconds });
  const { perSecond } = await poll(warmUp);
  say('Polls …');
  return poll(Math.ceil(perSecond * seconds * 1.5));
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  const options = readOptions(args);
  if (options.peer !== undefined && !options.isolated) return runIsolated(process.argv[1]!, args);
  const figures = await run(options, (line) => console.error(line));
  console.log(options.json ? JSON.stringify(figures) : `\n${tableOf(figures)}`);
  if (options.profile !== undefined) console.error(`\n${summarizeProfiles(options.profile)}`);
  return 0;
}

if (isMain(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  });
}
