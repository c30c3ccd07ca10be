/** Where the command line takes a passphrase from: the environment, a file that a flag names, or standard input. Never an argument. */
import { readFile } from 'node:fs/promises';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { CommandError, Terminal } from './terminal.ts';

/** Undefined where none was given. The last line end of a file is the editor's, not the passphrase's. */
export async function readSecret(terminal: Terminal, variable: string, file: string | undefined): Promise<Result<string | undefined, CommandError>> {
  const said = terminal.env[variable];
  // Nothing that this process starts inherits it.
  delete process.env[variable];
  if (file === undefined) return ok(said === '' ? undefined : said);
  try {
    return ok((await readFile(file, 'utf8')).replace(/\r?\n$/, ''));
  } catch {
    return err({ code: 'passphrase-file-unreadable', message: `The passphrase file ${file} cannot be read.` });
  }
}
