/** `countersign`: picks the command and turns what it throws into an exit code. Each command's own file is loaded only when it is asked for. */
import { createInterface } from 'node:readline';
import { findProduct } from '../product.ts';
import { HELP } from './help.ts';
import { type ExitCode, type Terminal, fail, misused } from './terminal.ts';

type Run = (args: readonly string[], terminal: Terminal) => Promise<ExitCode>;

const server =
  (name: string): Run =>
  async (args, terminal) =>
    (await import('./commands.ts')).runServerCommand(name, args, terminal);

const COMMANDS: Readonly<Record<string, Run>> = {
  serve: async (args, terminal) => (await import('./serve.ts')).runServe(args, terminal),
  call: server('call'),
  open: server('open'),
  requests: server('requests'),
  approve: server('approve'),
  refuse: server('refuse'),
  challenge: server('challenge'),
  backup: async (args, terminal) => (await import('./backup.ts')).runBackup(args, terminal),
  restore: async (args, terminal) => (await import('./backup.ts')).runRestore(args, terminal),
  migrate: async (args, terminal) => (await import('./migrate.ts')).runMigrate(args, terminal),
  'export-ca': async (args, terminal) => (await import('./exportCa.ts')).runExportCa(args, terminal),
  courier: async (args, terminal) => (await import('./courier.ts')).runCourier(args, terminal),
  audit: async (args, terminal) => (await import('./auditVerify.ts')).runAudit(args, terminal),
  inspect: async (args, terminal) => (await import('./inspect.ts')).runInspect(args, terminal),
  doctor: async (args, terminal) => (await import('./doctor.ts')).runDoctor(args, terminal),
};

/** Runs one command line. */
export async function runCli([name, ...args]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h' || args.includes('--help')) {
    if (name === undefined) terminal.err(HELP);
    else terminal.out(HELP.trimEnd());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    terminal.out(findProduct().version);
    return 0;
  }
  const run = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (run === undefined) return misused(terminal, `There is no command ${name}.`);
  try {
    return await run(args, terminal);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoServer') return fail(terminal, 3, { code: 'no-server', message: error.message, hint: 'Start it with countersign serve, with the same --data.' });
    throw error;
  }
}

/** The process's own streams. */
export function processTerminal(): Terminal {
  return {
    env: process.env,
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    humanReadsErrors: process.stderr.isTTY,
    readInput: async () => {
      const lines: string[] = [];
      for await (const line of createInterface({ input: process.stdin })) lines.push(line);
      return lines.join('\n');
    },
  };
}

/** The entry of the Node build. */
export async function main(args: readonly string[]): Promise<void> {
  process.exitCode = await runCli(args, processTerminal());
}
