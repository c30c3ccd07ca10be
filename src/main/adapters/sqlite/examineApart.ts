/** Looking through a stopped folder in a worker of its own: it starts, tells what it found, and ends. */
import { Worker } from 'node:worker_threads';
import type { ExamineOptions, Examination, FromWorker } from './messages.ts';
import { defaultWorkerUrl } from './openSqliteStore.ts';

/** What is in this folder, and whether it holds. The folder is a copy that nothing else has open. */
export function examineApart(dataDir: string, workerUrl: URL = defaultWorkerUrl()): Promise<Examination> {
  const worker = new Worker(workerUrl, { workerData: { examine: dataDir } satisfies ExamineOptions, name: 'examination' });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the examination ended without a result (${code})`)));
    worker.once('message', (messages: readonly FromWorker[]) => {
      for (const message of messages) if (message.kind === 'examined') resolve(message.examination);
      void worker.terminate();
    });
  });
}
