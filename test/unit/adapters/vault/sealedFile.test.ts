/** The sealed file: whole or refused, whatever is cut off, turned over, put elsewhere or taken from another file. */
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CHUNK, SealBroken, type SealProblem, beginSeal, bytesSource, openSealed, writeSealed } from '../../../../src/main/adapters/vault/sealedFile.ts';

const PASSPHRASE = 'four unrelated words';
const HEADER = 132;
const TAG = 16;

async function* inParts(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function sealed(content: Buffer, part = 1000): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const bytes of writeSealed(await beginSeal(PASSPHRASE, 2), content.length, inParts(content, part))) parts.push(bytes);
  return Buffer.concat(parts);
}

async function opened(bytes: Buffer, passphrase = PASSPHRASE): Promise<Buffer | SealProblem> {
  const seal = await openSealed(bytesSource(bytes), passphrase);
  if (!seal.ok) return seal.error;
  const parts: Buffer[] = [];
  try {
    for await (const part of seal.value.chunks()) parts.push(part);
  } catch (error) {
    if (error instanceof SealBroken) return error.problem;
    throw error;
  }
  return Buffer.concat(parts);
}

/** With its digest made anew, as somebody would who changes a header on purpose. */
function withHeader(file: Buffer, change: (header: Buffer) => void): Buffer {
  const copy = Buffer.from(file);
  change(copy);
  createHash('sha256').update(copy.subarray(0, HEADER - 32)).digest().copy(copy, HEADER - 32);
  return copy;
}

describe('a sealed file', () => {
  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])('gives %d octets back as they were', async (length) => {
    const content = randomBytes(length);
    for (const part of [997, CHUNK, 5 * CHUNK]) expect(await opened(await sealed(content, part))).toEqual(content);
  });

  it('opens with no other passphrase', async () => {
    expect(await opened(await sealed(randomBytes(10)), 'four unrelated wordz')).toBe('wrong-passphrase');
  });

  it('is different each time, and shows nothing of what is in it', async () => {
    const content = Buffer.alloc(2 * CHUNK, 'secret');
    const [one, two] = [await sealed(content), await sealed(content)];
    expect(one.equals(two)).toBe(false);
    expect(one.includes('secret')).toBe(false);
  });

  it('is refused at every length but its own', async () => {
    const file = await sealed(randomBytes(2 * CHUNK + 100));
    const lengths = [0, 1, 15, 16, 20, HEADER - 1, HEADER, HEADER + TAG, HEADER + CHUNK + TAG, HEADER + 2 * (CHUNK + TAG), file.length - 1];
    for (const length of lengths) expect(await opened(file.subarray(0, length)), `${length}`).toMatch(/truncated|foreign/);
    expect(await opened(Buffer.concat([file, Buffer.alloc(1)]))).toBe('damaged');
    expect(await opened(Buffer.concat([file, file.subarray(HEADER)]))).toBe('damaged');
  });

  it('is refused with any bit of its header turned', async () => {
    const file = await sealed(randomBytes(100));
    for (let at = 0; at < HEADER * 8; at++) {
      const flipped = Buffer.from(file);
      flipped[at >> 3] = (flipped[at >> 3] ?? 0) ^ (1 << (at & 7));
      expect(await opened(flipped), `bit ${at}`).toMatch(/^(foreign|newer|damaged)$/);
    }
  });

  it('is refused with a shorter length in its header, its digest made anew', async () => {
    const file = await sealed(randomBytes(2 * CHUNK));
    // One chunk less, and the file cut to fit: only the header's MAC can tell.
    const cut = withHeader(file, (header) => header.writeBigUInt64BE(BigInt(CHUNK), 60)).subarray(0, HEADER + CHUNK + TAG);
    expect(await opened(cut)).toBe('wrong-passphrase');
  });

  it('is refused with chunks in another order, one twice, or one from another file', async () => {
    const [file, other] = [await sealed(randomBytes(3 * CHUNK)), await sealed(randomBytes(3 * CHUNK))];
    const chunk = (of: Buffer, n: number): Buffer => of.subarray(HEADER + n * (CHUNK + TAG), HEADER + (n + 1) * (CHUNK + TAG));
    const built = (...chunks: readonly Buffer[]): Buffer => Buffer.concat([file.subarray(0, HEADER), ...chunks]);
    expect(await opened(built(chunk(file, 0), chunk(file, 1), chunk(file, 2)))).toBeInstanceOf(Buffer);
    expect(await opened(built(chunk(file, 1), chunk(file, 0), chunk(file, 2)))).toBe('damaged');
    expect(await opened(built(chunk(file, 0), chunk(file, 0), chunk(file, 2)))).toBe('damaged');
    expect(await opened(built(chunk(file, 0), chunk(other, 1), chunk(file, 2)))).toBe('damaged');
    expect(await opened(built(chunk(file, 0), chunk(file, 2), chunk(file, 1)))).toBe('damaged');
  });

  it('of a later version is told as such, and other files as no such file', async () => {
    const file = await sealed(randomBytes(10));
    expect(await opened(withHeader(file, (header) => header.writeUInt16BE(2, 16)))).toBe('newer');
    expect(await opened(Buffer.from('SQLite format 3\0 and more'))).toBe('foreign');
    expect(await opened(Buffer.alloc(0))).toBe('foreign');
  });

  it('does not derive with a cost that would fill the memory', async () => {
    expect(await opened(withHeader(await sealed(randomBytes(10)), (header) => header.writeUInt8(40, 20)))).toBe('damaged');
  });
});
