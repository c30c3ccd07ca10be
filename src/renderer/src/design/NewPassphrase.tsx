/** Two fields for a new passphrase, with its strength in words. */
import { PasswordInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import styles from './NewPassphrase.module.css';
import { PASSPHRASE_LEAST, type TypedTwice, sayStrength } from './passphrase.ts';

export interface NewPassphraseProps {
  readonly value: TypedTwice;
  readonly onChange: (value: TypedTwice) => void;
  readonly label?: string;
  readonly autoFocus?: boolean;
  /** Characters, where more are wanted than for the vault. */
  readonly least?: number;
}

export function NewPassphrase({ value, onChange, label = 'Passphrase', autoFocus = false, least = PASSPHRASE_LEAST }: NewPassphraseProps): ReactNode {
  const [left, setLeft] = useState(false);
  const strength = sayStrength(value.first, least);
  const differs = left && value.second !== '' && value.first !== value.second;
  return (
    <div className={styles.fields}>
      <PasswordInput
        label={label}
        description={
          strength === undefined ? (
            'Four or five unrelated words are easy to keep and hard to guess.'
          ) : (
            <span className={styles.strength} data-tone={strength.tone}>
              {strength.words}
            </span>
          )
        }
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autoComplete="new-password"
        data-autofocus={autoFocus}
        value={value.first}
        onChange={(event) => {
          onChange({ ...value, first: event.currentTarget.value });
        }}
      />
      <PasswordInput
        label={`${label}, once more`}
        autoComplete="new-password"
        value={value.second}
        error={differs ? 'The two are not the same.' : undefined}
        onChange={(event) => {
          onChange({ ...value, second: event.currentTarget.value });
        }}
        onFocus={() => {
          setLeft(false);
        }}
        onBlur={() => {
          setLeft(true);
        }}
      />
    </div>
  );
}
