/** The audit log: what was decided, by whom, refusals too, and the proof that nothing of it was changed. */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { perform } from '../../actions/registry.ts';
import { callOrThrow, useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { Icon } from '../../design/Icon.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import { EmptyState, PageHeader } from '../../design/Page.tsx';
import { SaveButton } from '../../design/SaveButton.tsx';
import { base64Of } from '../../design/saveFile.ts';
import { navigate, pathTo, usePlace } from '../../routing/path.ts';
import styles from './audit.module.css';
import { type AuditFilter, isNarrowed, paramsOf, readFilter } from './filter.ts';
import { Filters } from './Filters.tsx';
import { Timeline } from './Timeline.tsx';
import { useEntries } from './useEntries.ts';
import { VerdictPanel } from './VerdictPanel.tsx';

export default function AuditPage(): ReactNode {
  const filter = readFilter(usePlace().params);
  const entries = useEntries(filter);
  const verify = useVerb('audit.verify', {
    onDone: ({ ok }) => {
      announce(ok ? 'The log is whole' : 'The log is not as it was written');
    },
  });
  const { fresh } = entries;
  useEffect(() => {
    if (fresh > 0) announce(fresh === 1 ? 'One new entry' : `${fresh} new entries`);
  }, [fresh]);
  const set = (change: Partial<AuditFilter>): void => {
    navigate(pathTo(['audit'], paramsOf({ ...filter, ...change })), { replace: true });
  };
  return (
    <div className={styles.page}>
      <PageHeader
        title="Audit log"
        subtitle="Every decision, refusals too: each entry carries the hash of the one before it, and the newest is signed. So nobody can change, remove or add one afterwards without Verify finding it."
        actions={
          <>
            <SaveButton
              files={async (bridge) => {
                const { name, mediaType, text } = await callOrThrow(bridge, 'audit.export', {});
                return [{ name, mediaType, base64: base64Of(text) }];
              }}
            >
              Export
            </SaveButton>
            <Button
              leftSection={<Icon name="authority" />}
              loading={verify.isPending}
              onClick={() => {
                verify.mutate({});
              }}
            >
              Verify
            </Button>
          </>
        }
      />
      {verify.error !== null && (
        <div className={styles.verdict}>
          <ProblemNote problem={verify.error.problem} />
        </div>
      )}
      {verify.data !== undefined && (
        <VerdictPanel
          verdict={verify.data}
          onClose={() => {
            verify.reset();
          }}
        />
      )}
      <Filters filter={filter} seen={[...new Set(entries.rows.map(({ actor }) => actor))]} onChange={set} />
      {fresh > 0 && (
        <button
          type="button"
          className={styles.fresh}
          onClick={(event) => {
            entries.showFresh();
            // The button is about to go; the focus goes to the entries that it brings.
            const list = event.currentTarget.parentElement?.querySelector<HTMLElement>('[data-entries]');
            list?.scrollTo({ top: 0 });
            list?.focus();
          }}
        >
          <Icon name="refresh" size={14} />
          {fresh} new
        </button>
      )}
      <Timeline
        entries={entries}
        empty={
          isNarrowed(filter) ? (
            <EmptyState
              icon="search"
              title="No entry matches"
              actions={
                <Button
                  variant="default"
                  onClick={() => {
                    navigate('/audit');
                    // The button goes with the emptiness; the focus goes on to where the next search is typed.
                    perform('app.search');
                  }}
                >
                  Clear the search and filters
                </Button>
              }
            >
              The log has entries, but none of this kind in this time.
            </EmptyState>
          ) : (
            <EmptyState icon="audit" title="Nothing has been decided yet">
              The first entry is written when the vault is set up.
            </EmptyState>
          )
        }
      />
    </div>
  );
}
