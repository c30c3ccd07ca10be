/** Files as backups need them: read in pieces, written so that they are on disk, found by name. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import type { ByteSource } from '../../adapters/vault/sealedFile.ts';

const PIECE = 1024 * 1024;

/** An open file as a source of bytes. */
export async function fileSource(file: FileHandle): Promise<ByteSource> {
  const { size } = await file.stat();
  return {
    size,
    read: async (offset, length) => {
      const bytes = Buffer.alloc(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    },
  };
}

/** A file's content in pieces. */
export async function* readPieces(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    for (;;) {
      const piece = Buffer.alloc(PIECE);
      const { bytesRead } = await file.read(piece, 0, PIECE);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Writes a new file, 0600, and returns when it is on disk. Gives its SHA-256 in lower hex. */
export async function writeNew(path: string, parts: AsyncIterable<Uint8Array>): Promise<string> {
  const digest = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const part of parts) {
      digest.update(part);
      for (let from = 0; from < part.length; ) from += (await file.write(part, from)).bytesWritten;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return digest.digest('hex');
}

/** So that names in it survive a power cut; Windows keeps them without it. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}
