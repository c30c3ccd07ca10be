#!/usr/bin/env node
// The command line's door: finds a Node that can run the product, builds once where nothing was built, then hands over to out/main/headless.js.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findModernNode, isModern, noModernNode } from '../scripts/modernNode.mjs';
import { endLike, run } from '../scripts/relay.mjs';

const headless = new URL('../out/main/headless.js', import.meta.url);

// glibc gives each thread an arena of its own and hands little of it back: with two for all, a server that issued 20 000 certificates holds
// 25 MB less. It is read when a process starts, so a server that starts without it starts once more, in the same process.
const ARENAS = process.platform === 'linux' && process.argv[2] === 'serve' ? { MALLOC_ARENA_MAX: '2' } : {};

function startWithFewArenas() {
  // An inherited channel (the relay's) would not outlive it; the relay sets the variable itself.
  if (ARENAS.MALLOC_ARENA_MAX === undefined || process.env.MALLOC_ARENA_MAX !== undefined || process.channel || process.execve === undefined) return;
  const self = [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  process.execve(process.execPath, [process.execPath, ...self], { ...process.env, ...ARENAS });
}

async function relayToModernNode() {
  const node = findModernNode();
  if (node === undefined) {
    console.error(noModernNode);
    process.exitCode = 1;
    return;
  }
  endLike(await run(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { tether: true, env: { ...ARENAS, ...process.env } }));
}

/** A first build, out of the way of standard output: scripts read JSON there. */
async function buildOnce() {
  const { canBuild } = await import('../scripts/build.mjs');
  if (!canBuild()) {
    console.error('Countersign is not built here and cannot build itself: run `npm ci` (with the development packages) in its folder first.');
    return false;
  }
  console.error('Building Countersign once; this takes a few seconds …');
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const { spawnSync } = await import('node:child_process');
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))], { cwd, stdio: ['ignore', 2, 2] });
  return status === 0;
}

/** Where an older Node relays to this one: when it is killed outright, this one drains as on SIGTERM. */
function followRelay() {
  if (process.channel === undefined || process.channel === null) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}

if (!isModern) {
  await relayToModernNode();
} else if (existsSync(headless) || (await buildOnce())) {
  startWithFewArenas();
  followRelay();
  await import(headless.href);
} else {
  process.exitCode = 1;
}
