/** Writes a file for the stick, and says what it carries. It may be written as often as one likes: each carries everything that is open. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import type { Bridge } from '../../bridge/bridge.ts';
import { CallError, useBridge } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { FindingList, type Findings } from '../../design/FindingList.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { type SavedFile, saveFile } from '../../design/saveFile.ts';
import { useKeptFocus } from '../../design/useKeptFocus.ts';
import styles from './courier.module.css';
import { useRefresh } from './useTake.ts';

interface Written {
  readonly file: SavedFile;
  readonly sequence: number;
  readonly findings?: Findings;
}

export interface WriteFileProps<T extends Written> {
  readonly label: string;
  readonly emphasis: boolean;
  readonly write: (bridge: Bridge) => Promise<T>;
  readonly written: T | undefined;
  readonly onWritten: (written: T) => void;
  /** What it carries, in a sentence. */
  readonly say: (written: T) => string;
  /** Where it goes. */
  readonly to: string;
}

export function WriteFile<T extends Written>({ label, emphasis, write, written, onWritten, say, to }: WriteFileProps<T>): ReactNode {
  const bridge = useBridge();
  const refresh = useRefresh();
  const button = useRef<HTMLButtonElement>(null);
  const verb = useMutation<T, CallError>({
    mutationFn: async () => {
      const made = await write(bridge);
      if (!(await saveFile(bridge, made.file))) throw new CallError({ code: 'not-saved', message: 'The file was not saved.', hint: 'Nothing is lost: write it again.' });
      return made;
    },
    gcTime: 0,
    onSuccess: (made) => {
      refresh();
      onWritten(made);
      announce(`File ${made.sequence} is written. ${say(made)}`);
    },
  });
  useKeptFocus(button, verb.isPending);
  return (
    <>
      <div className={styles.buttons}>
        <Button
          ref={button}
          variant={emphasis ? 'filled' : 'default'}
          leftSection={<Icon name="download" />}
          loading={verb.isPending}
          onClick={() => {
            verb.mutate();
          }}
        >
          {label}
        </Button>
      </div>
      {verb.error !== null && <ProblemNote problem={verb.error.problem} />}
      {written !== undefined && verb.error === null && (
        <div className={styles.result}>
          <Note tone="good" title={`File ${written.sequence} is written: carry it to ${to}`}>
            {say(written)}
          </Note>
          <FindingList findings={written.findings ?? []} />
        </div>
      )}
    </>
  );
}
