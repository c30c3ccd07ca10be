/** One file from the admin's machine or from a stick, chosen or dropped. It is not read here: whoever takes it reads it when it is sent. */
import { Button, FileButton } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { DropZone } from './DropZone.tsx';
import styles from './FileDrop.module.css';
import { Icon } from './Icon.tsx';
import { saySize } from './size.ts';

export interface FileDropProps {
  readonly label: string;
  /** Which file is meant. */
  readonly hint: ReactNode;
  /** `.backup` */
  readonly accept?: string;
  /** What was chosen; its name stands there until another one is. */
  readonly value: File | undefined;
  readonly onChange: (file: File) => void;
  /** Bytes; what is larger is no such file. */
  readonly most: number;
  readonly busy?: boolean;
}

export function FileDrop({ label, hint, accept, value, onChange, most, busy = false }: FileDropProps): ReactNode {
  const [problem, setProblem] = useState<string>();
  const reset = useRef<() => void>(null);
  const take = (files: readonly File[]): void => {
    const [file, another] = files;
    if (file === undefined || busy) return;
    const wrong =
      another !== undefined
        ? 'That is more than one file: drop the one that is meant.'
        : file.size > most
          ? `${file.name} has ${saySize(file.size)}. At most ${saySize(most)} are taken here.`
          : file.size === 0
            ? `${file.name} is empty. It may not have been written to its end: write it again.`
            : undefined;
    setProblem(wrong);
    if (wrong === undefined) onChange(file);
  };
  return (
    <DropZone
      label={label}
      problem={problem}
      onDrop={({ files }) => {
        take([...files]);
      }}
    >
      {(hintId) => (
        <>
          <FileButton
            {...(accept === undefined ? {} : { accept })}
            resetRef={reset}
            onChange={(file) => {
              // The same file may be chosen again, after it was written anew.
              reset.current?.();
              take(file === null ? [] : [file]);
            }}
          >
            {(props) => (
              <Button variant="default" size="xs" loading={busy} {...props}>
                {value === undefined ? 'Choose the file' : 'Choose another file'}
              </Button>
            )}
          </FileButton>
          {value === undefined ? (
            <span id={hintId} className="muted">
              or drop it here. {hint}
            </span>
          ) : (
            <span id={hintId} className={styles.chosen}>
              <Icon name="check" />
              <span className="truncate" title={value.name}>
                {value.name}
              </span>
              <span className="muted">{saySize(value.size)}</span>
            </span>
          )}
        </>
      )}
    </DropZone>
  );
}
