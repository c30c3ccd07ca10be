/** One section's fields as typed: what differs from what is kept, and what cannot be sent. */
import type { Output } from '../../../../preload/contract/contract.ts';
import { settings as schema } from '../../../../preload/contract/settings.ts';

export type Settings = Output<'settings.get'>;
/** What is set; the findings about it are the CA's. */
export type SettingName = Exclude<keyof Settings, 'findings'>;
/** A number field that was emptied holds undefined. */
export type Draft = { readonly [Name in SettingName]?: Settings[Name] | undefined };
export type FieldErrors = { readonly [Name in SettingName]?: string };

/** The fields that were changed; one that was typed back to what is kept is none. */
export const changesOf = (kept: Settings, draft: Draft): Draft =>
  Object.fromEntries(Object.entries(draft).filter(([name, value]) => value !== kept[name as SettingName])) as Draft;

export const isDirty = (kept: Settings, draft: Draft): boolean => Object.keys(changesOf(kept, draft)).length > 0;

/** By the contract's own rules, before anything is sent. */
export function findErrors(draft: Draft): FieldErrors {
  const errors: { -readonly [Name in SettingName]?: string } = {};
  for (const name of Object.keys(draft) as SettingName[]) {
    const checked = schema.shape[name].safeParse(draft[name]);
    if (checked.success) continue;
    const issue = checked.error.issues[0];
    errors[name] = draft[name] === undefined ? 'A number is needed here.' : sayIssue(issue);
  }
  return errors;
}

type Issue = NonNullable<ReturnType<typeof schema.shape.maxWaiting.safeParse>['error']>['issues'][number];

function sayIssue(issue: Issue | undefined): string {
  if (issue?.code === 'too_small') return `At least ${String(issue.minimum)}.`;
  if (issue?.code === 'too_big') return issue.origin === 'string' ? `At most ${String(issue.maximum)} characters.` : `At most ${Number(issue.maximum).toLocaleString('en')}.`;
  return issue?.message ?? 'This cannot be kept.';
}
