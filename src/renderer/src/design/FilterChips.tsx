/** One choice of few that narrows a list, all of them in sight: `All  Valid  Revoked`. Radio buttons to the keyboard and to assistive technology. */
import { type ReactNode, useId } from 'react';
import styles from './FilterChips.module.css';

export interface FilterChip<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** How many it would leave, where that is known. */
  readonly count?: number | undefined;
}

export interface FilterChipsProps<Value extends string> {
  /** What is chosen: `State of the certificates`. */
  readonly label: string;
  readonly chips: readonly FilterChip<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

export function FilterChips<Value extends string>({ label, chips, value, onChange }: FilterChipsProps<Value>): ReactNode {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className={styles.chips}>
      {chips.map((chip) => (
        <label key={chip.value} className={styles.chip}>
          <input
            type="radio"
            className={styles.input}
            name={name}
            value={chip.value}
            checked={chip.value === value}
            onChange={() => {
              onChange(chip.value);
            }}
          />
          {chip.label}
          {chip.count !== undefined && <span className={styles.count}>{chip.count.toLocaleString('en')}</span>}
        </label>
      ))}
    </div>
  );
}
