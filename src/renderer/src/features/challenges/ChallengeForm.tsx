/** What a new challenge should open, for whom, and how long. */
import { Button, NativeSelect, NumberInput, Radio, SegmentedControl, TagsInput, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { Problem } from '../../../../preload/contract/reply.ts';
import { useChannel } from '../../bridge/react.tsx';
import { fieldProblem } from '../../design/fieldProblem.ts';
import { Note, ProblemNote } from '../../design/Note.tsx';
import styles from './challenges.module.css';
import { type ChallengeDraft, PRESETS, findErrors, lifetimeOf } from './draft.ts';

export interface ChallengeFormProps {
  /** The lifetime that the settings propose. */
  readonly minutes: number;
  readonly locked: boolean;
  readonly pending: boolean;
  readonly problem: Problem | undefined;
  readonly onSubmit: (draft: ChallengeDraft) => void;
  readonly onCancel: () => void;
}

const FIELDS = ['subject', 'subjectAltNames', 'uses', 'minutes'] as const;

export function ChallengeForm({ minutes, locked, pending, problem, onSubmit, onCancel }: ChallengeFormProps): ReactNode {
  const [draft, setDraft] = useState<ChallengeDraft>({ label: '', bound: false, subject: '', names: [], endpoint: '', uses: 1, lifetime: lifetimeOf(minutes) });
  const [tried, setTried] = useState(false);
  const endpoints = useChannel('endpoints.list', { limit: 500 });
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // The form comes after the dialog has opened, which then gave the focus to its close button.
    first.current?.focus();
  }, []);
  const set = (change: Partial<ChallengeDraft>): void => {
    setDraft({ ...draft, ...change });
  };
  const told = fieldProblem(problem, FIELDS);
  const errors = { ...told, ...(tried ? findErrors(draft) : {}) };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(findErrors(draft)).length === 0) onSubmit(draft);
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {locked && (
        <Note tone="warning" title="The vault is locked">
          A challenge is kept under a key of the vault. Unlock it, then make one.
        </Note>
      )}
      <TextInput
        ref={first}
        data-autofocus
        label="Device or occasion"
        description="A note for you and the heading of the printed ticket. Devices never see it."
        placeholder="Printer, 2nd floor"
        maxLength={100}
        value={draft.label}
        onChange={(event) => {
          set({ label: event.currentTarget.value });
        }}
      />
      <Radio.Group
        label="Who may use it"
        value={draft.bound ? 'bound' : 'free'}
        onChange={(value) => {
          set({ bound: value === 'bound' });
        }}
      >
        <div className={styles.choices}>
          <Radio value="free" label="Any device" description="Whoever has the password, for whatever name it asks." />
          <Radio value="bound" label="One device" description="Only a request for this subject and these names; safer when the password travels." />
        </div>
      </Radio.Group>
      {draft.bound && (
        <div className={styles.inset}>
          <TextInput
            label="Subject"
            description="Exactly as the device will ask for it. Empty: any subject."
            placeholder="CN=printer-2f, O=Example Office"
            classNames={{ input: 'mono' }}
            maxLength={500}
            value={draft.subject}
            error={errors.subject}
            onChange={(event) => {
              set({ subject: event.currentTarget.value });
            }}
          />
          <TagsInput
            label="Names it may ask for"
            description="DNS:, IP:, email:, URI: or UPN: before each; Enter after each. Empty: any that the profile allows."
            placeholder={draft.names.length === 0 ? 'DNS:printer-2f.office.lan' : ''}
            classNames={{ input: 'mono' }}
            maxTags={50}
            splitChars={[',', ' ']}
            value={[...draft.names]}
            error={errors.subjectAltNames}
            onChange={(names) => {
              set({ names });
            }}
          />
        </div>
      )}
      <div className={styles.pair}>
        <NativeSelect
          label="Endpoint"
          value={draft.endpoint}
          data={[{ value: '', label: 'Any' }, ...(endpoints.data?.items ?? []).map(({ path }) => ({ value: path, label: path }))]}
          onChange={(event) => {
            set({ endpoint: event.currentTarget.value });
          }}
        />
        <NumberInput
          label="Uses"
          min={1}
          max={1000}
          allowDecimal={false}
          value={draft.uses ?? ''}
          error={errors.uses}
          onChange={(uses) => {
            set({ uses: typeof uses === 'number' ? uses : undefined });
          }}
        />
      </div>
      <LifetimeField
        value={draft.lifetime}
        error={errors.minutes}
        onChange={(lifetime) => {
          set({ lifetime });
        }}
      />
      {problem !== undefined && told === undefined && <ProblemNote problem={problem} />}
      <div className={styles.end}>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={pending} disabled={locked}>
          Make the challenge
        </Button>
      </div>
    </form>
  );
}

function LifetimeField({ value, error, onChange }: { readonly value: ChallengeDraft['lifetime']; readonly error: string | undefined; readonly onChange: (value: ChallengeDraft['lifetime']) => void }): ReactNode {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <div id={id} className={styles.groupLabel}>
        Valid for
      </div>
      <div className={styles.lifetime}>
        <SegmentedControl
          aria-label="Valid for"
          size="xs"
          value={value.preset}
          data={PRESETS.map(({ value: preset, label }) => ({ value: preset, label }))}
          onChange={(preset) => {
            const known = PRESETS.find((each) => each.value === preset);
            if (known !== undefined) onChange({ ...value, preset: known.value });
          }}
        />
        {value.preset === 'custom' && (
          <>
            <NumberInput
              aria-label="How many"
              w={88}
              size="xs"
              min={1}
              allowDecimal={false}
              value={value.amount ?? ''}
              onChange={(amount) => {
                onChange({ ...value, amount: typeof amount === 'number' ? amount : undefined });
              }}
            />
            <NativeSelect
              aria-label="Hours or days"
              size="xs"
              w={90}
              value={value.unit}
              data={['hours', 'days']}
              onChange={(event) => {
                onChange({ ...value, unit: event.currentTarget.value === 'days' ? 'days' : 'hours' });
              }}
            />
          </>
        )}
      </div>
      {error !== undefined && (
        <p role="alert" className={styles.fieldError}>
          {error}
        </p>
      )}
    </div>
  );
}
