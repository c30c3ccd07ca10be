// `npm run fuzz`: the long campaign, 200 000 inputs (or FUZZ_INPUTS) through every parser; `npm test` runs a few thousand of the same.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endLike, run } from './relay.mjs';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const env = { FUZZ_INPUTS: '200000', ...process.env };
endLike(
  await run(process.execPath, [vitest, 'run', '--project', 'fuzz', '--testTimeout=3600000', ...process.argv.slice(2)], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env,
  }),
);
