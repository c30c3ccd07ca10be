/** A profile's fields beside the live preview, and what saving or removing it takes. */
import type { FormEvent, ReactNode } from 'react';
import { useChannel, useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { ConfirmButton } from '../../design/ConfirmButton.tsx';
import { fieldProblem } from '../../design/fieldProblem.ts';
import { PageHeader, Section } from '../../design/Page.tsx';
import { navigate, pathTo } from '../../routing/path.ts';
import styles from './endpoints.module.css';
import { findProfileErrors } from './profileErrors.ts';
import { ProfileFields } from './ProfileFields.tsx';
import { ProfilePreview } from './ProfilePreview.tsx';
import { SaveBar } from './SaveBar.tsx';
import { UsageFields } from './UsageFields.tsx';
import { useDraft } from './useDraft.ts';
import type { Profile } from './words.ts';

const FIELDS = ['name', 'validityDays', 'renewalWindowDays', 'subjectTemplate', 'extraSans'] as const;

export function ProfileForm({ held, isNew }: { readonly held: Profile; readonly isNew: boolean }): ReactNode {
  const { draft, set, changes, dirty, outdated, version, reset, saved } = useDraft(held);
  const endpoints = useChannel('endpoints.list', { limit: 500 });
  const users = (endpoints.data?.items ?? []).filter(({ profileId }) => !isNew && profileId === held.id).map(({ path }) => path);
  const save = useVerb('profiles.save', {
    touches: ['profiles.list', 'profiles.preview'],
    onDone: (profile) => {
      announce(`The profile ${profile.name} is saved`);
      if (isNew) navigate(pathTo(['endpoints', 'profiles', profile.id]), { replace: true, settled: true });
      else saved(profile);
    },
  });
  const problem = save.error?.problem;
  const told = { ...fieldProblem(problem, FIELDS), ...(problem?.code === 'name-taken' ? { name: problem.message } : {}) };
  const found = findProfileErrors(draft);
  // A name that was not typed yet is no mistake of an admin who has just begun.
  const shown = { ...told, ...found, ...(isNew && draft.name === '' ? { name: told.name } : {}) };

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { id: _id, version: _version, ...fields } = draft;
    save.mutate(isNew ? fields : { ...changes, id: held.id, version });
  };
  return (
    <form onSubmit={submit} noValidate className={styles.editor}>
      <PageHeader title={isNew ? 'New profile' : held.name} subtitle={isNew ? 'It begins as a copy of Device.' : users.length === 0 ? 'No endpoint uses it.' : `Used by ${users.join(', ')}. Changes count from the next certificate on.`} />
      <div className={styles.page}>
        <div className={styles.split}>
          <div className={styles.fields}>
            <ProfileFields
              draft={draft}
              errors={shown}
              set={(change) => {
                save.reset();
                set(change);
              }}
            />
            <UsageFields draft={draft} errors={shown} set={set} />
            {!isNew && <Removal profile={held} used={users.length > 0} />}
          </div>
          <ProfilePreview draft={draft} isNew={isNew} />
        </div>
      </div>
      <SaveBar
        isNew={isNew}
        dirty={dirty}
        outdated={outdated}
        pending={save.isPending}
        blocked={Object.keys(found).length === 0 ? undefined : isNew && draft.name === '' ? 'It needs a name' : 'Something above needs another value'}
        problem={Object.values(told).every((text) => text === undefined) ? problem : undefined}
        label={isNew ? 'Make the profile' : 'Save changes'}
        onDiscard={() => {
          save.reset();
          if (isNew) navigate('/endpoints/profiles', { settled: true });
          else reset();
        }}
        onReload={() => {
          save.reset();
          reset();
        }}
      />
    </form>
  );
}

function Removal({ profile: { id, version, name }, used }: { readonly profile: Profile; readonly used: boolean }): ReactNode {
  const remove = useVerb('profiles.remove', {
    touches: ['profiles.list'],
    onDone: () => {
      announce(`The profile ${name} is removed`);
      navigate('/endpoints/profiles', { replace: true, settled: true });
    },
  });
  return (
    <Section title="Remove">
      {used ? (
        <p className={styles.lead}>An endpoint uses it. Give that endpoint another profile first; then it can be removed here.</p>
      ) : (
        <ConfirmButton
          label="Remove this profile"
          question={`Remove ${name}?`}
          confirm="Remove"
          pending={remove.isPending}
          error={remove.error}
          onConfirm={() => {
            remove.mutate({ id, version });
          }}
        >
          Certificates that were issued by it stay as they are.
        </ConfirmButton>
      )}
    </Section>
  );
}
