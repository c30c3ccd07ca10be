/** What every step has: its question as the page's heading, a sentence on why it is asked, its answer, and the way on. */
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import styles from './welcome.module.css';

export interface StepFrameProps {
  readonly title: string;
  readonly lead: ReactNode;
  readonly children: ReactNode;
  /** The buttons: the way on first. */
  readonly foot?: ReactNode;
  /** With it the step is a form, which Enter sends. */
  readonly onSubmit?: () => void;
}

export function StepFrame({ title, lead, children, foot, onSubmit }: StepFrameProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Countersign`;
    // The step that had the focus is gone.
    heading.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [title]);
  const body = (
    <>
      <div className={styles.stepBody}>{children}</div>
      {foot !== undefined && <div className={styles.foot}>{foot}</div>}
    </>
  );
  return (
    <>
      <header className={styles.head}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p>{lead}</p>
      </header>
      {onSubmit === undefined ? (
        body
      ) : (
        <form
          noValidate
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {body}
        </form>
      )}
    </>
  );
}
