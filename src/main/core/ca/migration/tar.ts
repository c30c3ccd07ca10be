/** Tape archives (POSIX.1-1988 ustar), written in one piece: files of an export, names of at most 100 octets of ASCII. */
import { concat, utf8 } from '../../lib/bytes.ts';
import type { Instant } from '../../lib/instant.ts';

export interface TarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** 0o600 for what only its owner may read. */
  readonly mode: number;
}

const BLOCK = 512;

export const writeTar = (files: readonly TarFile[], at: Instant): Uint8Array =>
  // Two empty blocks end it.
  concat([...files.flatMap((file) => [writeHeader(file, at), file.bytes, new Uint8Array((BLOCK - (file.bytes.length % BLOCK)) % BLOCK)]), new Uint8Array(2 * BLOCK)]);

function writeHeader({ name, bytes, mode }: TarFile, at: Instant): Uint8Array {
  if (!/^[ -~]{1,100}$/.test(name)) throw new Error(`a tar cannot hold the name ${name}`);
  const header = new Uint8Array(BLOCK);
  const put = (offset: number, text: string): void => header.set(utf8(text), offset);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  put(0, name);
  put(100, `${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`);
  put(124, `${octal(bytes.length, 11)}\0${octal(Math.floor(at / 1000), 11)}\0`);
  // The checksum counts its own field as spaces.
  put(148, `${' '.repeat(8)}0`);
  put(257, 'ustar\0' + '00');
  const sum = header.reduce((a, b) => a + b, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return header;
}
