/** Who did it, in words; the log knows them as `admin:web`, `device:192.0.2.7`, `system:sweep`. */

const KNOWN: Readonly<Record<string, string>> = {
  'admin:window': 'An admin in the desktop window',
  'admin:web': 'An admin in the browser',
  'admin:command-line': 'An admin on the command line',
  'admin:tray': 'An admin at the tray icon',
  'admin:start-up': 'The program’s start',
  'system:sweep': 'Countersign, finishing what was begun',
  'system:housekeeping': 'Countersign, tidying up',
  'system:listener': 'Countersign’s listener',
};

/** `A device at 192.0.2.7`; an actor that is not known is named as the log does. */
export function sayActor(actor: string): string {
  const known = KNOWN[actor];
  if (known !== undefined) return known;
  return actor.startsWith('device:') ? `The device at ${actor.slice('device:'.length)}` : actor;
}

/** The actors to choose from: those that are always there, those that are in sight, and the one that is chosen. */
export const actorsToChoose = (seen: readonly string[], chosen: string): readonly string[] => [...new Set([...Object.keys(KNOWN), ...seen.filter((actor) => !(actor in KNOWN)).toSorted(), ...(chosen === '' ? [] : [chosen])])];

/** The same within a sentence, of whom a record knows only by the name behind the colon: `an admin in the browser`. */
export function sayDecider(name: string): string {
  const actor = Object.keys(KNOWN).find((known) => known.endsWith(`:${name}`));
  const words = actor === undefined ? name : sayActor(actor);
  return words.replace(/^(An|The) /, (article) => article.toLowerCase());
}
