/**
 * Text from devices made safe to show: what could hide, reorder or end a line of a list is written as `\` and hex.
 * Owns no syntax of its own; names.ts and generalNames.ts add the characters that their syntax gives a meaning to.
 */
import { toHex, utf8 } from '../lib/bytes.ts';

// Controls, format characters (bidi overrides, zero-width), unassigned and private ones, line separators, every space but U+0020, what is drawn
// as nothing (Hangul fillers, the empty Braille cell), and marks piled up so high that they cover the line above:
// with them a device could print another device's name into the admin's queue.
const DECEPTIVE = /[\p{C}\p{Zl}\p{Zp}\p{DI}\u2800]|(?! )\p{Zs}|(?<=\p{M}{3})\p{M}/gu;
const PLAIN = /^[ -~]*$/;

/** Escapes deceptive characters as RFC 4514's `\xx` octets, and those of `special` (and the backslash) with a backslash. */
export function escapeText(text: string, special: RegExp): string {
  const escaped = text.replace(special, '\\$&');
  if (PLAIN.test(escaped)) return escaped;
  return escaped.replace(DECEPTIVE, (ch) => toHex(utf8(ch)).toUpperCase().replace(/../g, '\\$&'));
}

/** A text without a syntax of its own, for headings and sentences: deceptive characters escaped, and no longer than a line can hold. */
export function plainText(text: string, most = 200): string {
  const shown = escapeText(text, /(?!)/g);
  return shown.length > most ? `${shown.slice(0, most)}…` : shown;
}
