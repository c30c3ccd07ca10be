// Vitest reporter: counts the tests and gathers, by name, why any was skipped. scripts/test.mjs prints it last.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** The tools that a test lacked, as test/support/optional.ts noted them on the test or on a suite around it. */
function missingTools(test) {
  for (let node = test; node !== undefined && node.type !== 'module'; node = node.parent) {
    const { missing } = node.meta();
    if (missing !== undefined) return missing;
  }
  return [];
}

function reasonOf(test) {
  const missing = missingTools(test);
  if (missing.length > 0) return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed`;
  const { note } = test.result();
  return note ?? `${relative(process.cwd(), test.module.moduleId)} skips "${test.fullName}" and gives no reason`;
}

export default class SummaryReporter {
  onTestRunEnd(testModules, unhandledErrors) {
    const path = process.env.TEST_SUMMARY_FILE;
    if (path === undefined) return;
    const summary = { passed: 0, failed: 0, skipped: 0, reasons: {}, failures: [] };
    for (const module of testModules) {
      let failedInside = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') summary.passed += 1;
        else if (state === 'failed') {
          failedInside += 1;
          summary.failures.push(`${relative(process.cwd(), module.moduleId)} > ${test.fullName}`);
        } else if (test.options.mode === 'run' && test.result().note === undefined) {
          // Nobody asked for a skip: a hook before it threw, and vitest calls what it then left out "skipped".
          failedInside += 1;
          summary.failures.push(`${relative(process.cwd(), module.moduleId)} > ${test.fullName} (never ran: its set-up failed)`);
        } else {
          summary.skipped += 1;
          const reason = reasonOf(test);
          summary.reasons[reason] = (summary.reasons[reason] ?? 0) + 1;
        }
      }
      // A file that does not load, or a hook that throws, fails without a test of its own.
      if (module.state() === 'failed' && failedInside === 0) {
        failedInside = 1;
        summary.failures.push(`${relative(process.cwd(), module.moduleId)} (the file itself)`);
      }
      summary.failed += failedInside;
    }
    for (const error of unhandledErrors) {
      summary.failed += 1;
      summary.failures.push(`unhandled: ${error.message}`);
    }
    writeFileSync(path, JSON.stringify(summary));
  }
}
