/**
 * Run as a program by test/integration/keychain.test.ts inside a D-Bus session of its own: a keychain vault, step by step.
 * `initialize FILE` writes what a store would keep, `unlock FILE` reads it again in another process; the outcome goes to stdout as JSON.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { VaultRecord } from '../../src/main/application/ports/vault.ts';
import { openKeychain } from '../../src/main/adapters/vault/keychain.ts';
import type { StoredKey } from '../../src/main/core/ca/authority.ts';
import { createKeyring } from '../../src/main/hosts/keyring.ts';
import { inProcessPool } from './testKeys.ts';

interface Kept {
  readonly record: VaultRecord;
  readonly keys: readonly StoredKey[];
  readonly mac: string;
}

const asText = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? { hex: Buffer.from(value).toString('hex') } : value);
const asBytes = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'hex' in value && typeof value.hex === 'string' ? new Uint8Array(Buffer.from(value.hex, 'hex')) : value;

const [step, file = ''] = process.argv.slice(2);
const keychain = openKeychain();
const { vault, secrets } = createKeyring({ clock: { now: Date.now }, log: () => undefined, onAuditKey: () => undefined, pool: inProcessPool().pool, keychain });

async function run(): Promise<unknown> {
  if (step === 'look') return vault.keychain();
  if (step === 'initialize') {
    const made = await vault.initialize('keychain');
    if (!made.ok) return { ...made, state: vault.state() };
    const kept: Kept = { ...made.value, mac: secrets.mac('challenge', 'x') };
    writeFileSync(file, JSON.stringify(kept, asText));
    return { ok: true, state: vault.state() };
  }
  const kept = JSON.parse(readFileSync(file, 'utf8'), asBytes) as Kept;
  if (step === 'forget') return keychain.remove(String(kept.record['account']));
  vault.load(kept.record, kept.keys);
  const result = await vault.unlock(kept.record, kept.keys);
  return { ...result, state: vault.state(), sameKeys: result.ok && secrets.mac('challenge', 'x') === kept.mac };
}

process.stdout.write(JSON.stringify(await run()));
