/** `countersign rollover …`: the steps of a CA's rollover at the command line, in words or as JSON. Uses the admin contract and nothing else. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Output } from '../../../preload/contract/contract.ts';
import { DATA_OPTION, parseFlags, resolveDataDir } from '../config.ts';
import { type Client, connect } from './client.ts';
import { type ExitCode, type Terminal, fail, misused } from './terminal.ts';

const OPTIONS = {
  ...DATA_OPTION,
  authority: { type: 'string' },
  'not-before': { type: 'string' },
  'activate-at': { type: 'string' },
  years: { type: 'string' },
  key: { type: 'string' },
  generation: { type: 'string' },
  standing: { type: 'string' },
  limit: { type: 'string' },
  cursor: { type: 'string' },
  'cross-signer': { type: 'string' },
  out: { type: 'string' },
  'revoke-issued': { type: 'boolean' },
  unpublished: { type: 'boolean' },
  'without-backup': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

type Flags = ReturnType<typeof read>['values'];
const read = (args: readonly string[]) => parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true });

/** Which flags each verb takes besides --authority, --data and --json. */
const VERBS: Readonly<Record<string, readonly (keyof typeof OPTIONS)[]>> = {
  status: ['standing', 'limit', 'cursor'],
  stage: ['not-before', 'activate-at', 'years', 'key', 'without-backup', 'out'],
  preview: ['not-before', 'activate-at', 'years', 'key'],
  publish: ['activate-at', 'without-backup'],
  withdraw: ['revoke-issued', 'without-backup'],
  activate: ['unpublished', 'without-backup'],
  retire: ['generation', 'without-backup'],
  undo: ['activate-at', 'without-backup'],
  links: ['cross-signer', 'out'],
};

const USAGE = `countersign rollover ${Object.keys(VERBS).join('|')} [--authority N] …; see countersign --help.`;

