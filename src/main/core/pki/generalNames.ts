import type { Result } from '../lib/result.ts';
import type { Element } from './der.ts';
export type GeneralName =
  | { readonly kind: 'dns' | 'ip' | 'email' | 'uri' | 'upn'; readonly value: string }
  | { readonly kind: 'directory'; readonly value: string; readonly der: Uint8Array }
  | { readonly kind: 'rid'; readonly value: string }
  | { readonly kind: 'other'; readonly oid: string; readonly der: Uint8Array }
  | { readonly kind: 'unsupported'; readonly der: Uint8Array };
/** Inside a parser: throws Malformed. */
export function parseGeneralName(e: Element): GeneralName { throw new Error('not written yet'); }
/** Inside a parser: the names within a GeneralNames SEQUENCE. */
export function parseGeneralNames(e: Element | undefined): GeneralName[] { throw new Error('not written yet'); }
export function writeGeneralName(name: GeneralName): Uint8Array { throw new Error('not written yet'); }
export function writeGeneralNames(names: readonly GeneralName[]): Uint8Array { throw new Error('not written yet'); }
export function generalNameToText(name: GeneralName): string { throw new Error('not written yet'); }
export function parseGeneralNameText(text: string): Result<GeneralName, string> { throw new Error('not written yet'); }
export function generalNamesEqual(a: GeneralName, b: GeneralName): boolean { throw new Error('not written yet'); }
