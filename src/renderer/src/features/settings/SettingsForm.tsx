/** A section of settings that is saved for itself: it knows what was changed, and shows what is refused beside its field. */
import { Button } from '@mantine/core';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { fieldProblem } from '../../design/fieldProblem.ts';
import { ProblemNote } from '../../design/Note.tsx';
import { Section } from '../../design/Page.tsx';
import { useKeptFocus } from '../../design/useKeptFocus.ts';
import { type Draft, type FieldErrors, type SettingName, type Settings, changesOf, findErrors, isDirty } from './draft.ts';
import styles from './settings.module.css';

export interface FieldsProps {
  readonly values: Draft;
  readonly errors: FieldErrors;
  readonly set: (change: Draft) => void;
}

export interface SettingsFormProps {
  readonly title: string;
  readonly kept: Settings;
  readonly names: readonly SettingName[];
  readonly children: (fields: FieldsProps) => ReactNode;
}

export function SettingsForm({ title, kept, names, children }: SettingsFormProps): ReactNode {
  const [draft, setDraft] = useState<Draft>({});
  const [saved, setSaved] = useState(false);
  const save = useVerb('settings.update', {
    touches: ['settings.get', 'window.status'],
    onDone: () => {
      setDraft({});
      setSaved(true);
      announce(`${title} saved`);
    },
  });
  const refused = fieldProblem(save.error?.problem, names);
  const errors: FieldErrors = { ...findErrors(draft), ...refused };
  const dirty = isDirty(kept, draft);
  const blocked = Object.keys(findErrors(draft)).length > 0;
  return (
    <Section title={title}>
      <form
        noValidate
        className={styles.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (dirty && !blocked) save.mutate(changesOf(kept, draft));
        }}
      >
        {children({
          values: { ...kept, ...draft },
          errors,
          set: (change) => {
            setSaved(false);
            if (save.error !== null) save.reset();
            setDraft({ ...draft, ...change });
          },
        })}
        {save.error !== null && refused === undefined && <ProblemNote problem={save.error.problem} />}
        <SaveRow
          title={title}
          dirty={dirty}
          saved={saved}
          blocked={blocked}
          saving={save.isPending}
          onDiscard={() => {
            setDraft({});
            save.reset();
          }}
        />
      </form>
    </Section>
  );
}

export interface SaveRowProps {
  readonly title: string;
  readonly dirty: boolean;
  readonly saved: boolean;
  readonly blocked?: boolean;
  readonly saving: boolean;
  /** `Move the listener`; saving is what it says otherwise. */
  readonly verb?: string;
  readonly onDiscard: () => void;
}

/** Its buttons are there only while there is something to save; what became of it is said in their place. */
export function SaveRow({ title, dirty, saved, blocked = false, saving, verb = 'Save', onDiscard }: SaveRowProps): ReactNode {
  const [discarded, setDiscarded] = useState(false);
  const place = useRef<HTMLParagraphElement>(null);
  useKeptFocus(place, dirty);
  if (!dirty) {
    return saved || discarded ? (
      <p ref={place} tabIndex={-1} className={styles.saved} data-tone={saved ? 'good' : 'quiet'}>
        {saved ? 'Saved.' : 'Discarded.'}
      </p>
    ) : null;
  }
  return (
    <div className={styles.save}>
      <Button type="submit" size="xs" loading={saving} disabled={blocked} aria-label={verb === 'Save' ? `Save ${title.toLowerCase()}` : verb}>
        {verb}
      </Button>
      <Button
        variant="subtle"
        color="slate"
        size="xs"
        onClick={() => {
          setDiscarded(true);
          onDiscard();
        }}
      >
        Discard
      </Button>
    </div>
  );
}
