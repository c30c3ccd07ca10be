/** The two kinds of fields that settings are made of, with their words on the left and their value on the right. */
import { NumberInput, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './settings.module.css';

/** Words, value and error of a field in one row. */
export const ROW = { root: styles.row ?? '', label: styles.rowLabel ?? '', description: styles.rowText ?? '', wrapper: styles.rowInput ?? '', error: styles.rowError ?? '' };

export interface NumberFieldProps {
  readonly label: string;
  readonly description: string;
  /** ` days` */
  readonly suffix?: string;
  readonly least: number;
  readonly most: number;
  readonly value: number | undefined;
  readonly error: string | undefined;
  readonly onChange: (value: number | undefined) => void;
}

export const NumberField = ({ label, description, suffix = '', least, most, value, error, onChange }: NumberFieldProps): ReactNode => (
  <NumberInput
    label={label}
    description={description}
    suffix={suffix}
    min={least}
    max={most}
    clampBehavior="none"
    allowDecimal={false}
    allowNegative={false}
    thousandSeparator=" "
    hideControls
    classNames={ROW}
    value={value ?? ''}
    error={error}
    onChange={(next) => {
      onChange(typeof next === 'number' ? next : undefined);
    }}
  />
);

export interface SwitchFieldProps {
  readonly label: string;
  readonly description: ReactNode;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

export const SwitchField = ({ label, description, checked, disabled = false, onChange }: SwitchFieldProps): ReactNode => (
  <Switch
    label={label}
    description={description}
    labelPosition="left"
    classNames={{ body: styles.switchBody ?? '', labelWrapper: styles.switchWords ?? '', label: styles.choiceLabel ?? '' }}
    checked={checked}
    disabled={disabled}
    onChange={(event) => {
      onChange(event.currentTarget.checked);
    }}
  />
);
