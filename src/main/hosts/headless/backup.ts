/**
 * `countersign backup [--out FILE]` of the running server, `countersign backup verify FILE` and `countersign restore FILE`, which need none.
 * Passphrases come from the environment, from files or from standard input.
 */
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { openSync, fsyncSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Output } from '../../../preload/contract/contract.ts';
import { createClock } from '../../adapters/system/clock.ts';
import { openKeychain } from '../../adapters/vault/keychain.ts';
import type { Counts } from '../../application/ports/backups.ts';
import { toIso } from '../../core/lib/instant.ts';
import { proveIn } from '../backups/createBackups.ts';
import { restoreBackup } from '../backups/restoreBackup.ts';
import { DATA_OPTION, parseFlags, resolveDataDir } from '../config.ts';
import { connect } from './client.ts';
import { readSecret } from './passphrases.ts';
import { type ExitCode, type Terminal, fail, misused } from './terminal.ts';

/** `1 authority, 4 certificates, 3 requests, 5 keys` */
function sayCounts({ authorities, certificates, requests, keys }: Counts): string {
  const count = (value: number, one: string, many = `${one}s`): string => `${value} ${value === 1 ? one : many}`;
  return [count(authorities, 'authority', 'authorities'), count(certificates, 'certificate'), count(requests, 'request'), count(keys, 'key')].join(', ');
}

const BACKUP_PASSPHRASE = 'COUNTERSIGN_BACKUP_PASSPHRASE';

const OPTIONS = { ...DATA_OPTION, out: { type: 'string' }, 'backup-passphrase-file': { type: 'string' }, json: { type: 'boolean' } } as const;

export async function runBackup(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const parsed = parseFlags(() => parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true }));
  if (!parsed.ok) return misused(terminal, parsed.error);
  const { values, positionals } = parsed.value;
  const [verb, file, ...more] = positionals;
  const verifying = verb === 'verify' && file !== undefined && more.length === 0;
  if (!verifying && verb !== undefined) return misused(terminal, 'countersign backup [--out FILE] makes one, countersign backup verify FILE looks at one.');
  const passphrase = await readSecret(terminal, BACKUP_PASSPHRASE, values['backup-passphrase-file']);
  if (!passphrase.ok) return fail(terminal, 1, passphrase.error);
  if (verifying) return verify(resolve(file), passphrase.value ?? (await typed(terminal)), values.json ?? false, terminal);

  const client = await connect(resolveDataDir(values.data, terminal.env));
  const reply = await client.call('backups.create', passphrase.value === undefined ? {} : { passphrase: passphrase.value });
  if (!reply.ok) return fail(terminal, 1, reply.error);
  const made = reply.value as Output<'backups.create'>;
  const out = values.out === undefined ? made.path : resolve(values.out);
  if (values.out !== undefined) {
    const copied = await copy(made.path, out).then(() => undefined, (error: NodeJS.ErrnoException) => error.code ?? 'unknown');
    if (copied !== undefined) return fail(terminal, 1, { code: 'backup-not-copied', message: `The backup was made at ${made.path}, and could not be copied to ${out} (${copied}).` });
  }
  if (values.json === true) terminal.out(JSON.stringify(made));
  else {
    terminal.out(out);
    if (terminal.humanReadsErrors) terminal.err(`Proven by a trial restore: ${made.entries} log entries, ${sayCounts(made.counts)}.\n\n${made.recoverySheet}`);
  }
  return 0;
}

/** Whole or not at all, and on disk. */
async function copy(from: string, to: string): Promise<void> {
  const partial = join(dirname(to), `.${process.pid}-${Date.now()}.partial`);
  try {
    await copyFile(from, partial);
    const file = openSync(partial, 'r+');
    fsyncSync(file);
    closeSync(file);
    await rename(partial, to);
  } finally {
    await rm(partial, { force: true });
  }
}

async function typed(terminal: Terminal): Promise<string> {
  if (terminal.humanReadsErrors) terminal.err('The backup’s passphrase, ended with Enter and Ctrl-D:');
  return (await terminal.readInput()).replace(/\r?\n$/, '');
}

async function verify(path: string, passphrase: string, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const place = await mkdtemp(join(tmpdir(), 'countersign-verify-'));
  try {
    const proven = await proveIn(place, { path }, passphrase);
    if (!proven.ok) return fail(terminal, 1, proven.error);
    const { createdAt, productVersion, counts, head, auditKey, sha256 } = proven.value;
    if (json) terminal.out(JSON.stringify({ ...proven.value, createdAt: toIso(createdAt) }));
    else
      terminal.out(
        `This backup is whole: it opens, its audit log holds up to entry ${head.seq}, and its ${counts.keys} keys open and sign.
  Made         ${toIso(createdAt)} by Countersign ${productVersion}
  Holds        ${sayCounts(counts)}
  Audit key    ${auditKey}
  SHA-256      ${sha256}`,
      );
    return 0;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

const RESTORE_OPTIONS = { ...DATA_OPTION, vault: { type: 'string' }, 'passphrase-file': { type: 'string' }, 'backup-passphrase-file': { type: 'string' }, json: { type: 'boolean' } } as const;

export async function runRestore(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const parsed = parseFlags(() => parseArgs({ args: [...args], options: RESTORE_OPTIONS, strict: true, allowPositionals: true }));
  if (!parsed.ok) return misused(terminal, parsed.error);
  const { values, positionals } = parsed.value;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) return misused(terminal, 'countersign restore needs the backup’s file, and nothing else.');
  const { vault } = values;
  if (vault !== 'keychain' && vault !== 'passphrase') return misused(terminal, 'countersign restore needs --vault keychain or --vault passphrase: what keeps the keys from now on.');
  const own = await readSecret(terminal, 'COUNTERSIGN_PASSPHRASE', values['passphrase-file']);
  if (!own.ok) return fail(terminal, 1, own.error);
  if (vault === 'passphrase' && own.value === undefined) {
    return fail(terminal, 1, { code: 'passphrase-needed', message: 'The restored vault needs a passphrase of its own.', hint: 'Give it by COUNTERSIGN_PASSPHRASE or --passphrase-file; it may be a new one.' });
  }
  const passphrase = await readSecret(terminal, BACKUP_PASSPHRASE, values['backup-passphrase-file']);
  if (!passphrase.ok) return fail(terminal, 1, passphrase.error);
  const dataDir = resolveDataDir(values.data, terminal.env);
  const restored = await restoreBackup({
    source: { path: resolve(file) },
    passphrase: passphrase.value ?? (await typed(terminal)),
    dataDir,
    vault: { kind: vault, passphrase: vault === 'passphrase' ? own.value : undefined },
    kekTools: { keychain: openKeychain() },
    clock: createClock(),
    actor: { kind: 'admin', name: 'command-line' },
  });
  if (!restored.ok) return fail(terminal, 1, restored.error);
  const { createdAt, counts, auditKey } = restored.value;
  if (values.json === true) terminal.out(JSON.stringify({ dataDir, createdAt: toIso(createdAt), counts, auditKey }));
  else
    terminal.out(
      `Restored into ${dataDir}: ${sayCounts(counts)}, as of ${toIso(createdAt)}.
  Audit key    ${auditKey}
Compare it with the recovery sheet, make sure that the old server never starts again, then:
  countersign serve --data ${dataDir} --vault ${vault}`,
    );
  return 0;
}
