/**
 * Keeps the heaps of the server small. Imported before everything else, for V8 reads these when an isolate (main thread, each worker) is made
 * or grows. Without them every thread's young generation grows to 48 MB, and a server that holds 25 MB alive comes to rest at 370 MB.
 */
import { setFlagsFromString } from 'node:v8';

// Young generations of 3 × 2 MB: nearly all that a message makes is garbage once it is answered, so collecting more often costs little.
setFlagsFromString('--max-semi-space-size=2');
setFlagsFromString('--semi-space-growth-factor=1');
// The old generation grows in small steps: it holds caches and code, not messages.
setFlagsFromString('--heap-growing-percent=30');
