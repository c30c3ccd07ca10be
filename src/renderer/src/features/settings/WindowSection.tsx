/** This window: when it locks, how it looks, which keys it listens to. */
import { SegmentedControl, Select, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePreference } from '../../design/preferences.ts';
import type { Settings } from './draft.ts';
import { ROW, SwitchField } from './fields.tsx';
import { SettingsForm } from './SettingsForm.tsx';
import styles from './settings.module.css';

const IDLE: readonly (readonly [number, string])[] = [
  [0, 'Never'],
  [5, '5 minutes'],
  [15, '15 minutes'],
  [30, '30 minutes'],
  [60, '1 hour'],
  [240, '4 hours'],
];

const SCHEMES = [
  { value: 'auto', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

export function WindowSection({ settings }: { readonly settings: Settings }): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [singleKeys, setSingleKeys] = usePreference('singleKeys');
  return (
    <SettingsForm title="Window" kept={settings} names={['idleMinutes']}>
      {({ values, errors, set }) => {
        const idle = values.idleMinutes ?? settings.idleMinutes;
        const choices = IDLE.some(([minutes]) => minutes === idle) ? IDLE : [...IDLE, [idle, `${idle} minutes`] as const];
        return (
          <>
            <Select
              label="Lock this window after"
              description="Counted from the last key or movement. The CA goes on behind it; only the window waits for you."
              classNames={ROW}
              data={choices.map(([minutes, label]) => ({ value: String(minutes), label }))}
              allowDeselect={false}
              value={String(idle)}
              error={errors.idleMinutes}
              onChange={(value) => {
                if (value !== null) set({ idleMinutes: Number(value) });
              }}
            />
            <div className={styles.choice}>
              <div>
                <div className={styles.choiceLabel}>Appearance</div>
                <div className="muted">Kept in this window only, at once.</div>
              </div>
              <SegmentedControl
                aria-label="Appearance"
                size="xs"
                data={[...SCHEMES]}
                value={colorScheme}
                onChange={(value) => {
                  setColorScheme(SCHEMES.find((scheme) => scheme.value === value)?.value ?? 'auto');
                }}
              />
            </div>
            <SwitchField
              label="Shortcuts of a single key"
              description="J, K, A and others, which rest while you type. Switch them off if you use speech input. Kept in this window only, at once."
              checked={singleKeys === 'on'}
              onChange={(on) => {
                setSingleKeys(on ? 'on' : 'off');
              }}
            />
          </>
        );
      }}
    </SettingsForm>
  );
}
