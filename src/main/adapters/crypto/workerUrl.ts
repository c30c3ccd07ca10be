/** Where the worker's code lies: beside this file when it runs from sources (Node strips the types), `cryptoWorker.js` in a build. */
export function cryptoWorkerUrl(self: string = import.meta.url): URL {
  return new URL(self.endsWith('.ts') ? './worker.ts' : './cryptoWorker.js', self);
}
