/**
 * Whether a pairing file is from the machine that stands over there. The window compares what is pasted, typed or scanned; whoever compares by eye ticks
 * each line, for a glance at the first and the last group is what an attacker counts on.
 */
import { Button, Checkbox, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Hex } from '../../design/Fingerprint.tsx';
import { groupsOf } from '../../design/hex.ts';
import { Icon } from '../../design/Icon.tsx';
import { Note } from '../../design/Note.tsx';
import { type Comparison, compareFingerprints, sayDiffering } from './compare.ts';
import styles from './courier.module.css';
import type { Link } from './types.ts';

const ROW = 4;

export interface CompareBoxProps {
  /** Who wrote the file, as the file says. */
  readonly machine: Link['own'];
  readonly compared: boolean;
  readonly onCompared: (compared: boolean) => void;
}

export function CompareBox({ machine, compared, onCompared }: CompareBoxProps): ReactNode {
  const [text, setText] = useState('');
  const [comparison, setComparison] = useState<Comparison>();
  const [byEye, setByEye] = useState(false);
  const compare = (given: string): void => {
    if (given.trim() === '') return;
    const result = compareFingerprints(given, machine.fingerprint);
    setComparison(result);
    onCompared(result.outcome === 'match');
  };
  return (
    <div className={styles.compare}>
      <TextInput
        label={`What ${machine.name} shows as its fingerprint`}
        description="Type it, scan its QR code, or paste it, as hexadecimal or in numbers. This window compares all of it."
        value={text}
        autoComplete="off"
        spellCheck={false}
        maxLength={400}
        classNames={{ input: styles.matchInput }}
        rightSectionWidth={104}
        rightSection={
          <Button
            size="compact-sm"
            variant="light"
            disabled={text.trim() === ''}
            onClick={() => {
              compare(text);
            }}
          >
            Compare
          </Button>
        }
        onChange={(event) => {
          setText(event.currentTarget.value);
          setComparison(undefined);
          onCompared(false);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          compare(text);
        }}
        onPaste={(event) => {
          event.preventDefault();
          const given = event.clipboardData.getData('text');
          setText(given);
          compare(given);
        }}
      />
      {comparison !== undefined && <Verdict comparison={comparison} machine={machine} />}
      {comparison?.outcome !== 'match' &&
        (byEye ? (
          <ByEye machine={machine} compared={compared} onCompared={onCompared} />
        ) : (
          <div>
            <Button
              variant="subtle"
              color="slate"
              size="compact-sm"
              onClick={() => {
                setByEye(true);
              }}
            >
              Compare by eye instead
            </Button>
          </div>
        ))}
    </div>
  );
}

function Verdict({ comparison, machine }: { readonly comparison: Comparison; readonly machine: Link['own'] }): ReactNode {
  const matched = useRef<HTMLDivElement>(null);
  useEffect(() => {
    matched.current?.focus({ preventScroll: true });
  }, [comparison]);
  if (comparison.outcome === 'match') {
    return (
      <div ref={matched} tabIndex={-1} className={styles.verdict} role="status" data-outcome="match">
        <Icon name="doubleCheck" size={26} />
        <div>
          <strong>It matches.</strong> This file was written by {machine.name}, and nobody has changed it since.
        </div>
      </div>
    );
  }
  if (comparison.outcome === 'unreadable') {
    return (
      <Note tone="warning" role="alert" title="Nothing to compare">
        {comparison.text}
      </Note>
    );
  }
  return (
    <div className={styles.verdict} role="alert" data-outcome="mismatch">
      <Icon name="cross" size={26} />
      <div>
        <strong>It does not match.</strong> {sayDiffering(comparison.differing)} Unless it was mistyped, this file is from another machine: do not go on with it.
        <div className={styles.compared}>
          <div>
            <h4>{machine.name} shows</h4>
            <Hex groups={groupsOf(comparison.given)} differing={comparison.differing} />
          </div>
          <div>
            <h4>The file was written by</h4>
            <Hex groups={groupsOf(machine.fingerprint)} differing={comparison.differing} />
          </div>
        </div>
      </div>
    </div>
  );
}

function ByEye({ machine, compared, onCompared }: CompareBoxProps): ReactNode {
  const groups = groupsOf(machine.fingerprint);
  const rows = Array.from({ length: groups.length / ROW }, (_, row) => groups.slice(row * ROW, (row + 1) * ROW).join(' '));
  const [same, setSame] = useState<ReadonlySet<number>>(new Set());
  return (
    <fieldset className={styles.shown}>
      <legend className="sr-only">Lines of the fingerprint in this file</legend>
      <p className="muted">Tick each line that is the same on the screen of {machine.name}. If one is not, stop: this file is from another machine.</p>
      <ul className={styles.rows}>
        {rows.map((row, index) => (
          <li key={row} data-same={same.has(index)}>
            <Checkbox
              label={
                <span className={styles.rowWords}>
                  <span className={styles.rowDigits}>{row}</span> <span>Line {index + 1} is the same</span>
                </span>
              }
              checked={same.has(index)}
              onChange={(event) => {
                const next = new Set(same);
                if (event.currentTarget.checked) next.add(index);
                else next.delete(index);
                setSame(next);
                onCompared(next.size === rows.length);
              }}
            />
          </li>
        ))}
      </ul>
      {compared && (
        <Note tone="good" role="status">
          All four lines are the same.
        </Note>
      )}
    </fieldset>
  );
}
