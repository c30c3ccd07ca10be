/**
 * The decision, always in sight. Approving takes two steps in place: arm, then confirm, for a signature cannot be taken back. Refusing asks for
 * a reason, and can be reopened until the device was told.
 */
import { Button, Textarea } from '@mantine/core';
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import { KeyWords } from '../../actions/KeyWords.tsx';
import { useAction } from '../../actions/registry.ts';
import { type CallError, useVerb } from '../../bridge/react.tsx';
import { deviceName } from '../../design/deviceName.ts';
import { announce } from '../../design/announce.tsx';
import { Icon } from '../../design/Icon.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import { useKeptFocus } from '../../design/useKeptFocus.ts';
import { type QueueRequest, isProven } from './queue.ts';
import type { RequestDetail } from './detail.ts';
import styles from './requests.module.css';

export interface DecideProps {
  readonly request: RequestDetail;
  readonly onDecided: (request: QueueRequest) => void;
  readonly onChanged: (request: QueueRequest) => void;
}

type Step = 'rest' | 'armed' | 'refusing';

export function Decide({ request, onDecided, onChanged }: DecideProps): ReactNode {
  const [step, setStep] = useState<Step>('rest');
  const name = deviceName(request);
  const approve = useVerb('requests.approve', {
    touches: ['requests.get'],
    onDone: (done) => {
      announce(done.state === 'issued' ? `${name} was approved; its certificate is issued` : `${name} was approved`);
      onDecided(done);
    },
  });
  const reopen = useVerb('requests.reopen', {
    touches: ['requests.get', 'requests.list'],
    onDone: (done) => {
      announce(`${name} waits again`);
      onChanged(done);
    },
  });
  const refuse = useVerb('requests.refuse', {
    touches: ['requests.get'],
    onDone: (done) => {
      announce(`${name} was refused`);
      onDecided(done);
    },
  });
  const pending = request.state === 'pending';
  const reopenable = request.state === 'refused' && request.toldAt === null;
  const seen = { id: request.id, version: request.version, spkiSha256: request.spkiSha256 };
  const rest = (): void => {
    setStep('rest');
  };

  useAction(
    'requests.approve',
    () => {
      approve.reset();
      setStep('armed');
    },
    pending && request.preview?.kind === 'plan' && step !== 'armed',
  );
  useAction(
    'requests.refuse',
    () => {
      refuse.reset();
      setStep('refusing');
    },
    pending && step !== 'refusing',
  );
  useAction(
    'requests.reopen',
    () => {
      reopen.mutate({ id: request.id, version: request.version });
    },
    reopenable,
  );
  useAction('app.back', rest, step !== 'rest');
  const place = useRef<HTMLElement>(null);
  useKeptFocus(place, `${step} ${request.version}`);

  if (!pending && !reopenable) return null;
  const error: CallError | null = approve.error ?? refuse.error ?? reopen.error;
  return (
    <footer ref={place} tabIndex={-1} className={styles.decide} aria-label="Decide">
      {error !== null && <ProblemNote problem={error.problem} />}
      {reopenable ? (
        <Button
          variant="default"
          leftSection={<Icon name="undo" />}
          loading={reopen.isPending}
          onClick={() => {
            reopen.mutate({ id: request.id, version: request.version });
          }}
        >
          Reopen
        </Button>
      ) : step === 'armed' ? (
        <Confirm
          request={request}
          loading={approve.isPending}
          onCancel={rest}
          onConfirm={() => {
            approve.mutate(seen, { onError: rest });
          }}
        />
      ) : step === 'refusing' ? (
        <Refuse
          name={name}
          loading={refuse.isPending}
          onCancel={rest}
          onRefuse={(reason) => {
            refuse.mutate({ ...seen, ...(reason === '' ? {} : { reason }) }, { onError: rest });
          }}
        />
      ) : (
        <div className={styles.decideRow}>
          <Button
            leftSection={<Icon name="check" />}
            rightSection={<KeyWords keys="A" />}
            disabled={request.preview?.kind !== 'plan'}
            onClick={() => {
              approve.reset();
              setStep('armed');
            }}
          >
            Approve
          </Button>
          <Button
            variant="default"
            leftSection={<Icon name="stop" />}
            rightSection={<KeyWords keys="R" />}
            onClick={() => {
              refuse.reset();
              setStep('refusing');
            }}
          >
            Refuse
          </Button>
          {request.preview?.kind === 'locked' && <span className="muted">Unlock the vault to approve.</span>}
        </div>
      )}
    </footer>
  );
}

