/**
 * A pool of worker threads for private-key operations and everything around them: opening messages, sealing replies, signing.
 * Owns the queue, the choice of a worker and the replacement of one that dies; the work itself is core's, run by worker.ts.
 */
import type { KeyObject } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Busy, VaultLocked } from '../../application/ports/outages.ts';
import type { SignatureScheme } from '../../core/pki/crypto.ts';
import type { MessageFrame, OpenOptions, OpenOutcome, Reply, SealOptions } from '../../core/scep/message.ts';
import type { FromWorker, JobKind, Jobs, ToWorker } from './jobs.ts';
import type { SelfTestResult } from './selfTest.ts';
import { cryptoWorkerUrl } from './workerUrl.ts';

export interface CryptoPool {
  /** Gives a private key to every worker; jobs that are asked for afterwards find it. */
  addKey(keyId: string, key: KeyObject): void;
  has(keyId: string): boolean;
  /** Resolves when no worker holds this key any more. */
  dropKey(keyId: string): Promise<void>;
  /** Waiting jobs fail with VaultLocked, running ones finish; resolves when no worker holds a key. */
  dropKeys(): Promise<void>;
  /** Throws Busy where too many messages wait already. */
  open(message: Uint8Array, options: OpenOptions): Promise<OpenOutcome>;
  /** Throws VaultLocked where the key is not there; so does `sign`. */
  seal(reply: Reply, frame: MessageFrame, options: SealOptions, keyId: string): Promise<Uint8Array>;
  sign(keyId: string, scheme: SignatureScheme, bytes: Uint8Array): Promise<Uint8Array>;
  /** Of the crypto library as the workers have it. */
  selfTest(): Promise<readonly SelfTestResult[]>;
  /** Ids of the keys that each running worker holds. */
  heldKeys(): Promise<readonly (readonly string[])[]>;
  /** Ends the workers; what still waits or runs fails. */
  close(): Promise<void>;
}

export interface CryptoPoolOptions {
  /** Workers; by default as many as the machine has cores. */
  readonly size?: number;
  /** Messages that may wait to be opened; beyond it `open` throws Busy. */
  readonly maxWaiting?: number;
  /** Milliseconds after which a job's worker is taken to hang, and is replaced. */
  readonly deadline?: number;
  readonly workerUrl?: URL;
  /** Told of each worker that died. */
  readonly onDeath?: (reason: string) => void;
}

// One job runs and one lies ready, so that a worker never idles while its answer travels; more would only wait in the wrong line.
const DEPTH = 2;
// A second's work for two cores and RSA-4096, the slowest key: what waits longer would run into the clients' own time-outs.
const MAX_WAITING = 1000;
const DEADLINE = 30_000;

interface Task {
  readonly message: Exclude<ToWorker, { kind: 'add-key' }>;
  readonly resolve: (output: never) => void;
  readonly reject: (error: Error) => void;
  postedAt: number;
}

interface Member {
  readonly thread: Worker;
  readonly tasks: Map<number, Task>;
  ready: boolean;
}

/** Starts the workers. */
export function createCryptoPool(options: CryptoPoolOptions = {}): CryptoPool {
  return new Pool(options);
}

