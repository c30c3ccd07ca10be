/**
 * Drives a server with requests that are ready octets: as fast as N connections go (closed loop), or so many a second whatever the server
 * does (open loop). Counts how answers ended and how long they took; keeps some of them to be opened when the clock has stopped.
 */
import { type Answer, Connection } from './connection.ts';

export interface Plan {
  readonly url: URL;
  readonly requests: readonly Buffer[];
  readonly connections: number;
  /** The word under which an answer is counted; looks at octets, parses nothing. */
  readonly outcomeOf: (answer: Answer) => string;
  /** What counts as done. */
  readonly wanted: string;
  /** Ends the load at this time even if requests are left. */
  readonly seconds?: number;
  /** Ends the load when it says so. */
  readonly until?: () => boolean;
  /** Begins again at the first request when all were sent. */
  readonly repeat?: boolean;
  /** Keeps one answer in so many. */
  readonly keepOneIn?: number;
  /** Called every quarter of a second with how many are done. */
  readonly onTick?: (done: number) => void;
}

export interface Kept {
  readonly index: number;
  readonly body: Buffer;
}

export interface LoadResult {
  readonly done: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly perSecond: number;
  readonly latency: Latency;
  /** CPU of the generator: of this process, all threads. */
  readonly generatorCpuSeconds: number;
  readonly kept: readonly Kept[];
  /** The first answer of each unwanted outcome. */
  readonly strange: readonly Kept[];
}

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const TICK_MS = 250;

/** Each connection sends its next request when the answer to the last one is there. */
export function loadClosed(plan: Plan): Promise<LoadResult> {
  return load(plan, (send, isOver) => {
    const next = (lane: number): void => {
      if (!isOver()) send(lane, performance.now(), () => next(lane));
    };
    for (let lane = 0; lane < plan.connections; lane++) next(lane);
  });
}

/**
 * A request is due every 1/perSecond; latency counts from then, so that a server which stalls is charged for the requests that had to wait
 * for a connection, too.
 */
export function loadOpen(plan: Plan, perSecond: number): Promise<LoadResult> {
  return load(plan, (send, isOver, start) => {
    const idle = Array.from({ length: plan.connections }, (_, lane) => lane);
    const waiting: number[] = [];
    let scheduled = 0;
    const dispatch = (): void => {
      while (idle.length > 0 && waiting.length > 0) {
        const lane = idle.pop()!;
        send(lane, waiting.shift()!, () => {
          idle.push(lane);
          dispatch();
        });
      }
    };
    const tick = (): void => {
      for (; start + (scheduled * 1000) / perSecond <= performance.now() && !isOver(scheduled); scheduled++) waiting.push(start + (scheduled * 1000) / perSecond);
      dispatch();
      if (!isOver(scheduled)) setTimeout(tick, Math.max(0, start + (scheduled * 1000) / perSecond - performance.now()));
    };
    tick();
  });
}

type Send = (lane: number, since: number, then: () => void) => void;
/** Whether no further request may begin; `planned` counts those that were promised but not sent yet. */
type IsOver = (planned?: number) => boolean;

function load(plan: Plan, drive: (send: Send, isOver: IsOver, start: number) => void): Promise<LoadResult> {
  const { url, requests, wanted, keepOneIn = 0, repeat = false } = plan;
  const connections = Array.from({ length: plan.connections }, () => new Connection(url));
  const outcomes: Record<string, number> = {};
  const latencies: number[] = [];
  const kept: Kept[] = [];
  const strange: Kept[] = [];
  return new Promise((resolve, reject) => {
    const cpu = process.cpuUsage();
    const start = performance.now();
    const deadline = start + (plan.seconds ?? Number.POSITIVE_INFINITY) * 1000;
    const timer = setInterval(() => {
      plan.onTick?.(outcomes[wanted] ?? 0);
      if (answered === sent && isOver()) finish();
    }, TICK_MS);
    let sent = 0;
    let answered = 0;
    let last = start;
    const isOver: IsOver = (planned = sent) => performance.now() >= deadline || plan.until?.() === true || (!repeat && planned >= requests.length);

    const finish = (): void => {
      clearInterval(timer);
      const { user, system } = process.cpuUsage(cpu);
      for (const connection of connections) connection.close();
      const done = outcomes[wanted] ?? 0;
      const seconds = Math.max(last - start, 1) / 1000;
      resolve({ done, outcomes, seconds, perSecond: done / seconds, latency: latencyOf(latencies), generatorCpuSeconds: (user + system) / 1e6, kept, strange });
    };
    const send: Send = (lane, since, then) => {
      const index = sent++;
      connections[lane]!.send(requests[index % requests.length]!, (answer) => {
        try {
          last = performance.now();
          latencies.push(last - since);
          const outcome = answer instanceof Error ? answer.message : plan.outcomeOf(answer);
          const isFirst = outcomes[outcome] === undefined;
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
          if (answer instanceof Error) {
            // Nothing to keep.
          } else if (outcome !== wanted && isFirst) strange.push({ index, body: Buffer.from(answer.body) });
          else if (outcome === wanted && keepOneIn > 0 && index % keepOneIn === 0) kept.push({ index, body: Buffer.from(answer.body) });
          answered++;
          then();
          if (answered === sent && isOver()) finish();
        } catch (error) {
          clearInterval(timer);
          for (const connection of connections) connection.close();
          reject(error as Error);
        }
      });
    };
    drive(send, isOver, start);
  });
}

function latencyOf(samples: readonly number[]): Latency {
  const sorted = Float64Array.from(samples).sort();
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? 0 };
}

/** Nearest rank, of sorted samples. */
export const quantile = (sorted: ArrayLike<number>, q: number): number => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;

/** pkiStatus as the last two octets behind its attribute's beginning: OID, SET, PrintableString of one character. */
const PKI_STATUS = Buffer.from('060a6086480186f84501090331031301', 'hex');
const STATUSES: Readonly<Record<string, string>> = { '0': 'SUCCESS', '2': 'FAILURE', '3': 'PENDING' };

/** How a CertRep ended, found by its octets. */
export function pkiStatusOf({ status, body }: Answer): string {
  if (status !== 200) return `HTTP ${status}`;
  const at = body.indexOf(PKI_STATUS);
  return at < 0 ? 'no CertRep' : (STATUSES[String.fromCharCode(body[at + PKI_STATUS.length] ?? 0)] ?? 'unknown pkiStatus');
}

export const httpStatusOf = ({ status }: Answer): string => `HTTP ${status}`;
