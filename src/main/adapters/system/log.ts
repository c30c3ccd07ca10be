/**
 * The log: one JSON object a line, on stderr unless told otherwise. Owns the level filter and the writing; redact.ts what may be seen.
 */
import type { Log, LogLevel } from '../../application/ports/system.ts';
import { redact } from './redact.ts';

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface LogOptions {
  readonly stream?: Pick<NodeJS.WritableStream, 'write' | 'on'>;
  /** The least level that is written; `info` by default. */
  readonly level?: LogLevel;
  readonly now?: () => number;
}

export function createLog({ stream = process.stderr, level: least = 'info', now = Date.now }: LogOptions = {}): Log {
  // Whoever read the log may be gone; a CA does not stop for that.
  stream.on('error', () => undefined);
  return (level, event, fields = {}) => {
    if (RANK[level] < RANK[least]) return;
    const visible = redact(fields) as Record<string, unknown>;
    stream.write(`${JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...without(visible, ['at', 'level', 'event']) })}\n`);
  };
}

/** A field that is called like one of the line's own must not pass for it. */
function without(fields: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [names.includes(name) ? `${name}_` : name, value]));
}
