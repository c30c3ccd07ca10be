/** The filter of a list: `/` goes there, Escape clears it. What is typed is asked for after a short rest. */
import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type ReactNode, useRef, useState } from 'react';
import { useAction } from './registry.ts';
import { Icon } from '../design/Icon.tsx';

export interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const REST_MS = 160;

export function SearchField({ label, placeholder, value, onChange }: SearchFieldProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const tell = useDebouncedCallback(onChange, REST_MS);
  // What differs from what was typed was changed from elsewhere: a link, "clear the filter", the browser's way back.
  if (value !== seen) {
    setSeen(value);
    if (value !== text.trim()) setText(value);
  }
  const set = (next: string): void => {
    setText(next);
    tell(next.trim());
  };
  useAction('app.search', () => {
    input.current?.focus();
    input.current?.select();
  });
  return (
    <TextInput
      ref={input}
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={text}
      leftSection={<Icon name="search" />}
      rightSection={
        text === '' ? (
          <Kbd size="xs" aria-hidden="true">
            /
          </Kbd>
        ) : (
          <CloseButton
            size="sm"
            aria-label="Clear the search"
            onClick={() => {
              set('');
            }}
          />
        )
      }
      onChange={(event) => {
        set(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        if (text !== '') set('');
        else input.current?.blur();
      }}
      maxLength={300}
    />
  );
}
