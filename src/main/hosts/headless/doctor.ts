/** `countersign doctor`: looks at everything that must be right for the CA to work, and says what is not, with the next step. Changes nothing. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Output } from '../../../preload/contract/contract.ts';
import { selfTest } from '../../adapters/crypto/selfTest.ts';
import { DATABASE_FILE } from '../../adapters/sqlite/database.ts';
import { verifyFolder } from '../../adapters/sqlite/verifyLog.ts';
import { DATA_OPTION, DEFAULT_ADMIN_PORT, DEFAULT_SCEP_PORT, parseFlags, resolveDataDir } from '../config.ts';
import { type Client, NoServer, connect } from './client.ts';
import { type ExitCode, type Terminal, misused } from './terminal.ts';

interface Finding {
  readonly about: string;
  readonly state: 'ok' | 'note' | 'bad';
  readonly text: string;
}

const ok = (about: string, text: string): Finding => ({ about, state: 'ok', text });
const note = (about: string, text: string): Finding => ({ about, state: 'note', text });
const bad = (about: string, text: string): Finding => ({ about, state: 'bad', text });

export async function runDoctor(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const parsed = parseFlags(() => parseArgs({ args: [...args], options: { ...DATA_OPTION, json: { type: 'boolean' } }, strict: true }));
  if (!parsed.ok) return misused(terminal, parsed.error);
  const { values } = parsed.value;
  const findings = await examine(resolveDataDir(values.data, terminal.env));
  if (values.json === true) terminal.out(JSON.stringify(findings));
  else terminal.out(findings.map(({ about, state, text }) => `${{ ok: 'ok  ', note: 'note', bad: 'BAD ' }[state]}  ${about}: ${text}`).join('\n'));
  return findings.some(({ state }) => state === 'bad') ? 1 : 0;
}

async function examine(dataDir: string): Promise<readonly Finding[]> {
  const client = await connect(dataDir).catch((error: unknown) => {
    if (error instanceof NoServer) return undefined;
    throw error;
  });
  const status = client === undefined ? undefined : await readStatus(client);
  const running = status === undefined ? undefined : client;
  return [
    checkNode(),
    checkCrypto(),
    checkClock(),
    ...(await checkFolder(dataDir)),
    ...(running === undefined || status === undefined ? [note('server', 'none runs on this data folder'), ...(await checkPorts())] : [ok('server', `runs at ${running.access.url}`), ...describeStatus(status)]),
    await checkChain(dataDir, running),
  ];
}

async function readStatus(client: Client): Promise<Output<'status.get'> | undefined> {
  try {
    const reply = await client.call('status.get', {});
    return reply.ok ? (reply.value as Output<'status.get'>) : undefined;
  } catch (error) {
    if (error instanceof NoServer) return undefined;
    throw error;
  }
}

function checkNode(): Finding {
  const napi = Number(process.versions.napi);
  return napi >= 10 ? ok('Node', process.version) : bad('Node', `${process.version} is too old for the database: 22.14 or newer is needed.`);
}

function checkCrypto(): Finding {
  const wrong = selfTest().filter((result) => !result.ok);
  if (wrong.length === 0) return ok('cryptography', `every algorithm gives its known result (OpenSSL ${process.versions.openssl})`);
  return bad('cryptography', `wrong or missing: ${wrong.map(({ name }) => name).join(', ')}. Use the Node that comes with the product.`);
}

// No certificate of this product is older; a clock before this makes certificates that nobody takes yet.
const BEFORE_THE_PRODUCT = Date.UTC(2026, 0, 1);

function checkClock(): Finding {
  const now = new Date();
  if (now.getTime() < BEFORE_THE_PRODUCT) return bad('clock', `it is not ${now.toISOString()}: certificates would begin in the past. Set the clock.`);
  return ok('clock', now.toISOString());
}

async function checkFolder(dataDir: string): Promise<readonly Finding[]> {
  const found = await stat(dataDir).catch(() => undefined);
  if (found === undefined) return [note('data folder', `${dataDir} does not exist yet; serve makes it`)];
  if (!found.isDirectory()) return [bad('data folder', `${dataDir} is no folder`)];
  const writable = await access(dataDir, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable) return [bad('data folder', `${dataDir} cannot be written by this user`)];
  if (process.platform === 'win32') return [ok('data folder', dataDir)];
  const findings: Finding[] = [];
  if ((found.mode & 0o077) !== 0) findings.push(bad('data folder', `${dataDir} is open to other users: chmod 700 it.`));
  for (const file of [DATABASE_FILE, 'admin.json']) {
    const mode = (await stat(join(dataDir, file)).catch(() => undefined))?.mode;
    if (mode !== undefined && (mode & 0o077) !== 0) findings.push(bad('data folder', `${file} is open to other users: chmod 600 it.`));
  }
  return findings.length > 0 ? findings : [ok('data folder', `${dataDir}, only this user reads it`)];
}

async function checkPorts(): Promise<readonly Finding[]> {
  const ports = [
    ['SCEP port', DEFAULT_SCEP_PORT],
    ['admin port', DEFAULT_ADMIN_PORT],
  ] as const;
  return Promise.all(ports.map(async ([about, port]) => ((await isFree(port)) ? ok(about, `${port} is free`) : note(about, `${port} is taken; serve takes another one unless told which`))));
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

const SEVERITY = { info: 'note', notice: 'note', warning: 'note', danger: 'bad' } as const;

function describeStatus({ state, scepUrl, notices }: Output<'status.get'>): readonly Finding[] {
  const keys = { empty: note('keys', 'there is no vault yet'), locked: note('keys', 'the vault is locked'), ready: ok('keys', 'the vault is open') }[state];
  const port = scepUrl === null ? bad('SCEP port', 'the device listener is down') : ok('SCEP port', scepUrl);
  const told = notices.filter(({ code }) => code !== 'vault-empty' && code !== 'vault-locked');
  return [keys, port, ...told.map(({ code, severity, text }): Finding => ({ about: code, state: SEVERITY[severity], text }))];
}

async function checkChain(dataDir: string, client: Client | undefined): Promise<Finding> {
  const about = 'audit chain';
  try {
    const verdict = client === undefined ? await verifyStopped(dataDir) : await verifyRunning(client);
    if (verdict === undefined) return note(about, 'there is no database yet');
    const notes = verdict.notes.length === 0 ? '' : ` (${verdict.notes.join('; ')})`;
    return verdict.ok ? ok(about, `holds, ${verdict.entries} entries${notes}`) : bad(about, `${verdict.firstBad?.problem ?? 'does not hold'} (entry ${verdict.firstBad?.seq ?? 'unknown'})`);
  } catch (error) {
    return bad(about, error instanceof Error ? error.message : 'cannot be read');
  }
}

interface Verdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly notes: readonly string[];
  readonly firstBad?: { readonly seq: number | null; readonly problem: string } | undefined;
}

async function verifyStopped(dataDir: string): Promise<Verdict | undefined> {
  const database = await stat(join(dataDir, DATABASE_FILE)).catch(() => undefined);
  return database === undefined ? undefined : verifyFolder(dataDir);
}

async function verifyRunning(client: Client): Promise<Verdict> {
  const reply = await client.call('audit.verify', {});
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.value as Output<'audit.verify'>;
}
