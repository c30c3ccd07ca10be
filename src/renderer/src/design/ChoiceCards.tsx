/** A choice between a few things that each need a sentence or two: radio buttons drawn as cards. */
import { type ReactNode, useId } from 'react';
import { Radio } from '@mantine/core';
import { Icon, type IconName } from './Icon.tsx';
import styles from './ChoiceCards.module.css';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly title: string;
  readonly text: ReactNode;
  /** What it costs, or who it is for; quieter. */
  readonly aside?: ReactNode;
  readonly icon?: IconName;
  /** A word beside the title: `Recommended`. */
  readonly tag?: string | undefined;
  readonly disabled?: boolean;
}

export interface ChoiceCardsProps<Value extends string> {
  /** The question, for ears; for eyes it stands above. */
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
}

export function ChoiceCards<Value extends string>({ label, hideLabel = false, choices, value, onChange }: ChoiceCardsProps<Value>): ReactNode {
  const labelId = useId();
  const name = useId();
  return (
    <div role="radiogroup" aria-labelledby={labelId}>
      <div id={labelId} className={hideLabel ? 'sr-only' : styles.label}>
        {label}
      </div>
      <div className={styles.cards}>
        {choices.map((choice) => (
          <ChoiceCard
            key={choice.value}
            choice={choice}
            name={name}
            checked={choice.value === value}
            onChoose={() => {
              onChange(choice.value);
            }}
          />
        ))}
      </div>
    </div>
  );
}

function ChoiceCard<Value extends string>({ choice, name, checked, onChoose }: { readonly choice: Choice<Value>; readonly name: string; readonly checked: boolean; readonly onChoose: () => void }): ReactNode {
  const id = useId();
  const { value, title, text, aside, icon, tag, disabled = false } = choice;
  return (
    <label className={styles.card} htmlFor={id} data-checked={checked} data-disabled={disabled}>
      <Radio id={id} name={name} value={value} checked={checked} disabled={disabled} aria-label={title} aria-describedby={`${id}-text`} onChange={onChoose} className={styles.radio} />
      <span className={styles.words}>
        <span className={styles.title}>
          {title}
          {tag !== undefined && <span className={styles.tag}>{tag}</span>}
        </span>
        <span id={`${id}-text`}>
          <span className={styles.text}>{text}</span>
          {aside !== undefined && <span className={styles.aside}>{aside}</span>}
        </span>
      </span>
      {icon !== undefined && (
        <span className={styles.icon}>
          <Icon name={icon} size={20} />
        </span>
      )}
    </label>
  );
}
