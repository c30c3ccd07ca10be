// The kinds of test, each a folder under test/. Those that start servers or clients of their own run file by file, after the others.
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

interface Kind {
  readonly name: string;
  readonly timeout: number;
  readonly serial: boolean;
}

const kinds: readonly Kind[] = [
  { name: 'unit', timeout: 20_000, serial: false },
  { name: 'contract', timeout: 30_000, serial: false },
  { name: 'fuzz', timeout: 120_000, serial: false },
  { name: 'integration', timeout: 60_000, serial: true },
  { name: 'interop', timeout: 120_000, serial: true },
  { name: 'e2e', timeout: 90_000, serial: true },
  { name: 'crash', timeout: 180_000, serial: true },
];

const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root,
  test: {
    maxWorkers: 2,
    projects: kinds.map(({ name, timeout, serial }, index) => ({
      test: {
        name,
        root,
        include: [`test/${name}/**/*.test.ts`],
        exclude: [...configDefaults.exclude, 'out/**'],
        environment: 'node' as const,
        // Native addons and worker threads of the product run as they do in production: in a process of their own.
        pool: 'forks' as const,
        testTimeout: timeout,
        hookTimeout: timeout,
        ...(serial ? { fileParallelism: false, maxWorkers: 1 } : {}),
        // One group after the other, so that two serial kinds never fight for the two cores (and timings mean something).
        sequence: { groupOrder: serial ? index : 0 },
      },
    })),
  },
});
