/**
 * `countersign serve`: the CA without a window. Opens the vault as it was told to, starts both listeners, says where they are, and stops
 * cleanly on SIGTERM. Standard output is for whoever started it; logs go to standard error.
 */
import { readFile } from 'node:fs/promises';
import { StoreRefused } from '../../adapters/sqlite/database.ts';
import { createLog } from '../../adapters/system/log.ts';
import { type Refusal } from '../../application/deps.ts';
import { updateSettings } from '../../application/settings.ts';
import { initializeVault, unlockVault } from '../../application/vault.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import { type Composition, type OpenedWeb, compose } from '../compose.ts';
import { DEFAULT_ADMIN_PORT, type Environment, type ServeConfig, readServeConfig, resolveDataDir } from '../config.ts';
import { STARTER, listenAsKept, openByKeychain } from '../opening.ts';
import { findProduct } from '../product.ts';
import { removeAccess, writeAccess } from './accessFile.ts';
import { type ExitCode, type Terminal, fail, misused } from './terminal.ts';

const STOP_MS = 4_500;

export async function runServe(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const config = readServeConfig(args, terminal.env);
  if (!config.ok) return misused(terminal, config.error);
  const passphrase = await readPassphrase(config.value, terminal.env);
  if (!passphrase.ok) return fail(terminal, 1, passphrase.error);
  const log = createLog({ level: logLevel(terminal.env, config.value.json) });
  const stopped = whenToldToStop();
  let house: Composition;
  try {
    house = await compose({ dataDir: config.value.dataDir, product: findProduct(), log, rateLimit: config.value.rateLimit });
  } catch (error) {
    if (!(error instanceof StoreRefused)) throw error;
    return fail(terminal, 1, { code: 'data-folder-unusable', message: error.message });
  }
  const started = await start(house, config.value, passphrase.value);
  if (!started.ok) {
    await house.stop();
    return fail(terminal, 1, started.error);
  }
  announce(terminal, house, config.value, started.value);
  await stopped;
  await stop(house, config.value);
  return 0;
}

function logLevel(env: Environment, json: boolean): 'debug' | 'info' | 'warn' | 'error' {
  const said = env.COUNTERSIGN_LOG;
  return said === 'debug' || said === 'info' || said === 'warn' || said === 'error' ? said : json ? 'info' : 'warn';
}

/** Whoever stops a server waits so long: then it goes, even where it was still starting. */
function whenToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    const told = (): void => {
      setTimeout(() => process.exit(0), STOP_MS).unref();
      resolve();
    };
    // Not `once`: npm and terminals may deliver a signal twice, and the second must not kill what still drains.
    process.on('SIGTERM', told);
    process.on('SIGINT', told);
  });
}

/** From the environment, or from the file that a flag names; its last line end is the editor's, not the passphrase's. */
async function readPassphrase(config: ServeConfig, env: Environment): Promise<Result<string | undefined, Refusal>> {
  const said = env.COUNTERSIGN_PASSPHRASE;
  // Nothing that this process starts inherits it.
  delete process.env.COUNTERSIGN_PASSPHRASE;
  if (config.passphraseFile === undefined) return ok(said === '' ? undefined : said);
  try {
    return ok((await readFile(config.passphraseFile, 'utf8')).replace(/\r?\n$/, ''));
  } catch {
    return err({ code: 'passphrase-file-unreadable', message: `The passphrase file ${config.passphraseFile} cannot be read.` });
  }
}

interface Started {
  readonly web: OpenedWeb;
  /** What turned out otherwise than usual, in sentences. */
  readonly remarks: readonly string[];
}

async function start(house: Composition, config: ServeConfig, passphrase: string | undefined): Promise<Result<Started, Refusal>> {
  const opened = await openVault(house, config, passphrase);
  if (!opened.ok) return opened;
  if (config.publicBaseUrl !== undefined) {
    const set = await updateSettings(house.deps, { publicBaseUrl: config.publicBaseUrl }, STARTER);
    if (!set.ok) return err({ ...set.error, message: set.error.message.replace('publicBaseUrl:', '--public-base-url') });
  }
  const listening = await listenAsKept(house, { host: config.scepHost, port: config.scepPort });
  if (!listening.ok) return listening;
  const web = await openWeb(house, config);
  if (!web.ok) return web;
  await writeAccess(config.dataDir, { url: web.value.opened.web.url, token: web.value.opened.token, pid: process.pid });
  return ok({ web: web.value.opened, remarks: [...opened.value, ...listening.value, ...web.value.remarks] });
}

