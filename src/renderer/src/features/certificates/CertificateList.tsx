/** The list: searched, narrowed, as long as it likes. What it is narrowed by stands in the address. */
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, type Ref, useMemo } from 'react';
import { perform } from '../../actions/registry.ts';
import { usePages } from '../../bridge/pages.ts';
import { useChannel } from '../../bridge/react.tsx';
import { DataTable } from '../../design/DataTable.tsx';
import { PageHeader } from '../../design/Page.tsx';
import { useStable } from '../../design/useStable.ts';
import { navigate, pathTo, usePlace } from '../../routing/path.ts';
import styles from './certificates.module.css';
import { columnsOf } from './columns.tsx';
import { type CertificateFilter, inputOf, isNarrowed, paramsOf, readFilter } from './filter.ts';
import { ListTools } from './ListTools.tsx';
import { NoCertificates } from './NoCertificates.tsx';

export function CertificateList({ ref }: { readonly ref: Ref<HTMLDivElement> }): ReactNode {
  const { params } = usePlace();
  const filter = useMemo(() => readFilter(params), [params]);
  const narrow = useMediaQuery('(width <= 900px)', undefined, { getInitialValueInEffect: false });
  const pages = usePages('certificates.list', inputOf(filter));
  const endpoints = useChannel('endpoints.list', { limit: 500 });
  const paths = useMemo(() => new Map(endpoints.data?.items.map(({ id, path }) => [id, path])), [endpoints.data]);
  const columns = useMemo(() => columnsOf(narrow === true, paths), [narrow, paths]);
  const set = useStable((change: Partial<CertificateFilter>): void => {
    navigate(pathTo(['certificates'], paramsOf({ ...filter, ...change })), { replace: true });
  });
  return (
    <div className={styles.list} ref={ref}>
      <PageHeader title="Certificates" subtitle="What this CA has issued, and where each certificate stands." />
      <ListTools filter={filter} paths={paths} onChange={set} />
      <div className={styles.table}>
        <DataTable
          label="Certificates"
          noun={['certificate', 'certificates']}
          columns={columns}
          pages={pages}
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
