/** Distinct enrolments and polls, made on all cores before the clock starts; and the opening of the answers afterwards. */
import { type OpenedReply, openReply } from '../support/replies.ts';
import { cores, withCrew } from './crew.ts';
import { deviceKey, growPrimes } from './deviceKeys.ts';
import type { Built, Style, Trace } from './jobs.ts';

/** Requests ready to be written, and what is behind each. */
export interface Batch {
  readonly requests: readonly Buffer[];
  readonly traces: readonly Trace[];
}

/** The devices of one run: each enrols once, with a key, a subject and a transactionID of its own. */
export class Fleet {
  readonly #style: Style;
  #primes: readonly bigint[] = [];
  #size = 0;

  constructor(style: Style) {
    this.#style = style;
  }

  /** One enrolment of a new device for each challenge; null: an enrolment without one. */
  async enrol(challenges: readonly (string | null)[]): Promise<Batch> {
    const style = this.#style;
    const first = this.#size;
    this.#size += challenges.length;
    const primes = (this.#primes = await growPrimes(this.#primes, this.#size));
    const share = Math.ceil(challenges.length / cores);
    const inputs = Array.from({ length: cores }, (_, i) => ({ style, primes, first: first + i * share, challenges: challenges.slice(i * share, (i + 1) * share) }));
    return batchOf(await withCrew((crew) => crew.all('enrol', inputs)));
  }

  /** At least `count` polls, all different, for these requests in turn. */
  async poll(of: readonly Trace[], count: number): Promise<Batch> {
    const share = Math.ceil(count / cores);
    const inputs = Array.from({ length: cores }, (_, i) => ({ style: this.#style, primes: this.#primes, of: Array.from({ length: share }, (__, j) => of[(i * share + j) % of.length]!) }));
    return batchOf(await withCrew((crew) => crew.all('poll', inputs)));
  }

  /** Opens an answer as a careful client does; throws with what is wrong. */
  open(body: Uint8Array, { number, ...sent }: Trace): OpenedReply {
    const { digest, recipient } = this.#style;
    return openReply(body, { bytes: new Uint8Array(0), digest, key: deviceKey(this.#primes, number), ...sent }, { signerCertificate: recipient });
  }
}

function batchOf(parts: readonly (readonly Built[])[]): Batch {
  const built = parts.flat();
  return { requests: built.map(({ request }) => Buffer.from(request.buffer, request.byteOffset, request.byteLength)), traces: built.map(({ trace }) => trace) };
}
