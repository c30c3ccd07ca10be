/** By words, outcome, kind, actor and day. */
import { NativeSelect, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { SearchField } from '../../actions/SearchField.tsx';
import { FilterChips } from '../../design/FilterChips.tsx';
import { OUTCOME } from '../../design/tones.ts';
import { actorsToChoose, sayActor } from '../../design/actors.ts';
import styles from './audit.module.css';
import { type AuditFilter, GROUPS, OUTCOMES } from './filter.ts';

const CHIPS = OUTCOMES.map((value) => ({ value, label: value === 'all' ? 'All' : OUTCOME[value].word }));

export interface FiltersProps {
  readonly filter: AuditFilter;
  /** Actors of the entries in sight. */
  readonly seen: readonly string[];
  readonly onChange: (change: Partial<AuditFilter>) => void;
}

export const Filters = ({ filter, seen, onChange }: FiltersProps): ReactNode => (
  <div className={styles.filters}>
    <div className={styles.search}>
      <SearchField
        label="Search the audit log"
        placeholder="Name, serial, id, code …"
        value={filter.query}
        onChange={(query) => {
          onChange({ query });
        }}
      />
    </div>
    <NativeSelect
      aria-label="What it is about"
      className={styles.about ?? ''}
      data={[{ value: '', label: 'Everything' }, ...Object.entries(GROUPS).map(([value, label]) => ({ value, label }))]}
      value={filter.group}
      onChange={(event) => {
        onChange({ group: event.currentTarget.value });
      }}
    />
    <NativeSelect
      aria-label="Who did it"
      className={styles.actor ?? ''}
      data={[{ value: '', label: 'Anyone' }, ...actorsToChoose(seen, filter.actor).map((value) => ({ value, label: sayActor(value) }))]}
      value={filter.actor}
      onChange={(event) => {
        onChange({ actor: event.currentTarget.value });
      }}
    />
    <div className={styles.days}>
      <Day
        label="From"
        value={filter.since}
        onChange={(since) => {
          onChange({ since });
        }}
      />
      <Day
        label="To"
        value={filter.until}
        onChange={(until) => {
          onChange({ until });
        }}
      />
    </div>
    <FilterChips
      label="Outcome"
      chips={CHIPS}
      value={filter.outcome}
      onChange={(outcome) => {
        onChange({ outcome });
      }}
    />
  </div>
);

/** The browser tells a half-typed date as an empty one; the field keeps what was typed. */
const Day = ({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (day: string) => void }): ReactNode => (
  <TextInput
    type="date"
    label={label}
    classNames={{ root: styles.day ?? '', label: styles.dayLabel ?? '' }}
    value={value}
    onChange={(event) => {
      onChange(event.currentTarget.value);
    }}
  />
);
