/**
 * Compares the fingerprint that the other machine shows with the one in a file: hexadecimal with whatever stands between its digits, or the form in
 * numbers. All of it has to be there: a part that agrees can be made by whoever has an afternoon.
 */
import { groupsOf } from '../../design/hex.ts';

const HEX_DIGITS = 64;
/** Sixteen groups of five. */
const NUMBER_DIGITS = 80;

export type Comparison =
  | { readonly outcome: 'match' }
  /** Numbers of groups from 1. */
  | { readonly outcome: 'mismatch'; readonly given: string; readonly differing: readonly number[] }
  | { readonly outcome: 'unreadable'; readonly text: string };

export function compareFingerprints(text: string, expected: string): Comparison {
  // What stands before it is its name: `Fingerprint: 1a2b …`.
  const digits = text
    .replace(/^.*[:=]\s+(?=[0-9A-Fa-f])/s, '')
    .replace(/[\s:.·-]/g, '')
    .toLowerCase();
  const given = readDigits(digits);
  if (given === undefined) return { outcome: 'unreadable', text: sayUnreadable(digits) };
  const groups = groupsOf(given);
  const differing = groupsOf(expected).flatMap((group, index) => (group === groups[index] ? [] : [index + 1]));
  return differing.length === 0 ? { outcome: 'match' } : { outcome: 'mismatch', given, differing };
}

/** As hexadecimal; undefined where it is no whole fingerprint. */
function readDigits(digits: string): string | undefined {
  if (digits.length === HEX_DIGITS && /^[0-9a-f]+$/.test(digits)) return digits;
  if (digits.length !== NUMBER_DIGITS || !/^\d+$/.test(digits)) return undefined;
  const numbers = (digits.match(/\d{5}/g) ?? []).map(Number);
  return numbers.every((number) => number <= 0xffff) ? numbers.map((number) => number.toString(16).padStart(4, '0')).join('') : undefined;
}

function sayUnreadable(digits: string): string {
  if (digits === '' || !/^[0-9a-f]+$/.test(digits)) return 'This is no fingerprint. It has digits and the letters a to f, in groups.';
  return `These are ${digits.length} digits. The whole fingerprint has ${HEX_DIGITS}, or ${NUMBER_DIGITS} in numbers.`;
}

/** `2 of 16 groups differ: the 3rd and the 9th.` */
export function sayDiffering(differing: readonly number[]): string {
  if (differing.length === 16) return 'Not one of the 16 groups agrees.';
  if (differing.length > 4) return `${differing.length} of 16 groups differ.`;
  const places = differing.map((number) => `the ${ordinal(number)}`);
  return differing.length === 1 ? `1 of 16 groups differs: ${places.join('')}.` : `${differing.length} of 16 groups differ: ${places.slice(0, -1).join(', ')} and ${places.at(-1) ?? ''}.`;
}

const ordinal = (number: number): string => `${number}${number % 100 > 10 && number % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')}`;
