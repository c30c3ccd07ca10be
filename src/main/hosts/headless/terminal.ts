/** What a command of the command line is given and gives back: streams, environment, exit code. */

/** 0 done, 1 refused or failed, 2 wrong usage, 3 no server. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One or more lines for whoever asked. */
  out(text: string): void;
  err(text: string): void;
  /** A human reads standard error: errors are sentences then, one line of JSON otherwise. */
  readonly humanReadsErrors: boolean;
  readInput(): Promise<string>;
}

export interface CommandError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Says why on standard error and gives the exit code back. */
export function fail(terminal: Terminal, exit: ExitCode, { code, message, hint }: CommandError): ExitCode {
  if (terminal.humanReadsErrors) terminal.err(`${message}${hint === undefined ? '' : `\n${hint}`}`);
  else terminal.err(JSON.stringify(hint === undefined ? { code, message } : { code, message, hint }));
  return exit;
}

export const misused = (terminal: Terminal, message: string): ExitCode =>
  fail(terminal, 2, { code: 'usage', message, hint: 'countersign --help shows what there is.' });
