/** The list: searched, narrowed, as long as it likes. What it is narrowed by stands in the address. */
import { NativeSelect } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, type Ref } from 'react';
import { perform } from '../../actions/registry.ts';
import { SearchField } from '../../actions/SearchField.tsx';
import { usePages } from '../../bridge/pages.ts';
import { useChannel } from '../../bridge/react.tsx';
import { DataTable } from '../../design/DataTable.tsx';
import { FilterChips } from '../../design/FilterChips.tsx';
import { PageHeader } from '../../design/Page.tsx';
import { navigate, pathTo, usePlace } from '../../routing/path.ts';
import styles from './certificates.module.css';
import { columnsOf } from './columns.tsx';
import { type CertificateFilter, type Kind, type Show, inputOf, isNarrowed, paramsOf, readFilter } from './filter.ts';
import { NoCertificates } from './NoCertificates.tsx';

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

export function CertificateList({ ref }: { readonly ref: Ref<HTMLDivElement> }): ReactNode {
  const filter = readFilter(usePlace().params);
  const narrow = useMediaQuery('(width <= 900px)', undefined, { getInitialValueInEffect: false });
  const pages = usePages('certificates.list', inputOf(filter));
  const endpoints = useChannel('endpoints.list', { limit: 500 });
  const paths = new Map(endpoints.data?.items.map(({ id, path }) => [id, path]));
  const set = (change: Partial<CertificateFilter>): void => {
    navigate(pathTo(['certificates'], paramsOf({ ...filter, ...change })), { replace: true });
  };
  return (
    <div className={styles.list} ref={ref}>
      <PageHeader title="Certificates" subtitle="What this CA has issued, and where each certificate stands." />
      <div className={styles.tools}>
        <SearchField
          label="Search the certificates"
          placeholder="Name, serial, fingerprint, endpoint …"
          value={filter.query}
          onChange={(query) => {
            set({ query });
          }}
        />
        <NativeSelect
          aria-label="Kind of certificate"
          data={KIND_LABELS}
          value={filter.kind}
          onChange={(event) => {
            set({ kind: event.currentTarget.value as Kind });
          }}
        />
        <NativeSelect
          aria-label="Endpoint"
          data={[{ value: '', label: 'Any endpoint' }, ...[...paths].map(([value, label]) => ({ value, label }))]}
          value={filter.endpoint}
          onChange={(event) => {
            set({ endpoint: event.currentTarget.value });
          }}
        />
      </div>
      <div className={styles.chips}>
        <FilterChips
          label="State of the certificates"
          chips={CHIPS}
          value={filter.show}
          onChange={(show) => {
            set({ show });
          }}
        />
      </div>
      <div className={styles.table}>
        <DataTable
          label="Certificates"
          noun={['certificate', 'certificates']}
          columns={columnsOf(narrow === true, paths)}
          pages={pages}
          keyOf={({ id }) => id}
          rowHeight={52}
          onOpen={({ id }) => {
            navigate(pathTo(['certificates', id], paramsOf(filter)));
          }}
          empty={
            <NoCertificates
              filter={filter}
              narrowed={isNarrowed(filter)}
              onClear={() => {
                navigate('/certificates');
                // The button goes with the emptiness; the focus goes on to where the next search is typed.
                perform('app.search');
              }}
            />
          }
        />
      </div>
    </div>
  );
}
