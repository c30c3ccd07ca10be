/** `countersign audit verify [FILE|DIR] [--key FP]`: of the running server, of a stopped server's folder, or of an exported file. */
import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Output } from '../../../preload/contract/contract.ts';
import { verifyExport } from '../../adapters/sqlite/exportLog.ts';
import { verifyFolder } from '../../adapters/sqlite/verifyLog.ts';
import { DATA_OPTION, parseFlags, resolveDataDir } from '../config.ts';
import { NoServer, connect } from './client.ts';
import { type ExitCode, type Terminal, fail, misused } from './terminal.ts';

/** A verdict, whoever reached it. */
type Verdict = Omit<Output<'audit.verify'>, 'keyFingerprint' | 'firstBad' | 'notes'> & {
  readonly firstBad?: { readonly seq: number | null; readonly problem: string } | undefined;
  readonly notes: readonly string[];
};

export async function runAudit(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const parsed = parseFlags(() => parseArgs({ args: [...args], options: { ...DATA_OPTION, key: { type: 'string' }, json: { type: 'boolean' } }, strict: true, allowPositionals: true }));
  if (!parsed.ok) return misused(terminal, parsed.error);
  const { values, positionals } = parsed.value;
  const [verb, place, ...more] = positionals;
  if (verb !== 'verify' || more.length > 0) return misused(terminal, 'countersign audit verify [FILE|DIR] is what there is.');
  const key = values.key?.toLowerCase().replace(/[^0-9a-f]/g, '');
  if (key !== undefined && key.length !== 64) return misused(terminal, '--key is the SHA-256 fingerprint of the audit key: 64 hexadecimal digits.');
  let verdict: Verdict;
  try {
    verdict = place === undefined ? await verifyOwn(resolveDataDir(values.data, terminal.env), key) : await verifyPlace(place, key);
  } catch (error) {
    return fail(terminal, 1, { code: 'unreadable-log', message: error instanceof Error ? error.message : 'The log cannot be read.' });
  }
  terminal.out(values.json === true ? JSON.stringify(verdict) : describe(verdict));
  return verdict.ok ? 0 : 1;
}

/** The data folder's: by its server where one runs (it holds the lock), from the files where none does. */
async function verifyOwn(dataDir: string, key: string | undefined): Promise<Verdict> {
  try {
    const client = await connect(dataDir);
    const reply = await client.call('audit.verify', {});
    // After a kill another program may sit on the old admin port and know nothing of this folder's token.
    if (!reply.ok && reply.error.code === 'unauthorized') return verifyFolder(dataDir, key);
    if (!reply.ok) throw new Error(reply.error.message);
    const verdict = reply.value as Output<'audit.verify'>;
    if (key === undefined || verdict.keyFingerprint === key) return verdict;
    return { ...verdict, ok: false, firstBad: { seq: null, problem: `the log is signed by another key: ${verdict.keyFingerprint ?? 'none'}` } };
  } catch (error) {
    if (!(error instanceof NoServer)) throw error;
    return verifyFolder(dataDir, key);
  }
}

async function verifyPlace(place: string, key: string | undefined): Promise<Verdict> {
  return (await stat(place)).isDirectory() ? verifyOwn(place, key) : verifyExport(await readFile(place, 'utf8'), key);
}

function describe({ ok, entries, head, signedHead, firstBad, notes }: Verdict): string {
  const said = ok ? `The audit log holds: ${entries} entries, up to number ${head.seq}.` : `The audit log does NOT hold: ${firstBad?.seq === null || firstBad === undefined ? '' : `at entry ${firstBad.seq}, `}${firstBad?.problem ?? ''}`;
  const signed = signedHead === null ? 'No signed head.' : `Signed head: ${signedHead.seq} ${signedHead.hash}`;
  return [said, signed, ...notes.map((note) => `Note: ${note}`)].join('\n');
}
