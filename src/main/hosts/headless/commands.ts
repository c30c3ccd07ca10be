/** The commands that talk to the running server: call, open, requests, approve, refuse, challenge. All of them use the admin contract and nothing else. */
import { parseArgs } from 'node:util';
import type { Output } from '../../../preload/contract/contract.ts';
import type { Reply } from '../../../preload/contract/reply.ts';
import { DATA_OPTION, parseFlags, resolveDataDir } from '../config.ts';
import { type Client, connect } from './client.ts';
import { type ExitCode, type Terminal, fail, misused } from './terminal.ts';

type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
type Options = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean }>>;

interface Arguments {
  readonly flags: Flags;
  readonly positionals: readonly string[];
}

interface Command {
  readonly options: Options;
  /** How many words stand behind the command, at least and at most. */
  readonly words: readonly [number, number];
  readonly run: (reach: Reach, args: Arguments, terminal: Terminal) => Promise<ExitCode>;
}

/** Finds the server; asked for after the words were understood, so that wrong usage is told as such wherever no server runs. */
type Reach = () => Promise<Client>;

const text = (flags: Flags, name: string): string | undefined => (typeof flags[name] === 'string' ? flags[name] : undefined);

/** Prints the value, or says the error. */
function finish(terminal: Terminal, reply: Reply, print: (value: unknown) => string): ExitCode {
  if (!reply.ok) return fail(terminal, 1, reply.error);
  terminal.out(print(reply.value));
  return 0;
}

const call: Command = {
  options: {},
  words: [1, 2],
  run: async (reach, { positionals: [channel = '', given] }, terminal) => {
    const json = given === '-' ? await terminal.readInput() : (given ?? '{}');
    let input: unknown;
    try {
      input = JSON.parse(json);
    } catch {
      return misused(terminal, 'The input of a call is JSON, or - to read it from standard input.');
    }
    return finish(terminal, await (await reach()).call(channel, input), (value) => JSON.stringify(value));
  },
};

const open: Command = {
  options: {},
  words: [0, 0],
  run: async (reach, _args, terminal) => {
    const client = await reach();
    return finish(terminal, await client.openToken(), (value) => `${client.access.url}/#token=${(value as { readonly token: string }).token}`);
  },
};

const groups = (hex: string): string => hex.match(/.{1,4}/g)?.join(' ') ?? '';

function printRequest(request: Output<'requests.list'>['items'][number]): string {
  const names = request.subjectAltNames.length === 0 ? '' : ` (${request.subjectAltNames.join(', ')})`;
  const findings = request.findings.map(({ severity, text: words }) => `\n    ${severity}: ${words}`).join('');
  return `${request.id}  ${request.state}  ${request.subject || '(no subject)'}${names}, ${request.key}, from ${request.source} at ${request.receivedAt}
    SHA-256 ${groups(request.fingerprints.sha256)}
    MD5     ${groups(request.fingerprints.md5)}${findings}`;
}

const requests: Command = {
  options: { state: { type: 'string' }, json: { type: 'boolean' } },
  words: [0, 0],
  run: async (reach, { flags }, terminal) => {
    const reply = await (await reach()).call('requests.list', { state: text(flags, 'state') ?? 'pending', limit: 500 });
    return finish(terminal, reply, (value) => {
      if (flags.json === true) return JSON.stringify(value);
      const page = value as Output<'requests.list'>;
      if (page.items.length === 0) return 'No such request.';
      const more = page.total > page.items.length ? [`… and ${page.total - page.items.length} more.`] : [];
      return [...page.items.map(printRequest), ...more].join('\n');
    });
  },
};

