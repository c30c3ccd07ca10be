// Loaded into the server before its own code (node --import): writes four times a second how late the main thread's timers were, and once a
// second how large each thread's heap is, to the file that COUNTERSIGN_BENCH_LAG names. The product itself knows nothing of it.
import { appendFile } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { isMainThread, threadId } from 'node:worker_threads';

const file = process.env['COUNTERSIGN_BENCH_LAG'];
const RESOLUTION_MS = 2;

const write = (line) => appendFile(file, `${JSON.stringify({ at: Date.now(), thread: threadId, ...line })}\n`, () => undefined);

function watchLag() {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let before = performance.eventLoopUtilization();
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    // The histogram holds whole intervals, the timer's own included.
    const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    write({ p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max), busy: performance.eventLoopUtilization(now, before).utilization });
    before = now;
    delay.reset();
  }, 250).unref();
}

function watchHeap() {
  setInterval(() => {
    const { total_heap_size: heapTotal, used_heap_size: heapUsed, external_memory: external, malloced_memory: malloced } = getHeapStatistics();
    write({ heapTotal, heapUsed, external, malloced });
  }, 1000).unref();
}

if (file !== undefined) {
  if (isMainThread) watchLag();
  watchHeap();
}