function Confirm({ request, loading, onConfirm, onCancel }: { readonly request: RequestDetail; readonly loading: boolean; readonly onConfirm: () => void; readonly onCancel: () => void }): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  const name = deviceName(request);
  const proven = isProven(request) || request.proof.kind === 'certificate';
  const cancel = useEffectEvent(onCancel);
  useEffect(() => {
    // Whoever types something else meant something else: words typed into the page by mistake must not end in a signature.
    const disarm = ({ key }: KeyboardEvent): void => {
      if (!['Enter', ' ', 'Tab', 'Shift', 'Escape', 'Control', 'Alt', 'Meta'].includes(key)) cancel();
    };
    window.addEventListener('keydown', disarm, { capture: true });
    return () => {
      window.removeEventListener('keydown', disarm, { capture: true });
    };
  }, []);
  useEffect(() => {
    button.current?.focus();
    announce(`Sign a certificate for ${name}? Enter confirms, Escape goes back.`);
  }, [name]);
  return (
    <div className={styles.armed} data-proven={proven}>
      <p>
        Sign a certificate for <strong>{name}</strong>? {proven ? 'This cannot be undone; a certificate can only be revoked.' : <strong>Its fingerprint was not compared with the device.</strong>}
      </p>
      <div className={styles.decideRow}>
        <Button ref={button} color={proven ? 'ink' : 'orange.9'} leftSection={<Icon name="doubleCheck" />} rightSection={<KeyWords keys="Enter" />} loading={loading} onClick={once(onConfirm)}>
          {proven ? 'Sign it' : 'Sign it all the same'}
        </Button>
        <Button variant="default" onClick={onCancel} disabled={loading}>
          Not yet
        </Button>
      </div>
    </div>
  );
}

/** The second half of a double click on “Approve” lands on this button: it confirms nothing. */
const once =
  (confirm: () => void) =>
  ({ detail }: { readonly detail: number }): void => {
    if (detail < 2) confirm();
  };

const REASONS = ['Not our device', 'The fingerprint does not match', 'Wrong name', 'Enrolled by mistake'] as const;

function Refuse({ name, loading, onRefuse, onCancel }: { readonly name: string; readonly loading: boolean; readonly onRefuse: (reason: string) => void; readonly onCancel: () => void }): ReactNode {
  const field = useRef<HTMLTextAreaElement>(null);
  const [reason, setReason] = useState('');
  useEffect(() => {
    field.current?.focus();
  }, []);
  return (
    <form
      className={styles.refuse}
      onSubmit={(event) => {
        event.preventDefault();
        onRefuse(reason.trim());
      }}
    >
      <Textarea
        ref={field}
        label={`Why is ${name} refused?`}
        description="The device’s log and the audit log get these words. They may be left out."
        autosize
        minRows={1}
        maxRows={4}
        maxLength={500}
        value={reason}
        onChange={(event) => {
          // One line: it travels to devices as failInfoText.
          setReason(event.currentTarget.value.replace(/[\r\n]+/g, ' '));
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            onRefuse(reason.trim());
          } else if (event.key === 'Escape') {
            event.preventDefault();
            onCancel();
          }
        }}
      />
      <div className={styles.reasons}>
        {REASONS.map((each) => (
          <Button
            key={each}
            size="compact-xs"
            variant="default"
            onClick={() => {
              setReason(each);
              field.current?.focus();
            }}
          >
            {each}
          </Button>
        ))}
      </div>
      <div className={styles.decideRow}>
        <Button type="submit" color="red.8" leftSection={<Icon name="stop" />} rightSection={<KeyWords keys="Enter" />} loading={loading}>
          Refuse it
        </Button>
        <Button variant="default" onClick={onCancel} disabled={loading}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
