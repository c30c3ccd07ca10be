/** One of few, each with the sentence that says what it means. */
import { Radio } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './endpoints.module.css';

export interface ChoicesProps<Value extends string> {
  readonly label: string;
  /** The section's heading says it already. */
  readonly hideLabel?: boolean;
  readonly choices: readonly { readonly value: Value; readonly label: string; readonly text: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

export const Choices = <Value extends string>({ label, hideLabel = false, choices, value, onChange }: ChoicesProps<Value>): ReactNode => (
  <Radio.Group
    {...(hideLabel ? { 'aria-label': label } : { label })}
    value={value}
    onChange={(chosen) => {
      const known = choices.find((choice) => choice.value === chosen);
      if (known !== undefined) onChange(known.value);
    }}
  >
    <div className={styles.choices}>
      {choices.map((choice) => (
        <Radio key={choice.value} value={choice.value} label={choice.label} description={choice.text} />
      ))}
    </div>
  </Radio.Group>
);
