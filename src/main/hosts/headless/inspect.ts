/** `countersign inspect FILE [--key PEM]`: a captured SCEP message in words, without a server. */
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { inspectCapture } from '../../application/inspect.ts';
import type { RawRsaDecrypt } from '../../core/pki/crypto.ts';
import { createNodeCrypto, rawRsaDecrypt } from '../../adapters/crypto/nodeCrypto.ts';
import { DATA_OPTION, parseFlags } from '../config.ts';
import { type ExitCode, type Terminal, fail, misused } from './terminal.ts';

export async function runInspect(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const parsed = parseFlags(() => parseArgs({ args: [...args], options: { ...DATA_OPTION, key: { type: 'string' }, json: { type: 'boolean' } }, strict: true, allowPositionals: true }));
  if (!parsed.ok) return misused(terminal, parsed.error);
  const { values, positionals } = parsed.value;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) return misused(terminal, 'countersign inspect needs one file.');
  let capture: Uint8Array;
  let decrypt: RawRsaDecrypt | undefined;
  try {
    capture = await readFile(file);
    decrypt = values.key === undefined ? undefined : await readDecrypt(values.key);
  } catch (error) {
    return fail(terminal, 1, { code: 'unreadable-file', message: error instanceof Error ? error.message : 'The file cannot be read.' });
  }
  const inspection = inspectCapture(capture, { crypto: createNodeCrypto(), decrypt });
  if (values.json === true) terminal.out(JSON.stringify(inspection));
  else terminal.out([inspection.kind, ...inspection.lines.map(({ name, value }) => `  ${name}: ${value}`), ...(inspection.problem === null ? [] : [`  problem: ${inspection.problem}`])].join('\n'));
  return inspection.kind === 'unreadable' ? 1 : 0;
}

async function readDecrypt(path: string): Promise<RawRsaDecrypt> {
  const pem = await readFile(path);
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'rsa') return rawRsaDecrypt(key);
  } catch {
    // Node's message may quote the file; a key file's contents stay out of every terminal.
  }
  throw new Error(`${path} holds no unencrypted RSA private key in PEM.`);
}
