/** The parts that every page is made of: a head, sections, facts, and what stands there while there is nothing to show. */
import { Button, Skeleton } from '@mantine/core';
import { Fragment, type ReactNode, useEffect, useId } from 'react';
import type { CallError } from '../bridge/react.tsx';
import { Icon, type IconName } from './Icon.tsx';
import { ProblemNote } from './Note.tsx';
import styles from './parts.module.css';

export interface PageHeaderProps {
  readonly title: string;
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
}

/** The page's one h1; it names the document too. */
export function PageHeader({ title, subtitle, actions }: PageHeaderProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · Countersign`;
  }, [title]);
  return (
    <header className={styles.header}>
      <div className={styles.headerText}>
        <h1 className={styles.title}>{title}</h1>
        {subtitle !== undefined && <p className={styles.subtitle}>{subtitle}</p>}
      </div>
      {actions !== undefined && <div className={styles.headerActions}>{actions}</div>}
    </header>
  );
}

export function Section({ title, actions, children }: { readonly title: string; readonly actions?: ReactNode; readonly children: ReactNode }): ReactNode {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.sectionHead}>
        <h2 id={id} className={styles.sectionTitle}>
          {title}
        </h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Names and values. A value that is null is left out with its name. */
export const Facts = ({ items }: { readonly items: readonly (readonly [string, ReactNode])[] }): ReactNode => (
  <dl className={styles.facts}>
    {items
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
  </dl>
);

export interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  /** Why there is nothing, and what would change that. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export const EmptyState = ({ icon, title, children, actions }: EmptyStateProps): ReactNode => (
  <div className={styles.empty}>
    <div className={styles.emptyIcon}>
      <Icon name={icon} size={24} />
    </div>
    <h2 className={styles.emptyTitle}>{title}</h2>
    {children !== undefined && <div className={styles.emptyText}>{children}</div>}
    {actions !== undefined && <div className={styles.emptyActions}>{actions}</div>}
  </div>
);

/** Grey lines in the shape of what is coming. */
export const Loading = ({ lines = 4, label = 'Loading' }: { readonly lines?: number; readonly label?: string }): ReactNode => (
  <div role="status" aria-label={label}>
    {Array.from({ length: lines }, (_, index) => (
      <Skeleton key={index} height={14} mt={12} width={`${92 - ((index * 23) % 50)}%`} />
    ))}
  </div>
);

export interface AnsweredProps<T> {
  readonly query: { readonly data: T | undefined; readonly error: CallError | null; readonly refetch: () => unknown };
  readonly lines?: number;
  readonly children: (value: T) => ReactNode;
}

/** An answer, or that it is on its way, or why there is none. Old data stays while a new question fails. */
export function Answered<T>({ query, lines, children }: AnsweredProps<T>): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) {
    return (
      <ProblemNote
        problem={query.error.problem}
        actions={
          <Button variant="default" size="xs" onClick={() => void query.refetch()}>
            Try again
          </Button>
        }
      />
    );
  }
  return <Loading {...(lines === undefined ? {} : { lines })} />;
}
