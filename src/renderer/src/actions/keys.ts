/** From a key press to an action: `mod+K`, `?`, `J`, and two keys one after the other, `G R`. */
import type { ActionEntry } from '../../../preload/contract/actions.ts';

/** What a KeyboardEvent says, as far as it matters. */
export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const isLetter = (key: string): boolean => /^[a-z]$/i.test(key);

/** Whether one press is what a key's text says. Shift counts for letters and named keys only: `?` and `/` need it on some layouts and not on others. */
function isPress(text: string, press: Press, mac: boolean): boolean {
  const parts = text.split('+');
  const key = parts.at(-1) ?? '';
  if (parts.includes('mod') !== (mac ? press.metaKey : press.ctrlKey)) return false;
  if (press.altKey || (mac ? press.ctrlKey : press.metaKey)) return false;
  if ((isLetter(key) || key.length > 1) && parts.includes('shift') !== press.shiftKey) return false;
  return press.key.toLowerCase() === key.toLowerCase();
}

/** Whether an action's keys are the page's own single ones, which rest while something is typed. */
export const isSingleKey = (keys: string): boolean => !keys.includes('mod+');

export interface Stroke {
  readonly action: ActionEntry | undefined;
  /** The first key of a pair, waited on. */
  readonly pending: string | undefined;
}

/** What a press means after `pending` (the first key of a pair). */
export function readStroke(actions: readonly ActionEntry[], press: Press, pending: string | undefined, mac: boolean): Stroke {
  for (const action of actions) {
    const [first = '', second] = action.keys?.split(' ') ?? [];
    if (first === '') continue;
    if (second === undefined ? pending === undefined && isPress(first, press, mac) : pending === first && isPress(second, press, mac)) return { action, pending: undefined };
  }
  const begins = actions.map(({ keys }) => keys?.split(' ') ?? []).find(([first, second]) => first !== undefined && second !== undefined && isPress(first, press, mac));
  return { action: undefined, pending: begins?.[0] };
}

/** The keys as a person reads them: `['Ctrl', 'K']`, or `['G', 'then', 'R']`. */
export const keyWords = (keys: string, mac: boolean): readonly string[] =>
  keys.split(' ').flatMap((stroke, index) => [...(index > 0 ? ['then'] : []), ...stroke.split('+').map((part) => (part === 'mod' ? (mac ? '⌘' : 'Ctrl') : part === 'shift' ? (mac ? '⇧' : 'Shift') : part))]);
