/** What every step has: its question as the page's heading, a sentence on why it is asked, its answer, and the way on. */
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
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
  const form = useRef<HTMLFormElement>(null);
  const [sent, setSent] = useState(0);
  useEffect(() => {
    document.title = `${title} · Countersign`;
    // The step that had the focus is gone.
    heading.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [title]);
  useEffect(() => {
    // What cannot be sent as it stands is shown at its field.
    if (sent > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [sent]);
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
          ref={form}
          noValidate
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            onSubmit();
            setSent(sent + 1);
          }}
        >
          {body}
        </form>
      )}
    </>
  );
}
