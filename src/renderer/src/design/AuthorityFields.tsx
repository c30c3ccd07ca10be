/** The fields that describe an authority to be: its name, its key with what each costs, how long it lasts, and where the SCEP key is. */
import { NumberInput, Radio, Switch, TextInput } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import styles from './AuthorityFields.module.css';
import { type AuthorityDraft, type DraftErrors, KEYS, type KeyAlgorithm, isEc } from './authorityDraft.ts';

export interface AuthorityFieldsProps {
  readonly value: AuthorityDraft;
  readonly onChange: (value: AuthorityDraft) => void;
  /** From `findDraftErrors`, once they should be seen. */
  readonly errors?: DraftErrors;
  /** An example of a name: `Example Office CA`. */
  readonly example?: string;
  /** False where another CA decides how long it lasts. */
  readonly withYears?: boolean;
  /** False for a root that only signs the authority beneath it, and so never opens an envelope. */
  readonly withMode?: boolean;
}

export function AuthorityFields({ value, onChange, errors = {}, example = 'Example Office CA', withYears = true, withMode = true }: AuthorityFieldsProps): ReactNode {
  const set = (change: Partial<AuthorityDraft>): void => {
    onChange({ ...value, ...change });
  };
  return (
    <div className={styles.fields}>
      <TextInput
        label="Name"
        description="Stands in every certificate it issues. It cannot be changed later."
        placeholder={example}
        required
        maxLength={64}
        value={value.commonName}
        error={errors.commonName}
        onChange={(event) => {
          set({ commonName: event.currentTarget.value });
        }}
      />
      <div className={styles.pair}>
        <TextInput
          label="Organization"
          placeholder="Optional"
          maxLength={64}
          autoComplete="organization"
          value={value.organization}
          error={errors.organization}
          onChange={(event) => {
            set({ organization: event.currentTarget.value });
          }}
        />
        <TextInput
          label="Country"
          placeholder="DE"
          maxLength={2}
          autoComplete="country"
          value={value.country}
          error={errors.country}
          onChange={(event) => {
            set({ country: event.currentTarget.value.toUpperCase() });
          }}
        />
      </div>
      <KeyChoice
        value={value.key}
        onChange={(key) => {
          set({ key });
        }}
      />
      {withYears && (
        <NumberInput
          label="Valid for"
          description="It issues nothing that outlasts it. Ten years outlive most devices."
          suffix=" years"
          min={1}
          max={30}
          allowDecimal={false}
          maw={220}
          value={value.years ?? ''}
          error={errors.years}
          onChange={(years) => {
            set({ years: typeof years === 'number' ? years : undefined });
          }}
        />
      )}
      {withMode && (
        <Switch
          label="A separate key for SCEP"
          description={
            isEc(value.key)
              ? 'An EC key cannot open the envelopes that devices send, so an RSA key is made beside it. It renews itself.'
              : 'Off: one key signs certificates and opens what devices send, which every client understands. On: the authority’s key only signs, and a second RSA key, which renews itself, opens the envelopes.'
          }
          checked={value.split || isEc(value.key)}
          disabled={isEc(value.key)}
          onChange={(event) => {
            set({ split: event.currentTarget.checked });
          }}
        />
      )}
    </div>
  );
}

/** Every kind of key with a sentence on what it is good for. */
function KeyChoice({ value, onChange }: { readonly value: KeyAlgorithm; readonly onChange: (key: KeyAlgorithm) => void }): ReactNode {
  const name = useId();
  return (
    <Radio.Group
      label="Key"
      name={name}
      value={value}
      onChange={(chosen) => {
        const known = KEYS.find(({ key }) => key === chosen);
        if (known !== undefined) onChange(known.key);
      }}
    >
      <div className={styles.keys}>
        {KEYS.map(({ key, name: label, text }) => (
          <Radio key={key} value={key} label={label} description={text} />
        ))}
      </div>
    </Radio.Group>
  );
}
