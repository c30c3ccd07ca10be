// Loaded before the server (`node --import`): ends the process outright at the moment that CRASH_POINT names, where no signal from outside would hit
// so surely. The head of the audit log is written once after each commit, so its n-th write is a place between two commits.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread, workerData } from 'node:worker_threads';

const { at, nth, milliseconds } = JSON.parse(process.env.CRASH_POINT ?? '{}');
const SLOT = 512;
const isStore = !isMainThread && typeof workerData?.dataDir === 'string';

function die() {
  process.kill(process.pid, 'SIGKILL');
  // Not one instruction of the product runs between the signal and the end.
  for (;;);
}

if (isMainThread && at === 'start') setTimeout(die, milliseconds).unref();

if (isStore && at !== undefined && at !== 'start') {
  const { writeSync, fdatasyncSync } = fs;
  let count = 0;
  fs.writeSync = (file, bytes, offset, length, position) => {
    if (length !== SLOT) return writeSync(file, bytes, offset, length, position);
    count += 1;
    if (at === 'failing-head') {
      if (count < nth.from || count > nth.to) return writeSync(file, bytes, offset, length, position);
      throw Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO' });
    }
    if (count !== nth) return writeSync(file, bytes, offset, length, position);
    if (at === 'torn-head') writeSync(file, bytes, offset, 200, position);
    if (at === 'after-head') fdatasyncSync((writeSync(file, bytes, offset, length, position), file));
    return die();
  };
  syncBuiltinESMExports();
}
