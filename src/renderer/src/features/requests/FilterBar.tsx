/** Which requests are listed: by state and by words. */
import { NativeSelect } from '@mantine/core';
import { type ReactNode, memo } from 'react';
import { SearchField } from '../../actions/SearchField.tsx';
import type { QueueFilter } from './queue.ts';
import styles from './requests.module.css';

const STATES: readonly { readonly value: QueueFilter; readonly label: string }[] = [
  { value: 'pending', label: 'Waiting' },
  { value: 'approved', label: 'Approved' },
  { value: 'issued', label: 'Issued' },
  { value: 'refused', label: 'Refused' },
  { value: 'expired', label: 'Lapsed' },
  { value: 'superseded', label: 'Superseded' },
  { value: 'all', label: 'All' },
];

export interface FilterBarProps {
  readonly filter: QueueFilter;
  readonly query: string;
  readonly onFilter: (filter: QueueFilter) => void;
  readonly onQuery: (query: string) => void;
}

/** Not drawn again when the list beneath it grows. */
export const FilterBar = memo(function FilterBar({ filter, query, onFilter, onQuery }: FilterBarProps): ReactNode {
  return (
    <div className={styles.filters}>
      <SearchField label="Search the requests" placeholder="Name, address, transaction …" value={query} onChange={onQuery} />
      <NativeSelect
        aria-label="State of the requests"
        data={STATES}
        value={filter}
        onChange={(event) => {
          onFilter(event.currentTarget.value as QueueFilter);
        }}
      />
    </div>
  );
});
