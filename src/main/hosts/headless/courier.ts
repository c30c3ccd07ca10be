/**
 * `countersign courier …`: pairing, and the files between the machine with the CA key and the one on the network. What a file is and what this machine is in
 * the pairing decide what is done, so the same words work on both. Files are written whole or not at all: a stick may be pulled out at any moment.
 */
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Channel } from '../../../preload/contract/channels.ts';
import type { Input, Output } from '../../../preload/contract/contract.ts';
import { MOST_BYTES, parseFrame } from '../../core/ca/courierFile.ts';
import { DATA_OPTION, parseFlags, resolveDataDir } from '../config.ts';
import { type Client, connect } from './client.ts';
import { type CommandError, type ExitCode, type Terminal, fail, misused } from './terminal.ts';

const OPTIONS = {
  ...DATA_OPTION,
  out: { type: 'string' },
  name: { type: 'string' },
  authority: { type: 'string' },
  fingerprint: { type: 'string' },
  pairing: { type: 'string' },
  'accept-granted': { type: 'boolean' },
  everything: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

type Values = { readonly [Name in Exclude<keyof typeof OPTIONS, 'accept-granted' | 'everything' | 'json' | 'data'>]?: string } & { readonly 'accept-granted'?: boolean; readonly everything?: boolean; readonly json?: boolean };

/** A refusal on its way to the exit code. */
class Refused extends Error {
  readonly refusal: CommandError;

  constructor(refusal: CommandError) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

interface Run {
  readonly client: Client;
  readonly values: Values;
  readonly word: string | undefined;
  readonly terminal: Terminal;
}

async function ask<C extends Channel>({ client }: Run, channel: C, input: Input<C>): Promise<Output<C>> {
  const reply = await client.call(channel, input);
  if (!reply.ok) throw new Refused(reply.error);
  return reply.value as Output<C>;
}

type Link = Output<'courier.status'>['links'][number];
type File = NonNullable<Output<'courier.pair'>['file']>;

const VERBS: Readonly<Record<string, { readonly words: 0 | 1; readonly optional?: boolean; readonly run: (run: Run) => Promise<void> }>> = {
  status: { words: 0, run: showStatus },
  pair: { words: 1, optional: true, run: (run) => (run.word === undefined ? invite(run) : takePairing(run, run.word)) },
  export: { words: 0, run: exportFile },
  import: { words: 1, run: importFile },
  end: { words: 1, run: endPairing },
};

const USAGE = 'countersign courier status | pair [FILE] | export | import FILE | end PAIRING.';

export async function runCourier(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const parsed = parseFlags(() => parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true }));
  if (!parsed.ok) return misused(terminal, parsed.error);
  const { values, positionals } = parsed.value;
  const [name = 'status', word, ...more] = positionals;
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (verb === undefined || more.length > 0 || (verb.words === 0 && word !== undefined) || (verb.words === 1 && word === undefined && verb.optional !== true)) return misused(terminal, USAGE);
  if (name === 'pair' && word === undefined && (values.authority === undefined || values.name === undefined)) return misused(terminal, 'An invitation needs --authority NAME and --name NAME, what the other machine is to call this one; an invitation or acceptance is taken with its FILE.');
  try {
    await verb.run({ client: await connect(resolveDataDir(values.data, terminal.env)), values: values as Values, word, terminal });
    return 0;
  } catch (error) {
    if (error instanceof Refused) return fail(terminal, error.refusal.code === 'usage' ? 2 : 1, error.refusal);
    throw error;
  }
}

const groups = (hex: string): string => hex.match(/.{1,4}/g)?.join(' ') ?? '';
const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

function describeLink({ id, role, state, authority, own, peer, exported, imported, waiting, due }: Link): string {
  const mark = (file: Link['imported'], note = ''): string => (file === null ? 'none yet' : `file ${file.sequence} at ${file.at}${note}`);
  return [
    `${id}  ${authority}: this machine is the ${role === 'listener' ? 'listener (on the network)' : 'signer (with the CA key)'}, ${state}`,
    `  this machine   ${own.name}  ${groups(own.fingerprint)}`,
    `  other machine  ${peer === null ? 'not paired yet' : `${peer.name}  ${groups(peer.fingerprint)}`}`,
    `  written        ${mark(exported, exported?.arrived === true ? ', arrived' : ', not confirmed yet')}`,
    `  taken in       ${mark(imported)}`,
    role === 'listener' ? `  waiting        ${count(waiting.requests, 'request')}, ${count(waiting.revocations, 'revocation')}, ${count(waiting.certificates, 'own key')}` : `  waiting        ${count(waiting.requests, 'request')} to decide, ${count(waiting.answers, 'answer')} to carry`,
    ...(due === null ? [] : [`  next run       ${due.text}`]),
  ].join('\n');
}

