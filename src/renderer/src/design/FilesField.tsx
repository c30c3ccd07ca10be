/** Files from the admin's machine, chosen or dropped: a certificate, a chain, a key. They stay in memory until they are sent. */
import { Button, CloseButton, FileButton } from '@mantine/core';
import { type DragEvent, type ReactNode, useId, useState } from 'react';
import styles from './FilesField.module.css';
import { Icon } from './Icon.tsx';

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
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<string>();
  const labelId = useId();
  const hintId = useId();

  const add = async (files: readonly File[]): Promise<void> => {
    const fitting = files.filter(({ size }) => size <= MOST_BYTES);
    const refused = files.find(({ size }) => size > MOST_BYTES);
    setProblem(refused === undefined ? undefined : `${refused.name} is too large to be a certificate or a key.`);
    const read = await Promise.all(fitting.map(async (file) => ({ name: file.name, base64: base64OfBytes(new Uint8Array(await file.arrayBuffer())) })));
    onChange([...value.filter(({ name }) => !read.some((file) => file.name === name)), ...read].slice(0, most));
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void add([...event.dataTransfer.files]);
  };
  return (
    <div role="group" aria-labelledby={labelId} aria-describedby={hintId}>
      <div id={labelId} className={styles.label}>
        {label}
      </div>
      <div
        role="presentation"
        className={styles.drop}
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
      </div>
      {value.length > 0 && (
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
      )}
      {problem !== undefined && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  );
}

/** In slices: a call with a megabyte of arguments overflows the stack. */
function base64OfBytes(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}
