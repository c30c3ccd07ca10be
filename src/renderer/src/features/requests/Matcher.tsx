/**
 * Compares what the device shows with this request: the machine compares, so that nobody has to read sixteen groups. A mismatch says which groups
 * differ by colour, by sign and in words; either way the comparison is kept as evidence in the audit log.
 */
import { Button, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useAction } from '../../actions/registry.ts';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { Hex } from '../../design/Fingerprint.tsx';
import { groupsOf } from '../../design/hex.ts';
import { Icon } from '../../design/Icon.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import type { QueueRequest } from './queue.ts';
import type { Comparison, RequestDetail } from './detail.ts';
import styles from './requests.module.css';

export interface MatcherProps {
  readonly request: RequestDetail;
  readonly comparison: Comparison | undefined;
  readonly onComparison: (comparison: Comparison | undefined) => void;
  readonly onChanged: (request: QueueRequest) => void;
}

/** `spkiSha256` as it is called on the page. */
const DIGEST_NAMES: Readonly<Record<string, string>> = {
  md5: 'MD5 of the request',
  sha1: 'SHA-1 of the request',
  sha256: 'SHA-256 of the request',
  sha512: 'SHA-512 of the request',
  spkiMd5: 'MD5 of the key',
  spkiSha1: 'SHA-1 of the key',
  spkiSha256: 'SHA-256 of the key',
  spkiSha512: 'SHA-512 of the key',
};

export function Matcher({ request, comparison, onComparison, onChanged }: MatcherProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const match = useVerb('requests.match', {
    touches: ['requests.get', 'audit.list'],
    onDone: (result) => {
      onComparison(result);
      announce(result.outcome === 'match' ? 'The fingerprint matches' : `The fingerprint does not match. ${result.text}`);
      if (result.outcome === 'match' && result.request !== null) onChanged(result.request);
    },
  });
  const compare = (given: string): void => {
    if (given.trim() !== '') match.mutate({ text: given, id: request.id });
  };
  const set = (given: string): void => {
    setText(given);
    onComparison(undefined);
  };
  useAction('requests.match', () => {
    input.current?.focus();
    input.current?.scrollIntoView({ block: 'center' });
  });
  return (
    <form
      className={styles.matcher}
      data-outcome={comparison?.outcome}
      onSubmit={(event) => {
        event.preventDefault();
        compare(text);
      }}
    >
      <TextInput
        ref={input}
        label="What the device shows"
        description="Paste it, type it, or scan it: MD5, SHA-1, SHA-256 or SHA-512, of the request or of its key, grouped however the device does."
        placeholder="SHA256 Fingerprint=7A:3C:…"
        value={text}
        autoComplete="off"
        spellCheck={false}
        maxLength={10_000}
        classNames={{ input: styles.matchInput }}
        rightSectionWidth={104}
        rightSection={
          <Button type="submit" size="compact-sm" variant="light" loading={match.isPending} disabled={text.trim() === ''}>
            Compare
          </Button>
        }
        onChange={(event) => {
          set(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          // Out of the field, where letters decide again.
          event.preventDefault();
          set('');
          document.getElementById('request-title')?.focus({ preventScroll: true });
        }}
        onPaste={(event) => {
          event.preventDefault();
          const given = event.clipboardData.getData('text');
          set(given);
          compare(given);
        }}
      />
      {match.error !== null && <ProblemNote problem={match.error.problem} />}
      {comparison !== undefined && <Verdict comparison={comparison} />}
    </form>
  );
}

function Verdict({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const matched = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What comes next is a decision, and its keys are letters: the field would take them.
    matched.current?.focus({ preventScroll: true });
  }, [comparison]);
  const { outcome, digest, given, expected, differingGroups, text } = comparison;
  const name = DIGEST_NAMES[digest ?? ''] ?? digest ?? '';
  if (outcome === 'match') {
    return (
      <div ref={matched} tabIndex={-1} className={styles.verdict} role="status" data-outcome="match">
        <Icon name="doubleCheck" size={26} />
        <div>
          <strong>It matches.</strong> The device holds this very request ({name}). The comparison is kept in the audit log.
        </div>
      </div>
    );
  }
  if (outcome === 'unreadable' || given === null || expected === null) {
    return (
      <Note tone="warning" role="alert" title="Nothing to compare">
        {text}
      </Note>
    );
  }
  return (
    <div className={styles.verdict} role="alert" data-outcome="mismatch">
      <Icon name="cross" size={26} />
      <div className={styles.verdictBody}>
        <strong>It does not match.</strong> {text} This is not the request that the device sent ({name}).
        <div className={styles.compared}>
          <div>
            <h3 className={styles.subtitle}>The device shows</h3>
            <Hex groups={groupsOf(given)} differing={differingGroups} />
          </div>
          <div>
            <h3 className={styles.subtitle}>This request has</h3>
            <Hex groups={groupsOf(expected)} differing={differingGroups} />
          </div>
        </div>
      </div>
    </div>
  );
}
