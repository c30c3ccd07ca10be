/** Readers for JSON that came from another machine: each gives the value that it promises, bounded, or throws Unfit. Unknown fields are refused. */
import { fromBase64 } from '../lib/bytes.ts';
import type { Instant } from '../lib/instant.ts';

/** What was read is not what it should be. Caught where the whole is read. */
export class Unfit extends Error {}

export type Reader<T> = (value: unknown) => T;

const unfit = (what: string): never => {
  throw new Unfit(what);
};

export const text =
  (most: number, pattern?: RegExp): Reader<string> =>
  (value) =>
    typeof value === 'string' && value.length <= most && (pattern === undefined || pattern.test(value)) ? value : unfit('a text is not as it should be');

export const integer =
  (least: number, most: number): Reader<number> =>
  (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most ? value : unfit('a number is out of its bounds');

/** Between 1970 and 9999. */
export const instant: Reader<Instant> = integer(0, 253_402_300_799_999);

export const flag: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : unfit('neither true nor false'));

/** Base64 of so many bytes at most. */
export const bytes =
  (most: number): Reader<Uint8Array> =>
  (value) => {
    const written = text(Math.ceil(most / 3) * 4)(value);
    const read = fromBase64(written);
    return read !== undefined && read.length <= most ? read : unfit('bytes are not as they should be');
  };

export const oneOf =
  <T extends string>(words: readonly T[]): Reader<T> =>
  (value) =>
    words.find((word) => word === value) ?? unfit('a word that is not known');

export const nullable =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value) =>
    value === null ? null : reader(value);

export const list =
  <T>(reader: Reader<T>, most: number): Reader<readonly T[]> =>
  (value) =>
    Array.isArray(value) && value.length <= most ? value.map((item: unknown) => reader(item)) : unfit('a list is missing or too long');

/** Exactly these fields. */
export const object =
  <T extends object>(readers: { readonly [Field in keyof T]: Reader<T[Field]> }): Reader<T> =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return unfit('something else than fields');
    const names = Object.keys(readers);
    const given = Object.keys(value);
    if (given.length !== names.length || given.some((name) => !Object.hasOwn(readers, name))) return unfit('fields are missing, or there are others');
    const fields = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(names.map((name) => [name, (readers as Readonly<Record<string, Reader<unknown>>>)[name]?.(fields[name])])) as T;
  };
