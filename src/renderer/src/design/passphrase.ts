/** A new passphrase, typed twice, judged by its length: the only thing that can be told without guessing at how it was made. */

/** What the vault takes at least. */
export const PASSPHRASE_LEAST = 8;

export interface TypedTwice {
  readonly first: string;
  readonly second: string;
}

export const NOT_TYPED: TypedTwice = { first: '', second: '' };

/** As the vault counts: characters, after the forms of é have become one. */
const lengthOf = (text: string): number => [...text.normalize('NFKC')].length;

export const isReady = ({ first, second }: TypedTwice, least = PASSPHRASE_LEAST): boolean => lengthOf(first) >= least && first === second;

/** `undefined` while nothing was typed. */
export function sayStrength(text: string, least = PASSPHRASE_LEAST): { readonly tone: 'danger' | 'warning' | 'good'; readonly words: string } | undefined {
  const length = lengthOf(text);
  if (length === 0) return undefined;
  if (length < least) return { tone: 'danger', words: `Too short: at least ${least} characters.` };
  if (new Set(text).size < 5) return { tone: 'warning', words: 'Long enough, but it repeats itself.' };
  if (length < 14) return { tone: 'warning', words: 'Long enough. Longer is better: a stolen data folder can be tried at leisure.' };
  if (length < 20) return { tone: 'good', words: 'Good.' };
  return { tone: 'good', words: 'Very good.' };
}
