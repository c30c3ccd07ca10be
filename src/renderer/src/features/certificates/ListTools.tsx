/** What narrows the list of certificates. */
import { NativeSelect } from '@mantine/core';
import { type ReactNode, memo } from 'react';
import { SearchField } from '../../actions/SearchField.tsx';
import { FilterChips } from '../../design/FilterChips.tsx';
import styles from './certificates.module.css';
import type { CertificateFilter, Kind, Show } from './filter.ts';

const SHOW_LABELS: Readonly<Record<Show, string>> = {
  all: 'All',
  valid: 'Valid',
  expiring30: 'Expiring within 30 days',
  expiring7: 'Within 7 days',
  held: 'On hold',
  revoked: 'Revoked',
  expired: 'Expired',
};

const KIND_LABELS: readonly { readonly value: Kind; readonly label: string }[] = [
  { value: 'device', label: 'Devices' },
  { value: 'authority', label: 'The CA’s own' },
  { value: 'scep', label: 'SCEP keys' },
  { value: 'every', label: 'Every kind' },
];

const CHIPS = (Object.keys(SHOW_LABELS) as Show[]).map((value) => ({ value, label: SHOW_LABELS[value] }));

export interface ListToolsProps {
  readonly filter: CertificateFilter;
  /** The endpoints' paths by their ids. */
  readonly paths: ReadonlyMap<string, string>;
  readonly onChange: (change: Partial<CertificateFilter>) => void;
}

/** Not drawn again when the list beneath it grows. */
export const ListTools = memo(function ListTools({ filter, paths, onChange }: ListToolsProps): ReactNode {
  return (
    <>
        <div className={styles.tools}>
          <SearchField
            label="Search the certificates"
            placeholder="Name, serial, fingerprint, endpoint …"
            value={filter.query}
            onChange={(query) => {
              onChange({ query });
            }}
          />
          <NativeSelect
            aria-label="Kind of certificate"
            data={KIND_LABELS}
            value={filter.kind}
            onChange={(event) => {
              onChange({ kind: event.currentTarget.value as Kind });
            }}
          />
          <NativeSelect
            aria-label="Endpoint"
            data={[{ value: '', label: 'Any endpoint' }, ...[...paths].map(([value, label]) => ({ value, label }))]}
            value={filter.endpoint}
            onChange={(event) => {
              onChange({ endpoint: event.currentTarget.value });
            }}
          />
        </div>
        <div className={styles.chips}>
          <FilterChips
            label="State of the certificates"
            chips={CHIPS}
            value={filter.show}
            onChange={(show) => {
              onChange({ show });
            }}
          />
        </div>
    </>
  );
});
