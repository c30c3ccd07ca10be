/**
 * A file that a passphrase opens: scrypt, then AES-256-GCM in chunks of 64 KiB (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár).
 * Each chunk's nonce holds its number and whether it is the last, and each is bound to the header, so that nothing can be cut off, put in another
 * order or taken from another file. Owns the format and how it is read; what is inside is the caller's matter.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Result, err, ok } from '../../core/lib/result.ts';
import { SCRYPT_COST, deriveKek, isCost } from './passphrase.ts';

const MAGIC = Buffer.from('countersign-bkp\n', 'latin1');
const VERSION = 1;
const SALT = 32;
const PREFIX = 7;
const TAG = 16;
const DIGEST = 32;
export const CHUNK = 64 * 1024;

/** magic 16 | version u16 | header length u16 | log2 N u8 | salt 32 | nonce prefix 7 | plaintext length u64 | HMAC 32 | SHA-256 of all before 32. */
const AT = { version: 16, length: 18, cost: 20, salt: 21, prefix: 21 + SALT, plaintext: 21 + SALT + PREFIX, mac: 29 + SALT + PREFIX, digest: 29 + SALT + PREFIX + DIGEST } as const;
const HEADER = AT.digest + DIGEST;
/** Where every version, later ones too, says how long its header is. */
const FIXED = 20;

export type SealProblem = 'foreign' | 'newer' | 'truncated' | 'damaged' | 'wrong-passphrase';

/** Thrown while chunks are read, for that is when it is found. */
export class SealBroken extends Error {
  readonly problem: SealProblem;

  constructor(problem: SealProblem) {
    super(`the sealed file is ${problem}`);
    this.problem = problem;
  }
}

/** Where bytes are read from: an open file, or memory. */
export interface ByteSource {
  readonly size: number;
  /** Exactly so many bytes, or fewer at the end. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** Bytes that are in memory already. */
export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => Promise.resolve(Buffer.from(bytes.subarray(offset, offset + length))),
});

interface SealKeys {
  readonly content: Buffer;
  readonly check: Buffer;
  /** For what must stay sealed inside the content as well. */
  readonly inner: Buffer;
}

/** A seal that was begun: its keys exist, its header does not, for that says how much is sealed. */
export interface NewSeal {
  readonly salt: Buffer;
  readonly cost: number;
  readonly keys: SealKeys;
}

async function deriveKeys(passphrase: string, salt: Uint8Array, cost: number): Promise<SealKeys> {
  const master = await deriveKek(passphrase, salt, cost);
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', master, salt, `countersign sealed file v1 ${purpose}`, 32));
  const keys = { content: derive('content'), check: derive('check'), inner: derive('inner') };
  master.fill(0);
  return keys;
}

/** Overwrites the keys. */
export function forgetSeal({ keys }: { readonly keys: SealKeys }): void {
  for (const key of [keys.content, keys.check, keys.inner]) key.fill(0);
}

/** Keys from a passphrase and a fresh salt: no two files share a key, so a nonce cannot come twice. */
export async function beginSeal(passphrase: string, cost: number = SCRYPT_COST): Promise<NewSeal> {
  const salt = randomBytes(SALT);
  return { salt, cost, keys: await deriveKeys(passphrase, salt, cost) };
}

function writeHeader({ salt, cost, keys }: NewSeal, length: number): Buffer {
  const header = Buffer.alloc(HEADER);
  MAGIC.copy(header);
  header.writeUInt16BE(VERSION, AT.version);
  header.writeUInt16BE(HEADER, AT.length);
  header.writeUInt8(Math.log2(cost), AT.cost);
  salt.copy(header, AT.salt);
  randomBytes(PREFIX).copy(header, AT.prefix);
  header.writeBigUInt64BE(BigInt(length), AT.plaintext);
  createHmac('sha256', keys.check).update(header.subarray(0, AT.mac)).digest().copy(header, AT.mac);
  createHash('sha256').update(header.subarray(0, AT.digest)).digest().copy(header, AT.digest);
  return header;
}

function nonceOf(header: Buffer, number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  header.copy(nonce, 0, AT.prefix, AT.prefix + PREFIX);
  nonce.writeUInt32BE(number, PREFIX);
  nonce.writeUInt8(last ? 1 : 0, 11);
  return nonce;
}

