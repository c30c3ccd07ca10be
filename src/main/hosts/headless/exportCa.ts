/** `countersign export-ca --out FOLDER`: an authority of the running server as openssl's ca lays it out. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Output } from '../../../preload/contract/contract.ts';
import { DATA_OPTION, parseFlags, resolveDataDir } from '../config.ts';
import { type Client, connect } from './client.ts';
import { readSecret } from './passphrases.ts';
import { type ExitCode, type Terminal, fail, misused } from './terminal.ts';

const OPTIONS = { ...DATA_OPTION, out: { type: 'string' }, ca: { type: 'string' }, 'without-key': { type: 'boolean' }, 'key-passphrase-file': { type: 'string' }, 'passphrase-file': { type: 'string' }, json: { type: 'boolean' } } as const;

export async function runExportCa(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const parsed = parseFlags(() => parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }));
  if (!parsed.ok) return misused(terminal, parsed.error);
  const { values } = parsed.value;
  if (values.out === undefined) return misused(terminal, 'countersign export-ca needs --out FOLDER, a new or empty one.');
  const keyPassphrase = await readSecret(terminal, 'COUNTERSIGN_KEY_PASSPHRASE', values['key-passphrase-file']);
  if (!keyPassphrase.ok) return fail(terminal, 1, keyPassphrase.error);
  const passphrase = await readSecret(terminal, 'COUNTERSIGN_PASSPHRASE', values['passphrase-file']);
  if (!passphrase.ok) return fail(terminal, 1, passphrase.error);
  if (keyPassphrase.value === undefined && values['without-key'] !== true) {
    return fail(terminal, 1, { code: 'passphrase-needed', message: 'The exported key needs a passphrase of its own.', hint: 'Give it by COUNTERSIGN_KEY_PASSPHRASE or --key-passphrase-file, or leave the key here with --without-key.' });
  }
  const out = resolve(values.out);
  const names = await readdir(out).catch(() => []);
  if (names.length > 0) return fail(terminal, 1, { code: 'folder-not-empty', message: `The folder ${out} is not empty.`, hint: 'Name a new one: an export is never mixed with anything.' });
  const client = await connect(resolveDataDir(values.data, terminal.env));
  const id = await findAuthority(client, values.ca);
  if (typeof id !== 'string') return fail(terminal, 1, id);
  const reply = await client.call('migration.export', { id, ...(values['without-key'] === true ? {} : { keyPassphrase: keyPassphrase.value }), ...(passphrase.value === undefined ? {} : { passphrase: passphrase.value }) });
  if (!reply.ok) return fail(terminal, 1, reply.error);
  const { base64, ...exported } = reply.value as Output<'migration.export'>;
  await unpackTar(Buffer.from(base64, 'base64'), out);
  if (values.json === true) terminal.out(JSON.stringify({ ...exported, out }));
  else terminal.out(`${out}\n${exported.certificates} certificates, ${exported.revoked} of them revoked; ${exported.withKey ? 'the CA key is in private/cakey.pem, encrypted' : 'without the CA key'}. README.txt says how to go on.`);
  return 0;
}

/** By id, by name, or the only one. */
async function findAuthority(client: Client, wanted: string | undefined): Promise<string | { readonly code: string; readonly message: string; readonly hint?: string }> {
  const reply = await client.call('authorities.list', { limit: 500 });
  if (!reply.ok) return reply.error;
  const { items } = reply.value as Output<'authorities.list'>;
  const found = wanted === undefined ? items : items.filter(({ id, commonName }) => id === wanted || commonName === wanted);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  return { code: 'not-found', message: found.length === 0 ? 'There is no such authority.' : 'There are several authorities.', hint: `Name one with --ca: ${items.map(({ commonName }) => commonName).join(', ')}.` };
}

const BLOCK = 512;

/** Of our own tar only, whose names are plain. */
async function unpackTar(tar: Buffer, out: string): Promise<void> {
  await mkdir(out, { recursive: true, mode: 0o700 });
  const field = (header: Buffer, from: number, to: number): string => header.toString('latin1', from, to).replace(/\0[^]*$/, '');
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    const name = field(header, 0, 100);
    if (name === '') return;
    if (!/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(name) || name.includes('..')) throw new Error(`the export holds the name ${name}`);
    const size = Number.parseInt(field(header, 124, 136), 8);
    const path = join(out, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, tar.subarray(at + BLOCK, at + BLOCK + size), { flag: 'wx', mode: Number.parseInt(field(header, 100, 108), 8) });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}
