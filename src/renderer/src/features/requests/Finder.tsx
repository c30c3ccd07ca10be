/** The matcher over the whole queue: whatever a device printed, and the request that it belongs to. */
import { TextInput } from '@mantine/core';
import { type ReactNode, memo, useRef, useState } from 'react';
import { useAction } from '../../actions/registry.ts';
import { useVerb } from '../../bridge/react.tsx';
import { deviceName } from '../../design/deviceName.ts';
import { announce } from '../../design/announce.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { Link } from '../../routing/Link.tsx';
import { pathTo } from '../../routing/path.ts';
import styles from './requests.module.css';

/** Not drawn again when the list beneath it grows. */
export const Finder = memo(function Finder({ onMatch }: { readonly onMatch: (id: string) => void }): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const match = useVerb('requests.match', {
    touches: ['requests.get'],
    onDone: (result) => {
      announce(result.text);
      if (result.outcome === 'match' && result.request !== null) {
        setText('');
        onMatch(result.request.id);
      }
    },
  });
  useAction('requests.match', () => {
    input.current?.focus();
  });
  const compare = (given: string): void => {
    if (given.trim() !== '') match.mutate({ text: given });
  };
  const set = (given: string): void => {
    setText(given);
    match.reset();
  };
  const nearest = match.data?.outcome === 'mismatch' ? match.data.request : null;
  return (
    <form
      role="search"
      aria-label="Find by fingerprint"
      onSubmit={(event) => {
        event.preventDefault();
        compare(text);
      }}
    >
      <TextInput
        ref={input}
        aria-label="Find the request by the fingerprint that the device shows"
        placeholder="Paste the device’s fingerprint"
        leftSection={<Icon name="match" />}
        value={text}
        autoComplete="off"
        spellCheck={false}
        maxLength={10_000}
        classNames={{ input: styles.matchInput }}
        onChange={(event) => {
          set(event.currentTarget.value);
        }}
        onPaste={(event) => {
          // What is pasted is whole: no Enter is needed. A scanner types, and ends with Enter by itself.
          event.preventDefault();
          const given = event.clipboardData.getData('text');
          set(given);
          compare(given);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          set('');
          input.current?.blur();
        }}
      />
      {match.error !== null && <ProblemNote problem={match.error.problem} />}
      {match.data !== undefined && match.data.outcome !== 'match' && (
        <div className={styles.findNote}>
          <Note tone={match.data.outcome === 'mismatch' ? 'danger' : 'warning'} role="alert" title={match.data.outcome === 'mismatch' ? 'No request has this fingerprint' : 'Not a fingerprint'}>
            {match.data.outcome === 'unreadable' ? (
              match.data.text
            ) : nearest === null ? (
              'If a device shows it, its request has not arrived here, or is not waiting any more.'
            ) : (
              <>
                The nearest is <Link to={pathTo(['requests', nearest.id])}>{deviceName(nearest)}</Link>: {match.data.text}
              </>
            )}
          </Note>
        </div>
      )}
    </form>
  );
});
