/** How far a CA may reach: how many CAs below it, and which names what it issues may bear. Few need it; each is told in a sentence. */
import { NumberInput, Radio, Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './authorities.module.css';
import type { LimitsDraft, LimitsErrors } from './limitsDraft.ts';

export interface LimitsFieldsProps {
  readonly value: LimitsDraft;
  readonly onChange: (value: LimitsDraft) => void;
  readonly errors: LimitsErrors;
  /** A root has no limit by itself; an issuing CA signs devices only. */
  readonly kind: 'root' | 'issuing';
}

export function LimitsFields({ value, onChange, errors, kind }: LimitsFieldsProps): ReactNode {
  const set = (change: Partial<LimitsDraft>): void => {
    onChange({ ...value, ...change });
  };
  return (
    <div className={styles.stack}>
      <Radio.Group
        label="CAs that may stand below it"
        description="Its path length: a chain that is longer than that is turned down by whoever checks it."
        value={value.below}
        onChange={(below) => {
          set({ below: below as LimitsDraft['below'] });
        }}
      >
        <div className={styles.choices}>
          <Radio value="default" label={kind === 'root' ? 'No limit, as usual for a root' : 'None: it signs devices only'} />
          {kind === 'issuing' && <Radio value="none" label="No limit" />}
          <Radio value="number" label="So many levels" />
          {value.below === 'number' && (
            <NumberInput
              aria-label="Levels of CAs below it"
              min={0}
              max={10}
              allowDecimal={false}
              maw={120}
              value={value.count ?? ''}
              error={errors.count}
              onChange={(count) => {
                set({ count: typeof count === 'number' ? count : undefined });
              }}
            />
          )}
        </div>
      </Radio.Group>
      {errors.count !== undefined && value.below !== 'number' && (
        <p role="alert" className={styles.wrong}>
          {errors.count}
        </p>
      )}
      <Textarea
        label="Only these names"
        description="Name constraints, a line each. Of a kind that stands here, no other name is taken; kinds that do not stand here stay free. Some old gear does not know them and turns the CA down."
        placeholder={'DNS:office.lan\nIP:192.0.2.0/24'}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={value.permitted}
        error={errors.permitted}
        onChange={(event) => {
          set({ permitted: event.currentTarget.value });
        }}
      />
      <Textarea
        label="Never these names"
        description="Goes before what is permitted. DNS:office.lan means it and all below, DNS:.office.lan only what is below."
        placeholder="DNS:payroll.office.lan"
        autosize
        minRows={1}
        maxRows={8}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={value.excluded}
        error={errors.excluded}
        onChange={(event) => {
          set({ excluded: event.currentTarget.value });
        }}
      />
    </div>
  );
}
