/**
 * `countersign migrate FILE|FOLDER…`: what another product's files would bring (a dry run), and with --apply their import into the running server.
 * Folders are read as the program that made them lays them out; only what a CA's files are is sent along, PEM without the text around it.
 */
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import type { Input, Output } from '../../../preload/contract/contract.ts';
import { MIGRATION_KINDS, MIGRATION_MOST_BASE64, MIGRATION_MOST_FILES } from '../../../preload/contract/migration.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import { DATA_OPTION, parseFlags, resolveDataDir } from '../config.ts';
import { connect } from './client.ts';
import { readSecret } from './passphrases.ts';
import { type CommandError, type ExitCode, type Terminal, fail, misused } from './terminal.ts';

const OPTIONS = {
  ...DATA_OPTION,
  'passphrase-file': { type: 'string' },
  profile: { type: 'string' },
  kind: { type: 'string' },
  ca: { type: 'string' },
  apply: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

type Preview = Output<'migration.preview'>;
type Files = Input<'migration.preview'>['files'];

export async function runMigrate(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const parsed = parseFlags(() => parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true }));
  if (!parsed.ok) return misused(terminal, parsed.error);
  const { values, positionals } = parsed.value;
  if (positionals.length === 0) return misused(terminal, 'countersign migrate needs the files or the folder of the former CA.');
  const kind = MIGRATION_KINDS.find((known) => known === values.kind);
  if (values.kind !== undefined && kind === undefined) return misused(terminal, `--kind is one of ${MIGRATION_KINDS.join(', ')}.`);
  const passphrase = await readSecret(terminal, 'COUNTERSIGN_FILE_PASSPHRASE', values['passphrase-file']);
  if (!passphrase.ok) return fail(terminal, 1, passphrase.error);
  const files = await gather(positionals);
  if (!files.ok) return fail(terminal, 1, files.error);
  const input: Input<'migration.preview'> = {
    files: files.value,
    ...(kind === undefined ? {} : { kind }),
    ...(passphrase.value === undefined ? {} : { passphrase: passphrase.value }),
    ...(values.profile === undefined ? {} : { profileId: values.profile }),
    ...(values.ca === undefined ? {} : { certificateSha256: values.ca.replace(/[\s:]/g, '').toLowerCase() }),
  };
  const client = await connect(resolveDataDir(values.data, terminal.env));
  const looked = await client.call('migration.preview', input);
  if (!looked.ok) return fail(terminal, 1, looked.error);
  const preview = looked.value as Preview;
  const json = values.json === true;
  if (values.apply !== true || !preview.ready) {
    terminal.out(json ? JSON.stringify(preview) : describePreview(preview));
    return preview.refusal === null ? 0 : fail(terminal, 1, { code: preview.refusal.code, message: preview.refusal.message, ...(preview.refusal.hint === undefined ? {} : { hint: preview.refusal.hint }) });
  }
  const done = await client.call('migration.import', { ...input, digest: preview.digest });
  if (!done.ok) return fail(terminal, 1, done.error);
  const migrated = done.value as Output<'migration.import'>;
  terminal.out(json ? JSON.stringify(migrated) : describeMigrated(preview, migrated));
  return 0;
}

