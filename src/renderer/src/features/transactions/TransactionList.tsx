/** The log, newest first. */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useMemo } from 'react';
import { perform } from '../../actions/registry.ts';
import { SearchField } from '../../actions/SearchField.tsx';
import { announce } from '../../design/announce.tsx';
import { DataTable } from '../../design/DataTable.tsx';
import { FilterChips } from '../../design/FilterChips.tsx';
import { Icon } from '../../design/Icon.tsx';
import { PageHeader } from '../../design/Page.tsx';
import { OUTCOME } from '../../design/tones.ts';
import { navigate, pathTo, usePlace } from '../../routing/path.ts';
import { columnsOf } from './columns.tsx';
import { OUTCOMES, type Shown, type TransactionFilter, paramsOf, readFilter } from './filter.ts';
import { NoTransactions } from './NoTransactions.tsx';
import styles from './transactions.module.css';
import { useLog } from './useLog.ts';

const CHIPS = OUTCOMES.map((value: Shown) => ({ value, label: value === 'all' ? 'All' : OUTCOME[value].word }));

export interface TransactionListProps {
  readonly openId: number | undefined;
  /** There is room for half of the columns. */
  readonly compact: boolean;
}

export function TransactionList({ openId, compact }: TransactionListProps): ReactNode {
  const filter = readFilter(usePlace().params);
  const log = useLog(filter);
  const columns = useMemo(() => columnsOf(compact), [compact]);
  const { fresh, showFresh } = log;
  useEffect(() => {
    if (fresh > 0) announce(fresh === 1 ? 'One new message' : `${fresh} new messages`);
  }, [fresh]);
  const set = (change: Partial<TransactionFilter>): void => {
    navigate(pathTo(openId === undefined ? ['transactions'] : ['transactions', String(openId)], paramsOf({ ...filter, ...change })), { replace: true });
  };
  return (
    <div className={styles.list}>
      <PageHeader
        title="Transactions"
        subtitle="Every message of a device and its answer, in plain words."
        actions={
          <Button
            variant="default"
            leftSection={<Icon name="eye" />}
            onClick={() => {
              navigate('/transactions/inspect');
            }}
          >
            Inspect a message
          </Button>
        }
      />
      <div className={styles.tools}>
        <SearchField
          label="Search the transactions"
          placeholder="Address, transaction, code …"
          value={filter.query}
          onChange={(query) => {
            set({ query });
          }}
        />
        <FilterChips
          label="Outcome"
          chips={CHIPS}
          value={filter.outcome}
          onChange={(outcome) => {
            set({ outcome });
          }}
        />
      </div>
      {fresh > 0 && (
        <button
          type="button"
          className={styles.fresh}
          onClick={(event) => {
            showFresh();
            // The button is about to go; the focus goes to the rows that it brings.
            const grid = event.currentTarget.parentElement?.querySelector<HTMLElement>('[role=grid]');
            grid?.scrollTo({ top: 0 });
            grid?.focus();
          }}
        >
          <Icon name="refresh" size={14} />
          {log.overflow ? `${fresh} or more` : fresh} new
        </button>
      )}
      <div className={styles.table}>
        <DataTable
          label="Transactions"
          noun={['message', 'messages']}
          columns={columns}
          pages={log}
          openId={openId}
          rowHeight={52}
          onOpen={({ id }) => {
            navigate(pathTo(['transactions', String(id)], paramsOf(filter)), { replace: openId !== undefined });
          }}
          empty={
            <NoTransactions
              filter={filter}
              onClear={() => {
                navigate('/transactions');
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