async function showStatus(run: Run): Promise<void> {
  const status = await ask(run, 'courier.status', {});
  if (run.values.json === true) run.terminal.out(JSON.stringify(status));
  else run.terminal.out(status.links.length === 0 ? 'This machine is in no pairing.' : status.links.map(describeLink).join('\n\n'));
}

/** Temporary file beside it, forced to the disk, renamed: what has the name is whole. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const partial = join(dirname(path), `.${process.pid}-${Date.now()}.partial`);
  try {
    const handle = await open(partial, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
    const folder = await open(dirname(path), 'r').catch(() => undefined);
    // Not every file system of a stick can do it; the file itself is on it.
    await folder?.sync().catch(() => undefined);
    await folder?.close();
  } finally {
    await rm(partial, { force: true });
  }
}

async function save({ values, terminal }: Run, file: File): Promise<string> {
  const wished = resolve(values.out ?? '.');
  const isFolder = await stat(wished).then((found) => found.isDirectory(), () => false);
  const path = isFolder ? join(wished, file.name) : wished;
  try {
    await writeWhole(path, Buffer.from(file.base64, 'base64'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Refused({ code: 'file-not-written', message: `${path} could not be written (${code}).`, hint: 'Write it again to another place: nothing is lost by that.' });
  }
  if (values.json !== true) terminal.out(path);
  return path;
}

async function load(path: string): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (found.size > MOST_BYTES) throw new Refused({ code: 'courier-too-large', message: `${path} is larger than any courier file.` });
    return await readFile(path);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused({ code: 'file-unreadable', message: `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).` });
  }
}

const say = ({ values, terminal }: Run, text: string): void => {
  if (values.json !== true && terminal.humanReadsErrors) terminal.err(text);
};

const withoutFile = <T extends { readonly file?: unknown }>({ file: _file, ...rest }: T): Omit<T, 'file'> => rest;

async function invite(run: Run): Promise<void> {
  const { authority = '', name = '' } = run.values;
  const { items } = await ask(run, 'authorities.list', { query: undefined, limit: 500 });
  const [found, another] = items.filter(({ id, commonName }) => id === authority || commonName === authority);
  if (found === undefined || another !== undefined) throw new Refused({ code: 'not-found', message: found === undefined ? `There is no authority called ${JSON.stringify(authority)}.` : `Several authorities are called ${JSON.stringify(authority)}.`, hint: 'Give its whole name or its id: countersign call authorities.list' });
  const { link, file } = await ask(run, 'courier.pair', { step: 'invite', authorityId: found.id, name });
  if (file === null || link === null) throw new Error('an invitation comes with its file');
  const path = await save(run, file);
  if (run.values.json === true) run.terminal.out(JSON.stringify({ path, link }));
  say(run, `Take it to the machine on the network, and compare this machine's fingerprint there:\n  ${groups(link.own.fingerprint)}`);
}

async function takePairing(run: Run, word: string): Promise<void> {
  const { values, terminal } = run;
  const bytes = (await load(resolve(word))).toString('base64');
  const { shown } = await ask(run, 'courier.pair', { step: 'read', file: bytes });
  if (shown === null) throw new Error('a pairing file that was read is shown');
  const fingerprint = values.fingerprint?.replace(/[\s:-]/g, '').toLowerCase();
  if (fingerprint === undefined) {
    if (values.json === true) return terminal.out(JSON.stringify(shown));
    return terminal.out(
      `${shown.kind === 'invitation' ? 'An invitation' : 'The acceptance'} of “${shown.from.name}”, written ${shown.writtenAt}, for “${shown.authority.commonName}”.
  Its fingerprint  ${groups(shown.from.fingerprint)}
  CA certificate   ${groups(shown.authority.sha256)}
Compare the fingerprint with what that machine shows (countersign courier status), then:
  countersign courier pair ${word} --fingerprint ${shown.from.fingerprint}${shown.kind === 'invitation' ? ' --name NAME' : ''}`,
    );
  }
  if (!/^[0-9a-f]{64}$/.test(fingerprint)) throw new Refused({ code: 'usage', message: '--fingerprint is 64 hex digits.' });
  if (shown.kind === 'invitation' && values.name === undefined) throw new Refused({ code: 'usage', message: 'Accepting an invitation needs --name NAME: what the other machine is to call this one.' });
  const { link, file } = await ask(run, 'courier.pair', shown.kind === 'invitation' ? { step: 'accept', file: bytes, fingerprint, name: values.name ?? '' } : { step: 'confirm', file: bytes, fingerprint });
  const path = file === null ? null : await save(run, file);
  if (values.json === true) terminal.out(JSON.stringify({ path, link }));
  else if (file === null) terminal.out(`Paired with “${link?.peer?.name ?? ''}”. countersign courier export writes its first certificates.`);
  say(run, link === null || file === null ? '' : `Take it back, and compare this machine's fingerprint there:\n  ${groups(link.own.fingerprint)}`);
}

async function chosenLink(run: Run): Promise<Link> {
  const { links } = await ask(run, 'courier.status', {});
  const [link, another] = links.filter(({ id, peer }) => (run.values.pairing === undefined ? peer !== null : id === run.values.pairing));
  if (link === undefined) throw new Refused({ code: 'courier-not-paired', message: 'This machine is in no such pairing.', hint: 'countersign courier status' });
  if (another !== undefined) throw new Refused({ code: 'courier-several', message: 'This machine is in several pairings.', hint: 'Say which one with --pairing; countersign courier status lists them.' });
  return link;
}

async function exportFile(run: Run): Promise<void> {
  const { id, role } = await chosenLink(run);
  const made = role === 'listener' ? await ask(run, 'courier.exportRequests', { link: id }) : await ask(run, 'courier.exportCertificates', { link: id, everything: run.values.everything ?? false });
  const path = await save(run, made.file);
  if (run.values.json === true) return run.terminal.out(JSON.stringify({ path, ...withoutFile(made) }));
  if ('requests' in made) say(run, `${count(made.requests, 'request')} (${made.granted} granted here), ${count(made.revocations, 'revocation')}, ${count(made.certificates, 'own key')}.`);
  else say(run, `${count(made.issued, 'certificate')}, ${count(made.refused, 'refusal')}, ${made.undecided} undecided, ${count(made.crls.length, 'revocation list')}.${made.findings.map(({ text }) => `\n${text}`).join('')}`);
}

async function importFile(run: Run): Promise<void> {
  const bytes = await load(resolve(run.word ?? ''));
  const frame = parseFrame(bytes);
  // A file that cannot be read is refused by the server, which also writes that down.
  const kind = frame.ok ? frame.value.header.kind : (await chosenLink(run)).role === 'listener' ? 'certificates' : 'requests';
  const file = bytes.toString('base64');
  const done = kind === 'certificates' ? await ask(run, 'courier.importCertificates', { file }) : await ask(run, 'courier.importRequests', { file, acceptGranted: run.values['accept-granted'] ?? false });
  if (run.values.json === true) return run.terminal.out(JSON.stringify(done));
  const words = done.already
    ? 'This file was taken in before: nothing was done.'
    : 'arrived' in done
      ? `${count(done.arrived, 'new request')} in the queue, ${done.issued} issued at once, ${done.known} known, ${done.closed} closed, ${done.revoked} revoked.`
      : `${count(done.issued, 'certificate')}, ${count(done.refused, 'refusal')}, ${done.undecided} still undecided, ${done.revoked} revoked, ${done.released} released.`;
  run.terminal.out([words, ...done.findings.map(({ severity, text }) => `${severity}: ${text}`)].join('\n'));
}

async function endPairing(run: Run): Promise<void> {
  await ask(run, 'courier.pair', { step: 'end', link: run.word ?? '' });
  run.terminal.out('The pairing has ended.');
}
