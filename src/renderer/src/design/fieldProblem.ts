/** Where a "no" belongs: the CA names the field before a colon (`path: must be …`), and a form says it there. */
import type { Problem } from '../../../preload/contract/reply.ts';

/** What is wrong with one of these fields, by its name; undefined where the problem names none of them. */
export function fieldProblem<Field extends string>(problem: Problem | undefined, fields: readonly Field[]): { readonly [Name in Field]?: string } | undefined {
  const [, name, text] = /^([A-Za-z]+)(?:[.[][^:]*)?: (.+)$/.exec(problem?.message ?? '') ?? [];
  const field = fields.find((known) => known === name);
  if (field === undefined || text === undefined) return undefined;
  return { [field]: [text.charAt(0).toUpperCase(), text.slice(1), /[.?]$/.test(text) ? '' : '.', problem?.hint === undefined ? '' : ` ${problem.hint}`].join('') } as { readonly [Name in Field]?: string };
}
