// The kinds of test, each a folder under test/. Each has its group, one after the other, so that no kind disturbs another's timings.
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

interface Kind {
  readonly name: string;
  readonly timeout: number;
  /** Kinds of the same group run together. */
  readonly group: number;
  /** One file at a time: they share a D-Bus, or what foreign clients keep on the machine. All others have ports and folders of their own. */
  readonly serial?: true;
}

const kinds: readonly Kind[] = [
  { name: 'unit', timeout: 20_000, group: 0 },
  { name: 'contract', timeout: 30_000, group: 0 },
  { name: 'fuzz', timeout: 120_000, group: 0 },
  { name: 'integration', timeout: 60_000, group: 1 },
  { name: 'crash', timeout: 180_000, group: 2 },
  { name: 'interop', timeout: 120_000, group: 3, serial: true },
  { name: 'e2e', timeout: 90_000, group: 4 },
];

/** The walk through every page takes as long as all other journeys together: begun last, it would keep the other worker idle. */
const LONGEST = /[\\/]axe\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(({ moduleId }) => LONGEST.test(moduleId)), ...sorted.filter(({ moduleId }) => !LONGEST.test(moduleId))];
  }
}

const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root,
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: kinds.map(({ name, timeout, group, serial }) => ({
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
        ...(serial === true ? { fileParallelism: false, maxWorkers: 1 } : {}),
        sequence: { groupOrder: group },
      },
    })),
  },
});
