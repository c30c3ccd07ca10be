/** The bin under a Node that is too old: it hands over to the Node of the optional dependencies, or says in one sentence that there is none. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, type TestContext } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'bin/countersign.mjs');
const scratch = mkdtempSync(join(tmpdir(), 'countersign-bin-'));

// What the bin looks at, as Node 20 has it. A flag of this one process: the Node that it hands over to is not told.
const asOldNode = ['--import', 'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,napi:"9"}})'];

/** The optional dependencies bring a Node for Linux and Windows only. */
function needsBundledNode(context: TestContext): void {
  const probe = spawnSync(process.execPath, [...asOldNode, '--input-type=module', '-e', `import { findModernNode } from ${JSON.stringify(new URL('../../scripts/modernNode.mjs', import.meta.url).href)}; console.log(findModernNode() ?? '')`], { encoding: 'utf8' });
  if (probe.stdout.trim() === '') context.skip(`no Node comes with the installation on ${process.platform}-${process.arch}`);
}

interface Ready {
  readonly pid: number;
}

async function serve(name: string): Promise<{ readonly relay: ChildProcess; readonly ready: Ready }> {
  const relay = spawn(process.execPath, [...asOldNode, bin, 'serve', '--data', join(scratch, name), '--scep-port', '0', '--admin-port', '0', '--json'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const output = relay.stdout;
  if (output === null) throw new Error('no output');
  return { relay, ready: await new Promise<Ready>((resolve) => createInterface(output).once('line', (line) => resolve(JSON.parse(line) as Ready))) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

it('hands over arguments, output and exit code', (context) => {
  needsBundledNode(context);
  const { status, stderr } = spawnSync(process.execPath, [...asOldNode, bin, 'call', 'status.get', '--data', join(scratch, 'nobody')], { encoding: 'utf8' });
  expect(status).toBe(3);
  expect(JSON.parse(stderr)).toMatchObject({ code: expect.any(String) as string, message: expect.any(String) as string });
});

it('passes SIGTERM on, and ends as the server ends', async (context) => {
  needsBundledNode(context);
  const { relay, ready } = await serve('signal');
  expect(ready.pid).not.toBe(relay.pid);
  const end = new Promise((resolve) => relay.once('exit', (code, signal) => resolve({ code, signal })));
  relay.kill('SIGTERM');
  expect(await end).toEqual({ code: 0, signal: null });
  expect(isAlive(ready.pid)).toBe(false);
});

it('leaves no server behind when it is killed outright', async (context) => {
  needsBundledNode(context);
  const { relay, ready } = await serve('killed');
  relay.kill('SIGKILL');
  await expect.poll(() => isAlive(ready.pid), { timeout: 10_000 }).toBe(false);
});

it('says in one sentence that there is no Node that would do, and exits 1', () => {
  const bare = join(scratch, 'bare');
  for (const part of ['bin', 'scripts', 'package.json']) cpSync(join(root, part), join(bare, part), { recursive: true });
  const { status, stdout, stderr } = spawnSync(process.execPath, [...asOldNode, join(bare, 'bin/countersign.mjs'), 'serve'], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^Countersign needs Node\.js 22\.14 or newer: .*\n$/);
});

it('says in one sentence that it is not built and cannot build itself, and exits 1', () => {
  const bare = join(scratch, 'unbuilt');
  for (const part of ['bin', 'scripts', 'package.json']) cpSync(join(root, part), join(bare, part), { recursive: true });
  const { status, stderr } = spawnSync(process.execPath, [join(bare, 'bin/countersign.mjs'), 'serve'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Countersign is not built here .*\n$/);
});