/** Every file of the folders, by its path in them; links are not followed, and what is no CA's file is left where it is. */
async function gather(paths: readonly string[]): Promise<Result<Files, CommandError>> {
  const files: { name: string; base64: string }[] = [];
  let size = 0;
  for (const path of paths) {
    const root = resolve(path);
    let names: readonly string[];
    try {
      names = (await stat(root)).isDirectory() ? await walk(root) : [''];
    } catch (error) {
      return err({ code: 'file-unreadable', message: `${path} cannot be read (${codeOf(error)}).` });
    }
    for (const name of names) {
      let bytes: Buffer;
      try {
        bytes = await readFile(join(root, name));
      } catch (error) {
        return err({ code: 'file-unreadable', message: `${join(path, name)} cannot be read (${codeOf(error)}).`, hint: 'The CA’s key is often readable by its own user only: run this as that user, or copy the folder.' });
      }
      const base64 = lean(bytes).toString('base64');
      size += base64.length;
      files.push({ name: name === '' ? basename(root) : name.split(sep).join('/'), base64 });
      if (size > MIGRATION_MOST_BASE64 || files.length > MIGRATION_MOST_FILES) return err({ code: 'too-large', message: `There are more than ${MIGRATION_MOST_FILES} files, or more than 72 MiB.`, hint: 'Leave out what is no certificate; certificates can also come in one PEM file.' });
    }
  }
  return files.length === 0 ? err({ code: 'file-unreadable', message: 'There is no file in it.' }) : ok(files);
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

const DEEPEST = 6;

async function walk(root: string, folder = root, depth = 0): Promise<readonly string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < DEEPEST) found.push(...(await walk(root, path, depth + 1)));
    else if (entry.isFile()) found.push(relative(root, path));
  }
  return found;
}

/** PEM blocks alone: openssl writes each certificate's text before it, which is three quarters of the file. */
function lean(bytes: Buffer): Buffer {
  if (bytes[0] === 0x30 || bytes.subarray(0, 6).toString('latin1') === 'SQLite' || !bytes.includes('-----BEGIN ')) return bytes;
  const blocks = bytes.toString('latin1').match(/-----BEGIN ([A-Z0-9 ]{1,40})-----[^]*?-----END \1-----/g);
  // Nothing but blocks and the text before certificates goes: whatever else has PEM in it (a CSV) is sent as it is.
  return blocks === null || /^"/m.test(bytes.toString('latin1', 0, 2_000)) ? bytes : Buffer.from(`${blocks.join('\n')}\n`, 'latin1');
}

const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

function describeCounts({ certificates, valid, held, revoked, expired, serialsOnly, alreadyHere, duplicates, foreign, unreadable }: Preview['counts']): readonly string[] {
  return [
    `  Certificates   ${certificates}: ${valid} valid, ${held} held, ${revoked} revoked, ${expired} expired`,
    `  Revocations    ${plural(serialsOnly, 'serial')} without a certificate`,
    `  Not taken      ${alreadyHere} here already, ${plural(duplicates, 'duplicate')}, ${foreign} of other CAs, ${unreadable} not understood`,
  ];
}

const MOST_LEFT = 20;

function describeRest({ findings, left, leftTotal }: Pick<Preview, 'findings' | 'left' | 'leftTotal'>): readonly string[] {
  const shown = left.slice(0, MOST_LEFT).map(({ file, line, text }) => `  ${file}${line === null ? '' : `:${line}`}  ${text}`);
  const more = leftTotal - shown.length;
  return [
    ...(findings.length === 0 ? [] : ['Worth knowing:', ...findings.map(({ severity, text }) => `  [${severity}] ${text}`)]),
    ...(shown.length === 0 ? [] : ['Left out, or taken otherwise:', ...shown, ...(more > 0 ? [`  … and ${more} more`] : [])]),
  ];
}

function describePreview(preview: Preview): string {
  const { recognised, authority, candidates, counts, ready } = preview;
  return [
    recognised,
    ...(authority === null
      ? candidates.map(({ subject, sha256, key, issued }) => `  CA   ${subject} (key ${key}, ${plural(issued, 'certificate')})\n       ${sha256}`)
      : [`  CA             ${authority.subject}${authority.standing === 'here' ? ' (here already)' : ''}`, `                 SHA-256 ${authority.sha256}`, `                 until ${authority.notAfter}`]),
    ...(authority === null ? [] : describeCounts(counts)),
    ...describeRest(preview),
    ...(ready ? ['Nothing was stored. The same command with --apply imports it.'] : []),
  ].join('\n');
}

function describeMigrated({ recognised }: Preview, { authority, counts, backup, ...rest }: Output<'migration.import'>): string {
  return [
    `Imported “${authority.commonName}” (${authority.id}). ${recognised}`,
    ...describeCounts(counts),
    ...(backup === null ? [] : [`  Backup before  ${backup.path}`]),
    ...describeRest(rest),
  ].join('\n');
}