class Pool implements CryptoPool {
  readonly #size: number;
  readonly #maxWaiting: number;
  readonly #deadline: number;
  readonly #workerUrl: URL;
  readonly #onDeath: (reason: string) => void;
  readonly #members: (Member | undefined)[];
  readonly #keys = new Map<string, KeyObject>();
  /** Steps of enrolments that are under way come first: they have a serial and a commit behind them, a new message has nothing yet. */
  readonly #underway = new Queue<Task>();
  readonly #incoming = new Queue<Task>();
  #lastId = 0;
  #watch: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: CryptoPoolOptions) {
    this.#size = Math.max(1, options.size ?? availableParallelism());
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
    this.#deadline = options.deadline ?? DEADLINE;
    this.#workerUrl = options.workerUrl ?? cryptoWorkerUrl();
    this.#onDeath = options.onDeath ?? (() => undefined);
    this.#members = Array.from({ length: this.#size }, (_, slot) => this.#start(slot));
  }

  addKey(keyId: string, key: KeyObject): void {
    this.#keys.set(keyId, key);
    for (const member of this.#living()) post(member, { kind: 'add-key', keyId, key });
  }

  has(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  async dropKey(keyId: string): Promise<void> {
    this.#keys.delete(keyId);
    // A worker that dies instead of answering has forgotten its keys as well.
    await Promise.all(this.#living().map((member) => this.#askMember(member, 'drop-key', keyId).catch(() => undefined)));
  }

  async dropKeys(): Promise<void> {
    this.#keys.clear();
    for (const task of [...this.#underway.takeAll(), ...this.#incoming.takeAll()]) task.reject(new VaultLocked());
    // A worker that dies instead of answering has forgotten its keys as well.
    await Promise.all(this.#living().map((member) => this.#askMember(member, 'drop-keys', undefined).catch(() => undefined)));
  }

  async open(message: Uint8Array, options: OpenOptions): Promise<OpenOutcome> {
    if (this.#incoming.length >= this.#maxWaiting) throw new Busy();
    return this.#ask('open', { message: compact(message), options }, this.#incoming);
  }

  async seal(reply: Reply, frame: MessageFrame, options: SealOptions, keyId: string): Promise<Uint8Array> {
    this.#require(keyId);
    return this.#ask('seal', { reply, frame, options, keyId }, this.#underway);
  }

  async sign(keyId: string, scheme: SignatureScheme, bytes: Uint8Array): Promise<Uint8Array> {
    this.#require(keyId);
    return this.#ask('sign', { keyId, scheme, bytes: compact(bytes) }, this.#underway);
  }

  selfTest(): Promise<readonly SelfTestResult[]> {
    return this.#ask('self-test', undefined, this.#underway);
  }

  heldKeys(): Promise<readonly (readonly string[])[]> {
    return Promise.all(this.#living().map((member) => this.#askMember(member, 'list-keys', undefined)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#watch);
    const ended = new Error('the crypto workers were stopped');
    for (const task of [...this.#underway.takeAll(), ...this.#incoming.takeAll()]) task.reject(ended);
    const members = this.#living();
    this.#members.fill(undefined);
    for (const member of members) failAll(member, ended);
    this.#keys.clear();
    await Promise.all(members.map((member) => member.thread.terminate()));
  }

  #require(keyId: string): void {
    if (!this.#keys.has(keyId)) throw new VaultLocked();
  }

  #living(): readonly Member[] {
    return this.#members.filter((member) => member !== undefined);
  }

  #task<K extends JobKind>(kind: K, input: Jobs[K]['input'], place: (task: Task) => void): Promise<Jobs[K]['output']> {
    if (this.#closed) return Promise.reject(new Error('the crypto workers were stopped'));
    return new Promise((resolve, reject) => {
      const message = { kind, id: ++this.#lastId, input } as Task['message'];
      place({ message, resolve: resolve as Task['resolve'], reject, postedAt: 0 });
    });
  }

  #ask<K extends JobKind>(kind: K, input: Jobs[K]['input'], queue: Queue<Task>): Promise<Jobs[K]['output']> {
    return this.#task(kind, input, (task) => {
      queue.add(task);
      this.#dispatch();
    });
  }

  /** To this very worker, past the queue. */
  #askMember<K extends JobKind>(member: Member, kind: K, input: Jobs[K]['input']): Promise<Jobs[K]['output']> {
    return this.#task(kind, input, (task) => this.#give(member, task));
  }

  #dispatch(): void {
    while (this.#underway.length + this.#incoming.length > 0) {
      const member = this.#leastLoaded();
      if (member === undefined) return;
      const task = this.#underway.take() ?? this.#incoming.take();
      if (task !== undefined) this.#give(member, task);
    }
  }

  #leastLoaded(): Member | undefined {
    let least: Member | undefined;
    for (let slot = 0; slot < this.#size; slot++) {
      // A slot is empty only where a worker died before it was ready; it gets its next chance when there is work.
      const member = (this.#members[slot] ??= this.#start(slot));
      if (member.tasks.size < DEPTH && (least === undefined || member.tasks.size < least.tasks.size)) least = member;
    }
    return least;
  }

  #give(member: Member, task: Task): void {
    task.postedAt = performance.now();
    member.tasks.set(task.message.id, task);
    this.#watch ??= setInterval(() => this.#replaceHanging(), Math.ceil(this.#deadline / 4)).unref();
    try {
      post(member, task.message);
    } catch (error) {
      // What cannot be cloned is a bug of the caller's, and leaves no job behind.
      member.tasks.delete(task.message.id);
      task.reject(error as Error);
    }
  }

  #start(slot: number): Member {
    const member: Member = { thread: new Worker(this.#workerUrl), tasks: new Map(), ready: false };
    for (const [keyId, key] of this.#keys) post(member, { kind: 'add-key', keyId, key });
    let reason = 'it ended by itself';
    member.thread.on('message', (message: FromWorker) => this.#settle(member, message));
    member.thread.on('error', (error) => (reason = error.message));
    member.thread.on('exit', () => this.#bury(slot, member, reason));
    return member;
  }

  #settle(member: Member, message: FromWorker): void {
    if (message.kind === 'ready') {
      member.ready = true;
      return;
    }
    const task = member.tasks.get(message.id);
    if (task === undefined) return;
    member.tasks.delete(message.id);
    this.#dispatch();
    if (message.kind === 'done') task.resolve(message.output as never);
    else task.reject(Object.assign(new Error(message.message), message.stack === undefined ? {} : { stack: message.stack }));
  }

  #bury(slot: number, member: Member, reason: string): void {
    if (this.#members[slot] !== member) return;
    this.#onDeath(reason);
    // One that never became ready would die again at once, so its slot waits for the next job; that one is told why, instead of waiting for ever.
    this.#members[slot] = member.ready ? this.#start(slot) : undefined;
    failAll(member, new Error(`a crypto worker died: ${reason}`));
    if (member.ready) this.#dispatch();
    else if (this.#living().length === 0) {
      for (const task of [...this.#underway.takeAll(), ...this.#incoming.takeAll()]) task.reject(new Error(`no crypto worker starts: ${reason}`));
    }
  }

  #replaceHanging(): void {
    const latest = performance.now() - this.#deadline;
    const busy = this.#living().filter((member) => member.tasks.size > 0);
    for (const member of busy) {
      // The oldest runs, the other lies behind it.
      const [oldest] = member.tasks.values();
      if (oldest !== undefined && oldest.postedAt < latest) void member.thread.terminate();
    }
    if (busy.length === 0) {
      clearInterval(this.#watch);
      this.#watch = undefined;
    }
  }
}

const post = (member: Member, message: ToWorker): void => member.thread.postMessage(message);

function failAll(member: Member, error: Error): void {
  for (const task of member.tasks.values()) task.reject(error);
  member.tasks.clear();
}

/** A view of a larger buffer would be cloned with the whole of it: Node's shared pool of 8 KiB, say, with other people's bytes. */
const compact = (bytes: Uint8Array): Uint8Array => (bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes));

/** First in, first out, without moving what waits. */
class Queue<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  add(item: T): void {
    this.#items.push(item);
  }

  take(): T | undefined {
    const item = this.#items[this.#head];
    if (this.#head < this.#items.length) this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length || this.#head > 1024) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  takeAll(): readonly T[] {
    const items = this.#items.slice(this.#head) as T[];
    this.#items = [];
    this.#head = 0;
    return items;
  }
}
