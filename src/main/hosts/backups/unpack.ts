/** Opening a backup into a folder, and the proof that what came out is whole: it opens, its log holds, nothing is missing, its keys open and sign. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { SCHEMA } from '../../adapters/sqlite/database.ts';
import { examineApart } from '../../adapters/sqlite/examineApart.ts';
import { type Keks, signsTruly, unboxKeks } from '../../adapters/vault/backupKeks.ts';
import { type ByteSource, SealBroken, bytesSource, forgetSeal, openSealed } from '../../adapters/vault/sealedFile.ts';
import { zeroSecretKeys } from '../../adapters/vault/secrets.ts';
import type { BackupRefusal, BackupSource, Counts } from '../../application/ports/backups.ts';
import type { StoredKey } from '../../core/ca/authority.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import { openAll } from '../keyring.ts';
import { fileSource, writeNew } from './files.ts';
import { FILES, type Manifest, manifestLength, parseManifest } from './manifest.ts';
import { NEWER, damaged, refuseFile, refuseSeal } from './refusals.ts';

/** A backup whose content lies in a folder. The caller overwrites `keks` with `forgetKeks`. */
export interface Unpacked {
  readonly manifest: Manifest;
  readonly keks: Keks;
  readonly sha256: string;
  readonly size: number;
}

/** Decrypts a backup's files into a folder that is there and empty. Refuses what is not a whole backup of this version or an earlier one. */
export async function unpackBackup(source: BackupSource, passphrase: string, folder: string): Promise<Result<Unpacked, BackupRefusal>> {
  if ('bytes' in source) return unpackSource(bytesSource(source.bytes), passphrase, folder);
  let file;
  try {
    file = await open(source.path, 'r');
  } catch (error) {
    return err(refuseFile(source.path, error));
  }
  try {
    if ((await file.stat()).isDirectory()) return err(refuseFile(source.path, Object.assign(new Error(), { code: 'EISDIR' })));
    return await unpackSource(await fileSource(file), passphrase, folder);
  } finally {
    await file.close();
  }
}

async function unpackSource(source: ByteSource, passphrase: string, folder: string): Promise<Result<Unpacked, BackupRefusal>> {
  const opened = await openSealed(source, passphrase);
  if (!opened.ok) return err(refuseSeal(opened.error));
  const seal = opened.value;
  try {
    const content = createReader(seal.chunks());
    const length = manifestLength(await content.take(4));
    const manifest = length === undefined ? undefined : parseManifest(await content.take(length));
    if (manifest === undefined) return err(damaged('its list of contents cannot be read'));
    if (manifest.format !== 1 || manifest.schema > SCHEMA) return err(NEWER);
    for (const [i, name] of FILES.entries()) await writeNew(join(folder, name), content.pieces(manifest.sizes[i] ?? 0));
    if (!(await content.atEnd())) return err(damaged('there is more in it than it lists'));
    const keks = unboxKeks(seal.keys.inner, manifest.keks);
    if (keks === undefined) return err(damaged('its key-encryption key does not open'));
    return ok({ manifest, keks, sha256: await digestOf(source), size: source.size });
  } catch (error) {
    if (error instanceof SealBroken) return err(refuseSeal(error.problem));
    throw error;
  } finally {
    forgetSeal(seal);
  }
}

async function digestOf(source: ByteSource): Promise<string> {
  const digest = createHash('sha256');
  const PIECE = 1024 * 1024;
  for (let from = 0; from < source.size; from += PIECE) digest.update(await source.read(from, Math.min(PIECE, source.size - from)));
  return digest.digest('hex');
}

interface Reader {
  /** So many octets, or fewer at the end. */
  take(length: number): Promise<Buffer>;
  /** So many octets, in pieces; throws SealBroken where there are fewer. */
  pieces(length: number): AsyncGenerator<Buffer>;
  atEnd(): Promise<boolean>;
}

function createReader(chunks: AsyncGenerator<Buffer>): Reader {
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    if (held.length > 0) return true;
    const next = await chunks.next();
    if (next.done === true) return false;
    held = next.value;
    return held.length > 0;
  };
  async function* pieces(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      if (!(await more())) throw new SealBroken('damaged');
      const piece = held.subarray(0, left);
      held = held.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
  return {
    pieces,
    take: async (length) => {
      const parts: Buffer[] = [];
      for await (const part of pieces(length)) parts.push(part);
      return Buffer.concat(parts);
    },
    atEnd: async () => !(await more()),
  };
}

/** Whether the unpacked files are what the manifest says, and whole. Gives the stored keys, still wrapped. */
export async function proveUnpacked({ manifest, keks }: Unpacked, folder: string): Promise<Result<readonly StoredKey[], BackupRefusal>> {
  const found = await examineApart(folder);
  if (!found.ok) return err(damaged(`its database does not open (${found.problem})`));
  const { verdict, counts, keys } = found;
  if (!verdict.ok) return err(damaged(`its audit log does not hold: ${verdict.firstBad?.problem ?? 'unknown'}`));
  if (verdict.head.seq !== manifest.head.seq || verdict.head.hash !== manifest.head.hash) return err(damaged(`its audit log ends at entry ${verdict.head.seq}, and ${manifest.head.seq} were saved`));
  const missing = (Object.keys(manifest.counts) as (keyof Counts)[]).find((name) => counts[name] !== manifest.counts[name]);
  if (missing !== undefined) return err(damaged(`it holds ${counts[missing]} ${missing}, and ${manifest.counts[missing]} were saved`));
  const problem = proveKeys(keys, keks, manifest);
  return problem === undefined ? ok(keys) : err(damaged(problem));
}

function proveKeys(keys: readonly StoredKey[], { kek, previous }: Keks, { auditKey }: Manifest): string | undefined {
  const opened = openAll(keys, kek, previous);
  if (!opened.ok) return opened.error.replace(/\.$/, '').replace(/^T/, 't');
  const { working, audit, secrets } = opened.value;
  zeroSecretKeys(secrets);
  if (createHash('sha256').update(audit.stored.spki).digest('hex') !== auditKey) return 'its audit key is another one';
  const dumb = [...working, audit].find(({ key }) => !signsTruly(key));
  return dumb === undefined ? undefined : `the ${dumb.stored.purpose} key ${dumb.stored.id} does not sign`;
}

