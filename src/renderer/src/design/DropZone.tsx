/** A labelled place on which files are dropped, around the buttons that choose them; what is wrong with them stands beneath. */
import { type DragEvent, type ReactNode, useId, useState } from 'react';
import styles from './DropZone.module.css';

export interface DropZoneProps {
  readonly label: string;
  readonly onDrop: (dropped: DataTransfer) => void;
  /** The buttons, and what was chosen or may be. `hintId`: for the element that says what is meant. */
  readonly children: (hintId: string) => ReactNode;
  /** Beneath the place: the list of what was chosen. */
  readonly chosen?: ReactNode;
  readonly problem?: string | undefined;
  readonly className?: string | undefined;
}

export function DropZone({ label, onDrop, children, chosen, problem, className }: DropZoneProps): ReactNode {
  const [over, setOver] = useState(false);
  const labelId = useId();
  const hintId = useId();
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    onDrop(event.dataTransfer);
  };
  return (
    <div role="group" aria-labelledby={labelId} aria-describedby={hintId}>
      <div id={labelId} className={styles.label}>
        {label}
      </div>
      <div
        role="presentation"
        className={className === undefined ? styles.drop : `${styles.drop ?? ''} ${className}`}
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => {
          setOver(false);
        }}
        onDrop={drop}
      >
        {children(hintId)}
      </div>
      {chosen}
      {problem !== undefined && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  );
}
