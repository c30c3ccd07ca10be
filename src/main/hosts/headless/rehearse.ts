/**
 * `countersign rehearse`: copies a stopped server's data (or unpacks a backup) into a folder that goes afterwards, and moves its time forward.
 * The original is only read. The passphrase of its vault comes as for serve.
 */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DATABASE_FILE, StoreRefused } from '../../adapters/sqlite/database.ts';
import { HEAD_FILE } from '../../adapters/sqlite/headFile.ts';
import { verifyFolder } from '../../adapters/sqlite/verifyLog.ts';
import { createClock } from '../../adapters/system/clock.ts';
import { createLog } from '../../adapters/system/log.ts';
import { openKeychain } from '../../adapters/vault/keychain.ts';
import { toIso } from '../../core/lib/instant.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import { restoreBackup } from '../backups/restoreBackup.ts';
import { DATA_OPTION, parseFlags, resolveDataDir } from '../config.ts';
import { findProduct } from '../product.ts';
import { type Rehearsal, rehearse } from '../rehearsal.ts';
import { readAccess } from './accessFile.ts';
import { readSecret } from './passphrases.ts';
import { type CommandError, type ExitCode, type Terminal, fail, misused } from './terminal.ts';

const OPTIONS = {
  ...DATA_OPTION,
  days: { type: 'string' },
  rollover: { type: 'boolean' },
  backup: { type: 'string' },
  'passphrase-file': { type: 'string' },
  'backup-passphrase-file': { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** As long as any CA lives. */
const MOST_DAYS = 15_000;

export async function runRehearse(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const parsed = parseFlags(() => parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }));
  if (!parsed.ok) return misused(terminal, parsed.error);
  const { values } = parsed.value;
  const days = values.days === undefined ? undefined : Number(values.days);
  if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= MOST_DAYS)) return misused(terminal, `--days is a whole number from 1 to ${MOST_DAYS}.`);
  if (days === undefined && values.rollover !== true) return misused(terminal, 'countersign rehearse needs --days N, or --rollover to watch a whole rollover.');
  const own = await readSecret(terminal, 'COUNTERSIGN_PASSPHRASE', values['passphrase-file']);
  if (!own.ok) return fail(terminal, 1, own.error);
  const place = await mkdtemp(join(tmpdir(), 'countersign-rehearsal-'));
  try {
    const dataDir = join(place, 'data');
    const brought =
      values.backup === undefined
        ? await copyStopped(resolveDataDir(values.data, terminal.env), dataDir, own.value)
        : await unpack(resolve(values.backup), dataDir, await readSecret(terminal, 'COUNTERSIGN_BACKUP_PASSPHRASE', values['backup-passphrase-file']));
    if (!brought.ok) return fail(terminal, 1, brought.error);
    const rehearsed = await rehearse({ ...brought.value, product: findProduct(), log: createLog({ level: 'error' }), days, rollover: values.rollover === true });
    if (!rehearsed.ok) return fail(terminal, 1, rehearsed.error);
    terminal.out(values.json === true ? asJson(rehearsed.value) : asWords(rehearsed.value));
    return 0;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

interface Brought {
  readonly dataDir: string;
  readonly passphrase: string | undefined;
}

/**
 * The files of a folder that no server has open; with its write-ahead log, where a crash left one. Not even opened there, for SQLite leaves files beside
 * a database that it only reads; what was copied while somebody wrote is found by checking the copy.
 */
async function copyStopped(from: string, dataDir: string, passphrase: string | undefined): Promise<Result<Brought, CommandError>> {
  const unusable = (message: string): Result<Brought, CommandError> => err({ code: 'data-folder-unusable', message, hint: 'Stop the server for a moment, or rehearse a backup of it (--backup FILE).' });
  const access = await readAccess(from);
  if (access !== undefined && isRunning(access.pid)) return unusable(`A Countersign runs on ${from}.`);
  if (!existsSync(join(from, DATABASE_FILE))) return err({ code: 'data-folder-unusable', message: `There is no Countersign database in ${from}.` });
  await mkdir(dataDir, { mode: 0o700 });
  for (const name of [DATABASE_FILE, `${DATABASE_FILE}-wal`, HEAD_FILE]) {
    if (existsSync(join(from, name))) await copyFile(join(from, name), join(dataDir, name));
  }
  try {
    const { ok: whole, firstBad } = verifyFolder(dataDir);
    return whole ? ok({ dataDir, passphrase }) : unusable(`The data in ${from} cannot be copied whole: ${firstBad?.problem ?? 'its log does not verify'}.`);
  } catch (error) {
    if (error instanceof StoreRefused) return unusable(error.message);
    throw error;
  }
}

/** Signal 0 asks whether a process is there, and does nothing to it. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A backup brings its keys along; the copy gets a passphrase that nobody needs to know. */
async function unpack(path: string, dataDir: string, given: Result<string | undefined, CommandError>): Promise<Result<Brought, CommandError>> {
  if (!given.ok) return given;
  if (given.value === undefined) return err({ code: 'backup-passphrase-needed', message: 'A backup opens with its passphrase.', hint: 'Give it by COUNTERSIGN_BACKUP_PASSPHRASE or --backup-passphrase-file.' });
  const passphrase = randomBytes(24).toString('base64');
  const restored = await restoreBackup({ source: { path }, passphrase: given.value, dataDir, vault: { kind: 'passphrase', passphrase }, kekTools: { keychain: openKeychain() }, clock: createClock(), actor: { kind: 'admin', name: 'rehearsal' } });
  return restored.ok ? ok({ dataDir, passphrase }) : restored;
}

const asJson = ({ from, to, events, ...rest }: Rehearsal): string => JSON.stringify({ from: toIso(from), to: toIso(to), events: events.map(({ at, ...event }) => ({ at: toIso(at), ...event })), ...rest });

const asWords = ({ events, crls, ocspSigners }: Rehearsal): string =>
  [...events.map(({ at, text }) => `${toIso(at).slice(0, 16).replace('T', ' ')}  ${text}`), `On the way ${crls} revocation lists were published and ${ocspSigners} OCSP signers made. Nothing of it has happened: the copy is gone.`].join('\n');
