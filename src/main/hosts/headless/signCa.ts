/** `countersign sign-ca FILE`: a root here signs the issuing CA of another machine. Without --out it shows what would be signed, and signs nothing. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Output } from '../../../preload/contract/contract.ts';
import { DATA_OPTION, parseFlags, resolveDataDir } from '../config.ts';
import { connect } from './client.ts';
import { type ExitCode, type Terminal, fail, misused } from './terminal.ts';

const OPTIONS = {
  ...DATA_OPTION,
  authority: { type: 'string' },
  years: { type: 'string' },
  'path-length': { type: 'string' },
  permit: { type: 'string', multiple: true },
  exclude: { type: 'string', multiple: true },
  out: { type: 'string' },
  json: { type: 'boolean' },
} as const;

// A request with an RSA-4096 key has some two kilobytes; this only keeps a wrong file from being sent whole.
const LARGEST_FILE = 100_000;

type Signed = Output<'authorities.signRequest'>;

export async function runSignCa(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const parsed = parseFlags(() => parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true }));
  if (!parsed.ok) return misused(terminal, parsed.error);
  const { values, positionals } = parsed.value;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) return misused(terminal, 'countersign sign-ca needs the file with the signing request, and nothing else.');
  const number = readCount(values.authority);
  if (number === undefined) return misused(terminal, 'countersign sign-ca needs --authority N: the number of the CA that signs (countersign call authorities.list shows it).');
  const years = values.years === undefined ? undefined : readCount(values.years);
  if (values.years !== undefined && years === undefined) return misused(terminal, '--years is a whole number.');
  const pathLength = values['path-length'] === 'none' ? null : values['path-length'] === undefined ? undefined : readCount(values['path-length']);
  if (values['path-length'] !== undefined && pathLength === undefined) return misused(terminal, '--path-length is a whole number, or none.');
  // Asked before anything is signed: a certificate that cannot be written down would still exist.
  if (values.out !== undefined && existsSync(values.out)) return fail(terminal, 1, { code: 'file-exists', message: `${values.out} exists already.`, hint: 'Choose another name: nothing is overwritten.' });
  const read = await readFile(file).catch((error: unknown) => (error instanceof Error ? error : new Error('unknown')));
  if (read instanceof Error) return fail(terminal, 1, { code: 'file-unreadable', message: `${file} cannot be read: ${read.message}` });
  if (read.length > LARGEST_FILE) return fail(terminal, 1, { code: 'file-unreadable', message: `${file} is too large for a signing request.` });

  const client = await connect(resolveDataDir(values.data, terminal.env));
  const listed = await client.call('authorities.list', { limit: 500 });
  if (!listed.ok) return fail(terminal, 1, listed.error);
  const authority = (listed.value as Output<'authorities.list'>).items.find((a) => a.number === number);
  if (authority === undefined) return fail(terminal, 1, { code: 'not-found', message: `There is no authority with the number ${number}.` });
  const constraints = values.permit === undefined && values.exclude === undefined ? {} : { nameConstraints: { permitted: values.permit ?? [], excluded: values.exclude ?? [] } };
  const reply = await client.call('authorities.signRequest', {
    authorityId: authority.id,
    csr: read.toString('base64'),
    preview: values.out === undefined,
    ...(years === undefined ? {} : { years }),
    ...(pathLength === undefined ? {} : { pathLength }),
    ...constraints,
  });
  if (!reply.ok) return fail(terminal, 1, reply.error);
  const signed = reply.value as Signed;
  if (values.out !== undefined) {
    try {
      await writeFile(values.out, Buffer.from(signed.file?.base64 ?? '', 'base64'), { flag: 'wx' });
    } catch (error) {
      const serial = signed.certificate?.serial ?? '';
      return fail(terminal, 1, { code: 'file-not-written', message: `The certificate ${serial} was signed and ${values.out} could not be written: ${error instanceof Error ? error.message : 'unknown'}`, hint: `Export it: countersign call certificates.export '{"id":"${signed.certificate?.id ?? ''}","format":"chain"}'.` });
    }
  }
  terminal.out(values.json === true ? JSON.stringify(signed) : show(signed, values.out));
  return 0;
}

const readCount = (text: string | undefined): number | undefined => (text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : undefined);

const groups = (hex: string): string => hex.match(/.{1,4}/g)?.join(' ') ?? '';

function show({ plan, findings, certificate }: Signed, out: string | undefined): string {
  const constraints = plan.nameConstraints === null ? 'none' : [...plan.nameConstraints.permitted.map((name) => `only ${name}`), ...plan.nameConstraints.excluded.map((name) => `never ${name}`)].join(', ');
  const lines = [
    certificate === null ? 'This would be signed. Compare the fingerprint with the other machine; --out FILE then signs.' : `Signed as ${certificate.serial}. Carry ${out ?? 'the file'} back and install it there.`,
    `  CA           ${plan.subject}, ${plan.key}`,
    `  Signed by    ${plan.issuer}`,
    `  Valid        ${plan.notBefore} to ${plan.notAfter}`,
    `  Path length  ${plan.pathLength ?? 'none'}`,
    `  Names        ${constraints}`,
    `  Request      SHA-256 ${groups(plan.requestFingerprints.sha256)}`,
    ...findings.map(({ severity, text }) => `  ${severity}: ${text}`),
  ];
  return lines.join('\n');
}