/** `2027-03-01` is midnight UTC; with a time it is taken as it stands. */
const timeOf = (text: string | undefined): string | undefined => (text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

export async function runRollover(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const parsed = parseFlags(() => read(args));
  if (!parsed.ok) return misused(terminal, parsed.error);
  const { values: flags, positionals } = parsed.value;
  const [verb = '', ...more] = positionals;
  const allowed = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (allowed === undefined || more.length > 0) return misused(terminal, USAGE);
  const stray = Object.keys(flags).find((name) => !['authority', 'data', 'json'].includes(name) && !allowed.some((flag) => flag === name));
  if (stray !== undefined) return misused(terminal, `countersign rollover ${verb} takes no --${stray}.`);
  const client = await connect(resolveDataDir(flags.data, terminal.env));
  const authority = await findAuthority(client, flags.authority);
  if (typeof authority === 'string') return fail(terminal, 1, { code: 'no-such-authority', message: authority });
  const crossSigner = flags['cross-signer'] === undefined ? undefined : await findAuthority(client, flags['cross-signer']);
  if (typeof crossSigner === 'string') return fail(terminal, 1, { code: 'no-such-authority', message: crossSigner });
  const reply = await client.call(`rollover.${verb}`, inputOf(verb, authority.id, crossSigner?.id, flags));
  if (!reply.ok) return fail(terminal, 1, reply.error);
  const written = await writeFiles(verb, reply.value, flags.out);
  if (flags.json === true) terminal.out(JSON.stringify(reply.value));
  else terminal.out([...wordsOf(verb, reply.value), ...written].join('\n'));
  return 0;
}

type Authority = Output<'authorities.list'>['items'][number];

/** By number, or the only one that there is; a sentence where it cannot be told. */
async function findAuthority(client: Client, wanted: string | undefined): Promise<Authority | string> {
  const reply = await client.call('authorities.list', { limit: 500 });
  if (!reply.ok) return reply.error.message;
  const { items } = reply.value as Output<'authorities.list'>;
  const named = items.map(({ number, commonName }) => `${number} (${commonName})`).join(', ');
  if (wanted !== undefined) return items.find(({ number }) => String(number) === wanted) ?? `There is no authority ${wanted}; there ${items.length === 1 ? 'is' : 'are'}: ${named || 'none'}.`;
  const [only, ...others] = items;
  if (only === undefined) return 'There is no authority yet.';
  return others.length === 0 ? only : `There are several authorities; name one by --authority: ${named}.`;
}

function inputOf(verb: string, authorityId: string, crossSigner: string | undefined, flags: Flags): object {
  const given = {
    authorityId,
    notBefore: timeOf(flags['not-before']),
    activateAt: timeOf(flags['activate-at']),
    years: numberOf(flags.years),
    key: flags.key,
    generation: numberOf(flags.generation),
    standing: flags.standing,
    limit: numberOf(flags.limit),
    cursor: flags.cursor,
    crossSigner,
    revokeIssued: flags['revoke-issued'],
    unpublished: flags.unpublished,
    withoutBackup: flags['without-backup'],
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

type Status = Output<'rollover.status'>;

async function writeFiles(verb: string, value: unknown, out: string | undefined): Promise<readonly string[]> {
  const folder = resolve(out ?? '.');
  if (verb === 'links' && out !== undefined) {
    const { files } = value as Output<'rollover.links'>;
    for (const { name, base64 } of files) await writeFile(join(folder, name), Buffer.from(base64, 'base64'));
    return files.map(({ name }) => `Written: ${join(folder, name)}`);
  }
  const request = verb === 'stage' ? (value as Output<'rollover.stage'>).signingRequest : null;
  if (request === null || out === undefined) return [];
  await writeFile(join(folder, request.name), request.csrPem);
  return [`Written: ${join(folder, request.name)}`];
}

function wordsOf(verb: string, value: unknown): readonly string[] {
  if (verb === 'preview') return previewWords(value as Output<'rollover.preview'>);
  if (verb === 'links') return linkWords(value as Output<'rollover.links'>);
  const status = value as Status & { readonly backup?: { readonly path: string } | null; readonly signingRequest?: Output<'rollover.stage'>['signingRequest'] };
  const request = status.signingRequest ?? null;
  return [
    ...(status.backup === undefined || status.backup === null ? [] : [`Backed up before it, and proven: ${status.backup.path}`]),
    ...statusWords(status),
    ...(request === null ? [] : ['', `Have this signing request signed by the CA above (SHA-256 ${request.sha256}), then install what comes back (authorities.installCertificate):`, request.csrPem.trimEnd()]),
  ];
}

const STAGES: Readonly<Record<Status['stage'], string>> = {
  none: 'no rollover is under way',
  'awaiting-certificate': 'the next generation waits for its certificate from the CA above',
  staged: 'the next generation is staged; no device is told of it',
  published: 'the next generation is published; devices can fetch it',
  overlap: 'the new generation works; the former one is not retired yet',
};

const MOST_DEVICES = 40;

function statusWords(status: Status): readonly string[] {
  const lines = [`${status.commonName} (${status.number}): ${STAGES[status.stage]}.`];
  for (const g of status.generations) {
    const dates = g.notAfter === null ? 'no certificate yet' : `valid ${g.notBefore?.slice(0, 10) ?? ''} to ${g.notAfter.slice(0, 10)}, ${g.certificates} device certificate${g.certificates === 1 ? '' : 's'}`;
    const when = g.activateAt === null ? '' : `, takes over at ${g.activateAt}`;
    lines.push(`  generation ${g.number}  ${g.state.padEnd(10)}  ${dates}${when}`);
  }
  if (status.proposal !== null) lines.push(`Proposed: activate at ${status.proposal.activateAt}, ${status.proposal.years} years, ${status.proposal.key}. ${status.proposal.text}`);
  if (status.adoption !== null) lines.push(status.adoption.text);
  for (const d of status.devices.slice(0, MOST_DEVICES)) lines.push(`  ${d.standing.padEnd(8)} ${d.subject || '(no subject)'} (${d.serial.slice(-8)})${d.source === null ? '' : ` at ${d.source}`}: ${d.why}`);
  const shown = Math.min(MOST_DEVICES, status.devices.length);
  if (status.total > shown) lines.push(`  … and ${status.total - shown} more (--standing, --limit, --json).`);
  for (const { severity, text } of status.findings) lines.push(`${severity}: ${text}`);
  const possible = Object.entries(status.steps).flatMap(([name, { possible: can }]) => (can ? [name] : []));
  lines.push(`Possible now: ${possible.join(', ') || 'nothing'}.`);
  return lines;
}

function previewWords(preview: Output<'rollover.preview'>): readonly string[] {
  const lines = [`Generation ${preview.generation}, ${preview.staged ? 'staged' : 'as it would be staged'}${preview.activateAt === null ? '' : `, to take over at ${preview.activateAt}`}.`];
  for (const [what, c] of [['CA certificate', preview.certificate], ['SCEP certificate', preview.scepCertificate]] as const) {
    if (c === null) continue;
    lines.push(`${what}: ${c.subject}, ${c.key}, ${c.selfSigned ? 'self-signed' : `by ${c.issuer}`}, ${c.notBefore} to ${c.notAfter}, ${c.keyUsage.join(', ')}`);
    if (c.fingerprints !== null) lines.push(`  SHA-256 ${c.fingerprints.sha256}`, `  SHA-1   ${c.fingerprints.sha1}`, `  MD5     ${c.fingerprints.md5}`);
  }
  if (preview.nextCaCert !== null) {
    lines.push(`GetNextCACert ${preview.nextCaCert.served ? 'answers' : 'would answer'}, signed by ${preview.nextCaCert.signers.join(' and ')}, with:`);
    for (const c of preview.nextCaCert.inner) lines.push(`  ${c.subject} (${c.serial}), until ${c.notAfter}`);
  }
  for (const endpoint of preview.endpoints) {
    lines.push(`${endpoint.path}: GetCACaps now ${endpoint.capabilities.now.join(' ')}`, `  published ${endpoint.capabilities.published.join(' ')}`);
    for (const c of endpoint.caCertificates.activated) lines.push(`  GetCACert after the activation: ${c.subject} (${c.serial}), SHA-256 ${c.sha256}`);
  }
  for (const { severity, text } of preview.findings) lines.push(`${severity}: ${text}`);
  return lines;
}

function linkWords({ files, certificates, findings }: Output<'rollover.links'>): readonly string[] {
  return [
    ...files.map(({ name }, i) => `${name}: ${certificates[i]?.subject ?? ''} by ${certificates[i]?.issuer ?? ''}, serial ${certificates[i]?.serial ?? ''}, until ${certificates[i]?.notAfter ?? ''}`),
    ...findings.map(({ severity, text }) => `${severity}: ${text}`),
  ];
}