/** Reads the request as it is now, so that the decision is about what is there; what it was is for the server to compare. */
async function decide(reach: Reach, channel: 'requests.approve' | 'requests.refuse', { flags, positionals: [id] }: Arguments, terminal: Terminal): Promise<ExitCode> {
  const client = await reach();
  const fingerprint = text(flags, 'fingerprint');
  if (fingerprint !== undefined) {
    const matched = await client.call('requests.match', { id, text: fingerprint });
    if (!matched.ok) return fail(terminal, 1, matched.error);
    const match = matched.value as Output<'requests.match'>;
    if (match.outcome !== 'match') return fail(terminal, 1, { code: 'fingerprint-differs', message: match.text, hint: 'Nothing was approved. Compare with the device again.' });
  }
  const read = await client.call('requests.get', { id });
  if (!read.ok) return fail(terminal, 1, read.error);
  const { version, spkiSha256 } = read.value as Output<'requests.get'>;
  const reason = text(flags, 'reason');
  const reply = await client.call(channel, { id, version, spkiSha256, ...(reason === undefined ? {} : { reason }) });
  return finish(terminal, reply, (value) => {
    const request = value as Output<'requests.approve'>;
    return flags.json === true ? JSON.stringify(request) : `${request.subject || request.id} is ${request.state}.`;
  });
}

const approve: Command = {
  options: { fingerprint: { type: 'string' }, reason: { type: 'string' }, json: { type: 'boolean' } },
  words: [1, 1],
  run: (reach, args, terminal) => decide(reach, 'requests.approve', args, terminal),
};

const refuse: Command = {
  options: { reason: { type: 'string' }, json: { type: 'boolean' } },
  words: [1, 1],
  run: (reach, args, terminal) => decide(reach, 'requests.refuse', args, terminal),
};

const MINUTES = { m: 1, h: 60, d: 24 * 60 } as const;

/** `90m`, `24h`, `7d` in minutes; undefined for anything else. */
export function readMinutes(duration: string): number | undefined {
  const match = /^([1-9]\d{0,5})([mhd])$/.exec(duration);
  return match === null ? undefined : Number(match[1]) * MINUTES[match[2] as keyof typeof MINUTES];
}

const challenge: Command = {
  options: {
    device: { type: 'string' },
    expires: { type: 'string' },
    endpoint: { type: 'string' },
    profile: { type: 'string' },
    subject: { type: 'string' },
    san: { type: 'string', multiple: true },
    uses: { type: 'string' },
    json: { type: 'boolean' },
  },
  words: [0, 0],
  run: async (reach, { flags }, terminal) => {
    const expires = text(flags, 'expires');
    const minutes = expires === undefined ? undefined : readMinutes(expires);
    if (expires !== undefined && minutes === undefined) return misused(terminal, '--expires is a number with m, h or d behind it, like 24h.');
    const uses = text(flags, 'uses');
    const wish = {
      label: text(flags, 'device'),
      minutes,
      endpoint: text(flags, 'endpoint'),
      profileId: text(flags, 'profile'),
      subject: text(flags, 'subject'),
      subjectAltNames: flags.san,
      uses: uses === undefined ? undefined : Number(uses),
    };
    const reply = await (await reach()).call('challenges.create', wish);
    if (!reply.ok || flags.json === true) return finish(terminal, reply, (value) => JSON.stringify(value));
    const { password, expiresAt } = reply.value as Output<'challenges.create'>;
    // The password alone on standard output, so that a script can take it.
    terminal.out(password);
    if (terminal.humanReadsErrors) terminal.err(`Shown once; works until ${expiresAt}.`);
    return 0;
  },
};

export const SERVER_COMMANDS: Readonly<Record<string, Command>> = { call, open, requests, approve, refuse, challenge };

/** Parses the command's words and runs it against the data folder's server. */
export async function runServerCommand(name: string, args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const command = SERVER_COMMANDS[name];
  if (command === undefined) return misused(terminal, `There is no command ${name}.`);
  const parsed = parseFlags(() => parseArgs({ args: [...args], options: { ...command.options, ...DATA_OPTION }, strict: true, allowPositionals: true }));
  if (!parsed.ok) return misused(terminal, parsed.error);
  const flags = parsed.value.values as Flags;
  const { positionals } = parsed.value;
  const [least, most] = command.words;
  if (positionals.length < least) return misused(terminal, `countersign ${name} needs ${name === 'call' ? 'a channel' : 'the id of a request'}.`);
  if (positionals.length > most) return misused(terminal, `countersign ${name} takes no ${JSON.stringify(positionals[most])}.`);
  return command.run(() => connect(resolveDataDir(text(flags, 'data'), terminal.env)), { flags, positionals }, terminal);
}
