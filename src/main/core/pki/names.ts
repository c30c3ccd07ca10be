import type { Result } from '../lib/result.ts';
import type { Element } from './der.ts';
/** One attribute of a distinguished name. `value` is the whole DER element, `text` its text where it is of a string type. */
export interface NameAttribute { readonly oid: string; readonly tag: number; readonly value: Uint8Array; readonly text: string | undefined }
/** RDNs in encoded order, each a set of attributes. */
export type DistinguishedName = readonly (readonly NameAttribute[])[];
export function parseName(e: Element): DistinguishedName { throw new Error('not written yet'); }
export function nameToText(der: Uint8Array): string { throw new Error('not written yet'); }
export function parseNameText(text: string): Result<Uint8Array, string> { throw new Error('not written yet'); }
export function writeName(attributes: readonly { readonly oid: string; readonly value: string }[]): Uint8Array { throw new Error('not written yet'); }
export function namesEqual(a: Uint8Array, b: Uint8Array): boolean { throw new Error('not written yet'); }
export function commonNameOf(der: Uint8Array): string | undefined { throw new Error('not written yet'); }
export function isEmptyName(der: Uint8Array): boolean { throw new Error('not written yet'); }