/** How long a sealed file with so much inside is. */
const sealedSize = (length: number): number => HEADER + length + TAG * Math.max(1, Math.ceil(length / CHUNK));

/** Seals `length` bytes of plaintext; throws where the source gives more or fewer. */
export async function* writeSealed(seal: NewSeal, length: number, source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const header = writeHeader(seal, length);
  yield header;
  let number = 0;
  let written = 0;
  const close = (chunk: Buffer): Buffer => {
    written += chunk.length;
    const cipher = createCipheriv('aes-256-gcm', seal.keys.content, nonceOf(header, number++, written >= length));
    cipher.setAAD(header);
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
  };
  let held: Buffer = Buffer.alloc(0);
  for await (const part of source) {
    held = Buffer.concat([held, part]);
    // The last chunk is closed after the loop, whole or not.
    for (; held.length > CHUNK; held = held.subarray(CHUNK)) yield close(held.subarray(0, CHUNK));
  }
  yield close(held);
  if (written !== length) throw new Error(`a sealed file of ${length} bytes was given ${written}`);
}

export interface OpenedSeal {
  readonly keys: SealKeys;
  /** Throws SealBroken at the first chunk that is not as it was sealed. Nothing of such a chunk is given out. */
  chunks(): AsyncGenerator<Buffer>;
}

/** Reads the header and proves the passphrase; the chunks are read as they are asked for. */
export async function openSealed(source: ByteSource, passphrase: string): Promise<Result<OpenedSeal, SealProblem>> {
  const read = readHeader(await source.read(0, HEADER), source.size);
  if (!read.ok) return read;
  const { header, cost, length } = read.value;
  const keys = await deriveKeys(passphrase, header.subarray(AT.salt, AT.prefix), cost);
  const mac = createHmac('sha256', keys.check).update(header.subarray(0, AT.mac)).digest();
  if (!timingSafeEqual(mac, header.subarray(AT.mac, AT.digest))) {
    forgetSeal({ keys });
    return err('wrong-passphrase');
  }
  return ok({ keys, chunks: () => readChunks(source, header, keys, length) });
}

interface Header {
  readonly header: Buffer;
  readonly cost: number;
  readonly length: number;
}

function readHeader(header: Buffer, size: number): Result<Header, SealProblem> {
  if (!header.subarray(0, MAGIC.length).equals(MAGIC.subarray(0, header.length)) || header.length === 0) return err('foreign');
  if (header.length < FIXED) return err('truncated');
  // A later version's header may be longer; only one that this version wrote is looked at any further.
  if (header.readUInt16BE(AT.version) > VERSION) return err('newer');
  if (header.readUInt16BE(AT.length) !== HEADER) return err('damaged');
  if (header.length < HEADER) return err('truncated');
  if (!createHash('sha256').update(header.subarray(0, AT.digest)).digest().equals(header.subarray(AT.digest))) return err('damaged');
  const cost = 2 ** header.readUInt8(AT.cost);
  const length = Number(header.readBigUInt64BE(AT.plaintext));
  if (header.readUInt16BE(AT.version) !== VERSION || !isCost(cost)) return err('damaged');
  if (size < sealedSize(length)) return err('truncated');
  return size > sealedSize(length) ? err('damaged') : ok({ header, cost, length });
}

async function* readChunks(source: ByteSource, header: Buffer, keys: SealKeys, length: number): AsyncGenerator<Buffer> {
  let offset = HEADER;
  for (let number = 0, left = length; ; number++) {
    const size = Math.min(CHUNK, left);
    const last = size === left;
    const sealed = await source.read(offset, size + TAG);
    // The file was as long as it should be a moment ago.
    if (sealed.length < size + TAG) throw new SealBroken('truncated');
    const decipher = createDecipheriv('aes-256-gcm', keys.content, nonceOf(header, number, last), { authTagLength: TAG });
    decipher.setAAD(header);
    decipher.setAuthTag(sealed.subarray(size));
    const chunk = decipher.update(sealed.subarray(0, size));
    try {
      decipher.final();
    } catch {
      throw new SealBroken('damaged');
    }
    yield chunk;
    if (last) return;
    offset += size + TAG;
    left -= size;
  }
}
