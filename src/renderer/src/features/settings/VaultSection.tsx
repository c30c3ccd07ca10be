/** What opens the vault, the audit key's fingerprint, and locking by hand. */
import { Button } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { perform } from '../../actions/registry.ts';
import { useChannel } from '../../bridge/react.tsx';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import { Answered, Facts, Section } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { useKeptFocus } from '../../design/useKeptFocus.ts';
import { VaultLock } from '../../design/VaultLock.tsx';
import { ChangePassphrase } from './ChangePassphrase.tsx';
import styles from './settings.module.css';

const LOOKS = {
  open: { word: 'Open', tone: 'good', icon: 'unlock' },
  locked: { word: 'Locked', tone: 'warning', icon: 'lock' },
  empty: { word: 'Not set up', tone: 'notice', icon: 'info' },
} as const;

export function VaultSection(): ReactNode {
  const vault = useChannel('vault.status', {});
  const [changing, setChanging] = useState(false);
  const change = useRef<HTMLButtonElement>(null);
  useKeptFocus(change, changing);
  return (
    <Section title="Vault" actions={vault.data === undefined ? undefined : <StateBadge look={LOOKS[vault.data.state]} />}>
      <Answered query={vault}>
        {({ state, kind, keychain, auditKeyFingerprint }) => (
          <div className={styles.form}>
            <Facts
              items={[
                ['Opened by', kind === 'passphrase' ? 'A passphrase' : kind === 'keychain' ? `The keychain. ${keychain.detail}` : null],
                ['Audit key', auditKeyFingerprint === null ? null : <Fingerprint key="audit" name="SHA-256 of the audit key" hex={auditKeyFingerprint} />],
              ]}
            />
            {changing ? (
              <ChangePassphrase
                onClose={() => {
                  setChanging(false);
                }}
              />
            ) : (
              <div className={styles.save}>
                {state !== 'empty' && <VaultLock open={state === 'open'} onUnlock={() => perform('app.unlockVault')} />}
                {kind === 'passphrase' && (
                  <Button
                    ref={change}
                    variant="default"
                    size="xs"
                    onClick={() => {
                      setChanging(true);
                    }}
                  >
                    Change the passphrase
                  </Button>
                )}
              </div>
            )}
          </div>
        )}
      </Answered>
    </Section>
  );
}
