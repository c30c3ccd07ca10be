// `npm start`: the desktop app where there is a display and an Electron binary, else the headless server.
// Electron has no install script: its binary is fetched here, once, and only where that gets anywhere.
// `--data DIR` is for both; `--hidden` starts the desktop app without its window; any other switch of `countersign serve` means the server.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findModernNode, isModern, noModernNode } from './modernNode.mjs';
import { endLike, run } from './relay.mjs';

const STALL = 15_000;
const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const extra = process.argv.slice(2);
const serverSwitch = extra.find((word) => /^--(scep-host|scep-port|admin-port|vault|passphrase-file|public-base-url|rate-limit|json)(=|$)/.test(word));

/** Why there is no window to open; undefined where there can be one. */
function whyNoWindow() {
  if (serverSwitch !== undefined) return `${serverSwitch.replace(/=.*$/s, '')} is for the server`;
  if (process.platform === 'win32' || process.platform === 'darwin') return undefined;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'no display';
  // Chromium's sandbox does not run as root, and a CA's window does not run without its sandbox.
  if (process.getuid?.() === 0) return 'running as root';
  return undefined;
}

function electronFolder() {
  try {
    return dirname(require.resolve('electron/package.json'));
  } catch {
    return undefined;
  }
}

/** The binary's path; undefined while it is not there. Asking the package itself would download without an end. */
function electronBinary(folder) {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const binary = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), readFileSync(pathFile, 'utf8'));
  return existsSync(binary) ? binary : undefined;
}

/** Fetches Electron into its cache with progress on one line; throws when nothing arrives for 15 seconds. */
async function fetchElectron(folder) {
  const fromElectron = createRequire(join(folder, 'package.json'));
  const { downloadArtifact } = await import(pathToFileURL(fromElectron.resolve('@electron/get')).href);
  const { version } = fromElectron('./package.json');
  const stalled = new AbortController();
  const giveUp = () => stalled.abort(new Error('nothing arrived for 15 seconds'));
  let timer = setTimeout(giveUp, STALL);
  let shown = -1;
  const getProgressCallback = ({ percent }) => {
    clearTimeout(timer);
    timer = setTimeout(giveUp, STALL);
    const step = Math.floor(percent * (process.stdout.isTTY ? 100 : 10));
    if (step !== shown) process.stdout.write(process.stdout.isTTY ? `\rFetching Electron ${version}: ${step} %` : `Fetching Electron ${version}: ${step * 10} %\n`);
    shown = step;
    return Promise.resolve();
  };
  const download = downloadArtifact({
    version,
    artifactName: 'electron',
    platform: process.platform,
    arch: process.arch,
    cacheRoot: process.env.electron_config_cache,
    checksums: fromElectron('./checksums.json'),
    downloadOptions: { quiet: true, signal: stalled.signal, getProgressCallback },
  });
  const stall = new Promise((_, reject) => stalled.signal.addEventListener('abort', () => reject(stalled.signal.reason)));
  try {
    await Promise.race([download, stall]);
    if (shown >= 0 && process.stdout.isTTY) process.stdout.write('\n');
  } finally {
    clearTimeout(timer);
    download.catch(() => undefined);
  }
  // The zip is in the cache now: Electron's own installer unpacks it where Electron looks for it.
  const { code } = await run(process.execPath, [join(folder, 'install.js')]);
  if (code !== 0) throw new Error('it could not be unpacked');
}

/** Opens the desktop app; false when there is none to open, after saying why in one line. */
async function openWindow() {
  const reason = whyNoWindow();
  const folder = electronFolder();
  if (reason !== undefined || folder === undefined) {
    console.log(`Starting without a window (${reason ?? 'Electron is not installed'}).`);
    return false;
  }
  if (electronBinary(folder) === undefined) {
    console.log('Electron is fetched once, from GitHub …');
    try {
      await fetchElectron(folder);
    } catch (error) {
      console.log(`Electron could not be fetched (${error instanceof Error ? error.message : String(error)}): starting without a window.`);
      return false;
    }
  }
  const binary = electronBinary(folder);
  if (binary === undefined) {
    console.log('Electron was fetched but has no binary for this system: starting without a window.');
    return false;
  }
  const started = Date.now();
  const env = { ...process.env };
  delete env.ELECTRON_RUN_AS_NODE;
  const end = await run(binary, [root, ...extra], { env, cwd: root });
  if (end.code !== 0 && end.signal === null && Date.now() - started < 5_000) {
    console.log(`The window could not be opened (Electron ended with ${end.code}): starting without one.`);
    return false;
  }
  endLike(end);
  return true;
}

async function start() {
  if (!isModern) {
    const node = findModernNode();
    if (node === undefined) {
      console.error(noModernNode);
      process.exitCode = 1;
      return;
    }
    endLike(await run(node, [fileURLToPath(import.meta.url), ...extra]));
    return;
  }
  const { buildAll, canBuild, isStale } = await import('./build.mjs');
  if (canBuild() && isStale()) {
    console.log('Building Countersign …');
    await buildAll();
  }
  if (await openWindow()) return;
  // In this very process: the server gets the signals itself, and there is nobody who could fail to pass them on.
  process.argv = [process.argv[0], fileURLToPath(new URL('../bin/countersign.mjs', import.meta.url)), 'serve', ...extra.filter((word) => word !== '--hidden')];
  await import('../bin/countersign.mjs');
}

await start();