/** Sets the vault up or unlocks it, as far as it was told how; otherwise it stays `empty` or locked. */
async function openVault(house: Composition, { vault: wanted }: ServeConfig, passphrase: string | undefined): Promise<Result<readonly string[], Refusal>> {
  const { deps } = house;
  if (deps.vault.state() === 'empty') {
    if (wanted === undefined || (wanted === 'passphrase' && passphrase === undefined)) return ok([]);
    const made = await initializeVault(deps, { kind: wanted, passphrase: wanted === 'passphrase' ? passphrase : undefined }, STARTER);
    return made.ok ? ok([]) : made;
  }
  const kind = deps.vault.kind();
  if (wanted !== undefined && kind !== undefined && wanted !== kind) {
    return err({ code: 'other-vault', message: `This data folder’s vault is opened by ${kind === 'keychain' ? 'the keychain' : 'a passphrase'}.`, hint: `Start with --vault ${kind}, or without it.` });
  }
  if (kind === 'passphrase' && passphrase === undefined) return ok([]);
  const unlocked = kind === 'keychain' ? await openByKeychain(house) : await unlockVault(deps, { passphrase }, STARTER);
  if (unlocked.ok) return ok([]);
  // Nobody asked for the keychain in particular: without it the CA still serves its certificate and CRL, and says why it is locked.
  return kind === 'keychain' && wanted === undefined ? ok([`The vault stays locked: ${unlocked.error.message}`]) : unlocked;
}

async function openWeb(house: Composition, { adminPort }: ServeConfig): Promise<Result<{ readonly opened: OpenedWeb; readonly remarks: readonly string[] }, Refusal>> {
  try {
    return ok({ opened: await house.openWeb(adminPort ?? DEFAULT_ADMIN_PORT), remarks: [] });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    if (adminPort !== undefined) return err({ code: 'admin-port-taken', message: `Port ${adminPort} on 127.0.0.1 is in use by another program.`, hint: 'Choose another --admin-port; 0 takes a free one.' });
    const opened = await house.openWeb(0);
    return ok({ opened, remarks: [`Port ${DEFAULT_ADMIN_PORT} is taken, so the admin page is on port ${opened.web.port}.`] });
  }
}

function announce(terminal: Terminal, { deps }: Composition, config: ServeConfig, { web, remarks }: Started): void {
  const { baseUrl } = deps.listener.state();
  const scepUrl = baseUrl === null ? null : `${baseUrl}/scep`;
  const adminUrl = web.adminUrl();
  if (config.json) {
    for (const remark of remarks) deps.log('warn', 'start.remark', { remark });
    terminal.out(JSON.stringify({ ready: true, scepUrl, adminUrl, dataDir: config.dataDir, pid: process.pid }));
    return;
  }
  const lines = [
    `Countersign ${deps.productVersion} runs.`,
    `  Devices enrol at   ${scepUrl ?? 'nowhere: the device listener is down'}`,
    `  Administer at      ${adminUrl}`,
    '                     (works once, for ten minutes; countersign open prints a new one)',
    `  Its data lies in   ${config.dataDir}`,
    ...remarks,
    ...nextSteps(deps, config.dataDir, terminal.env),
  ];
  terminal.out(lines.join('\n'));
}

/** What a newcomer does now: the window leads through it, and each step can be done by a command that can be copied; another data folder than the usual one is named in them. */
function nextSteps({ vault, directory }: Composition['deps'], dataDir: string, env: Environment): readonly string[] {
  const folder = dataDir === resolveDataDir(undefined, env) ? '' : ` --data ${dataDir}`;
  const call = (channel: string, input: string): string => `  npx countersign call ${channel} ${input}${folder}`;
  if (vault.state() === 'empty') {
    return [
      'Next, open the second address in a browser on this machine: it leads from here to a first enrolled device.',
      'At the command line, choose how the keys are kept. In the keychain of this machine:',
      call('vault.initialize', `'{"kind":"keychain"}'`),
      'or under a passphrase (typed as {"kind":"passphrase","passphrase":"…"}, ended with Ctrl-D, so that it stands in no command line):',
      call('vault.initialize', '-'),
    ];
  }
  if (vault.state() === 'locked') {
    return [
      'Next, unlock the vault in the browser or here; until then devices are told to try again later:',
      vault.kind() === 'keychain' ? call('vault.unlock', `'{}'`) : `${call('vault.unlock', '-')}   and type {"passphrase":"…"}, ended with Ctrl-D`,
    ];
  }
  if (directory.authorities().length === 0) {
    return ['Next, create the certificate authority in the browser, or here:', call('authorities.create', `'{"commonName":"Office CA","key":"rsa-2048","years":10}'`)];
  }
  return ['Next, make a one-time password for a device, or let it enrol without one and approve it in the browser or here:', `  npx countersign challenge --device NAME${folder}`, `  npx countersign requests${folder}`];
}

async function stop(house: Composition, { dataDir }: ServeConfig): Promise<void> {
  await removeAccess(dataDir);
  await house.stop();
}
