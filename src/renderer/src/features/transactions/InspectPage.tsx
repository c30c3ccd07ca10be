/** A message that was captured somewhere (Wireshark, a device's log), read without any key. Nothing of it is kept. */
import { Button, Textarea } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { type ChosenFile, FilesField } from '../../design/FilesField.tsx';
import { Icon } from '../../design/Icon.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import { PageHeader } from '../../design/Page.tsx';
import { Link } from '../../routing/Link.tsx';
import type { Path } from '../../routing/path.ts';
import { captureOfText } from './capture.ts';
import { Findings } from './Findings.tsx';
import styles from './transactions.module.css';

export function InspectPage({ backTo }: { readonly backTo: Path }): ReactNode {
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const [text, setText] = useState('');
  const root = useRef<HTMLDivElement>(null);
  const inspect = useVerb('diagnostics.inspect', {
    onDone: () => {
      announce('The message was read');
    },
  });
  useEffect(() => {
    root.current?.focus();
  }, []);
  const choose = (chosen: readonly ChosenFile[]): void => {
    // One at a time: the latest.
    const latest = chosen.at(-1);
    setFiles(latest === undefined ? [] : [latest]);
    if (latest === undefined) inspect.reset();
    else inspect.mutate({ base64: latest.base64 });
  };
  return (
    <div ref={root} className={styles.inspect} tabIndex={-1}>
      <div className={styles.inspectInner}>
        <Link to={backTo} className={styles.back ?? ''}>
          <Icon name="left" size={14} />
          Transactions
        </Link>
        <PageHeader title="Inspect a message" subtitle="What a captured SCEP message says. No key is used, so what is encrypted stays closed; nothing is kept." />
        <div className={styles.inspectBody}>
          <FilesField label="A file with the message" hint="The body of a POST, an HTTP request, or the text of a GET." accept="" value={files} onChange={choose} />
          <form
            className={styles.paste}
            onSubmit={(event) => {
              event.preventDefault();
              if (text.trim() === '') return;
              setFiles([]);
              inspect.mutate({ base64: captureOfText(text) });
            }}
          >
            <Textarea
              label="Or paste it"
              description="Base64, PEM, or the address of a GET with its message."
              rows={6}
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value);
              }}
              classNames={{ input: styles.pasted ?? '' }}
              spellCheck={false}
              autoComplete="off"
            />
            <Button type="submit" disabled={text.trim() === ''} loading={inspect.isPending}>
              Read it
            </Button>
          </form>
          {inspect.error !== null && <ProblemNote problem={inspect.error.problem} />}
          {inspect.data !== undefined && <Findings found={inspect.data} />}
        </div>
      </div>
    </div>
  );
}
