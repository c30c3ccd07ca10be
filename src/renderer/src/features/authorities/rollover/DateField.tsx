/** A moment to choose, shown in the admin's own time; UTC on hover and to assistive technology. */
import { TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { fromField, sayUtc, toField } from './dates.ts';

export interface DateFieldProps {
  readonly label: string;
  readonly description: ReactNode;
  /** UTC; undefined while what was typed is no moment. */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly error?: string | undefined;
}

export function DateField({ label, description, value, onChange, error }: DateFieldProps): ReactNode {
  // What is half typed is no moment yet, and must not be taken out of the field.
  const [typed, setTyped] = useState<string>();
  const shown = typed !== undefined && fromField(typed) === value ? typed : value === undefined ? (typed ?? '') : toField(value);
  return (
    <TextInput
      type="datetime-local"
      label={label}
      description={description}
      maw={300}
      required
      withAsterisk={false}
      value={shown}
      title={value === undefined ? 'Not a moment yet' : sayUtc(value)}
      error={error ?? (value === undefined ? 'Choose a day and a time.' : undefined)}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        onChange(fromField(text));
      }}
    />
  );
}
