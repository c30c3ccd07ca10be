/** Files from the admin's machine, chosen or dropped: a certificate, a chain, a key. They stay in memory until they are sent. */
import { Button, CloseButton, FileButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { CallError } from '../bridge/react.tsx';
import { DropZone } from './DropZone.tsx';
import styles from './FilesField.module.css';
import { Icon } from './Icon.tsx';
import { readBase64 } from './readFile.ts';

export interface ChosenFile {
  readonly name: string;
  readonly base64: string;
}

export interface FilesFieldProps {
  readonly label: string;
  /** What may be in them. */
  readonly hint: string;
  /** `.pem,.p12` */
  readonly accept: string;
  readonly value: readonly ChosenFile[];
  readonly onChange: (value: readonly ChosenFile[]) => void;
  readonly most?: number;
}

/** No certificate, chain or key file comes near it; a video dropped by mistake does. */
const MOST_BYTES = 1_000_000;

export function FilesField({ label, hint, accept, value, onChange, most = 10 }: FilesFieldProps): ReactNode {
  const [problem, setProblem] = useState<string>();

  const add = async (files: readonly File[]): Promise<void> => {
    const fitting = files.filter(({ size }) => size <= MOST_BYTES);
    const refused = files.find(({ size }) => size > MOST_BYTES);
    setProblem(refused === undefined ? undefined : `${refused.name} is too large to be a certificate or a key.`);
    const read: ChosenFile[] = [];
    for (const file of fitting) {
      try {
        read.push({ name: file.name, base64: await readBase64(file) });
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        setProblem(error.problem.message);
      }
    }
    onChange([...value.filter(({ name }) => !read.some((file) => file.name === name)), ...read].slice(0, most));
  };
  return (
    <DropZone
      label={label}
      problem={problem}
      onDrop={({ files }) => void add([...files])}
      chosen={
        value.length > 0 && (
          <ul className={styles.files}>
            {value.map(({ name }) => (
              <li key={name}>
                <Icon name="check" />
                <span className="truncate" title={name}>
                  {name}
                </span>
                <CloseButton
                  size="sm"
                  aria-label={`Take ${name} out again`}
                  onClick={() => {
                    onChange(value.filter((file) => file.name !== name));
                  }}
                />
              </li>
            ))}
          </ul>
        )
      }
    >
      {(hintId) => (
        <>
          <FileButton multiple accept={accept} onChange={(files) => void add(files)}>
            {(props) => (
              <Button variant="default" size="xs" {...props}>
                Choose files
              </Button>
            )}
          </FileButton>
          <span id={hintId} className="muted">
            or drop them here. {hint}
          </span>
        </>
      )}
    </DropZone>
  );
}
