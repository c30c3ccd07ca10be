/** Worker threads, one for each core, that are gone before the clock starts and come back for the floor. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { JobKind, Jobs } from './jobs.ts';

export const cores = availableParallelism();

export interface Crew {
  /** One job for each member, at the same time. */
  all<K extends JobKind>(kind: K, inputs: readonly Jobs[K]['input'][]): Promise<readonly Jobs[K]['output'][]>;
  dismiss(): Promise<void>;
}

export function gatherCrew(): Crew {
  const members = Array.from({ length: cores }, () => new Worker(new URL('./worker.ts', import.meta.url)));
  let nextId = 0;
  const ask = <K extends JobKind>(member: Worker, kind: K, input: Jobs[K]['input']): Promise<Jobs[K]['output']> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      const answer = (message: { readonly id: number; readonly output: Jobs[K]['output'] }): void => {
        if (message.id !== id) return;
        member.off('message', answer);
        member.off('error', reject);
        resolve(message.output);
      };
      member.on('message', answer);
      member.on('error', reject);
      member.postMessage({ id, kind, input });
    });
  return {
    all: (kind, inputs) => Promise.all(inputs.map((input, i) => ask(members[i % members.length]!, kind, input))),
    dismiss: async () => void (await Promise.all(members.map((member) => member.terminate()))),
  };
}

/** Runs with a crew that is gone afterwards. */
export async function withCrew<T>(use: (crew: Crew) => Promise<T>): Promise<T> {
  const crew = gatherCrew();
  try {
    return await use(crew);
  } finally {
    await crew.dismiss();
  }
}
