/**
 * From flags and environment to a configuration, without touching the disk: what was said, what was left to its default, where the data lies.
 * A secret is never a flag: the passphrase comes from the environment or from a file that a flag names.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Result, err, ok } from '../core/lib/result.ts';
import type { VaultKind } from '../application/ports/vault.ts';

export const DEFAULT_SCEP_HOST = '127.0.0.1';
export const DEFAULT_SCEP_PORT = 8080;
export const DEFAULT_ADMIN_PORT = 8081;

export type Environment = Readonly<Record<string, string | undefined>>;

/** What `serve` was told; undefined where it was told nothing. */
export interface ServeConfig {
  readonly dataDir: string;
  readonly scepHost: string | undefined;
  readonly scepPort: number | undefined;
  readonly adminPort: number | undefined;
  readonly vault: VaultKind | undefined;
  readonly passphraseFile: string | undefined;
  readonly publicBaseUrl: string | undefined;
  /** PKIOperations a minute and source. */
  readonly rateLimit: number | 'off' | undefined;
  readonly json: boolean;
}

export const DATA_OPTION = { data: { type: 'string' } } as const;

const SERVE_OPTIONS = {
  ...DATA_OPTION,
  'scep-host': { type: 'string' },
  'scep-port': { type: 'string' },
  'admin-port': { type: 'string' },
  vault: { type: 'string' },
  'passphrase-file': { type: 'string' },
  'public-base-url': { type: 'string' },
  'rate-limit': { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** The configuration of `serve`, or one sentence about the first flag that is wrong. */
export function readServeConfig(args: readonly string[], env: Environment): Result<ServeConfig, string> {
  const parsed = parseFlags(() => parseArgs({ args: [...args], options: SERVE_OPTIONS, strict: true, allowPositionals: false }).values);
  if (!parsed.ok) return parsed;
  const flags = parsed.value;
  const scepPort = readPort('--scep-port', flags['scep-port']);
  if (!scepPort.ok) return scepPort;
  const adminPort = readPort('--admin-port', flags['admin-port']);
  if (!adminPort.ok) return adminPort;
  const rateLimit = readRateLimit(flags['rate-limit']);
  if (!rateLimit.ok) return rateLimit;
  const { vault } = flags;
  if (vault !== undefined && vault !== 'keychain' && vault !== 'passphrase') return err('--vault is keychain or passphrase.');
  return ok({
    dataDir: resolveDataDir(flags.data, env),
    scepHost: flags['scep-host'],
    scepPort: scepPort.value,
    adminPort: adminPort.value,
    vault,
    passphraseFile: flags['passphrase-file'],
    publicBaseUrl: flags['public-base-url'],
    rateLimit: rateLimit.value,
    json: flags.json ?? false,
  });
}

/** Node's parser throws a TypeError whose message is already a sentence about the flag. */
export function parseFlags<T>(parse: () => T): Result<T, string> {
  try {
    return ok(parse());
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) return err(error.message.replace(/\. To specify a positional argument.*$/s, '.'));
    throw error;
  }
}

function readPort(flag: string, text: string | undefined): Result<number | undefined, string> {
  if (text === undefined) return ok(undefined);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  return port >= 0 && port <= 65535 ? ok(port) : err(`${flag} is a number from 0 (any free port) to 65535.`);
}

function readRateLimit(text: string | undefined): Result<number | 'off' | undefined, string> {
  if (text === undefined || text === 'off') return ok(text);
  const perMinute = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return perMinute > 0 ? ok(perMinute) : err('--rate-limit is a number of PKIOperations a minute and source, or off.');
}

/** `--data`, else `$COUNTERSIGN_DATA`, else where each system keeps the data of a user's programs. */
export function resolveDataDir(flag: string | undefined, env: Environment, platform: NodeJS.Platform = process.platform, home: string = homedir()): string {
  const said = flag ?? env.COUNTERSIGN_DATA;
  if (said !== undefined && said !== '') return resolve(said);
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Countersign');
    case 'win32':
      return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Countersign');
    default:
      return join(env.XDG_DATA_HOME !== undefined && env.XDG_DATA_HOME !== '' ? env.XDG_DATA_HOME : join(home, '.local', 'share'), 'countersign');
  }
}
