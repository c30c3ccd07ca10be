/** What must not be overlooked on any page: the CA is gone, the vault is locked, devices reach nobody, the audit log was tampered with. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAction } from '../actions/registry.ts';
import { Icon, type IconName } from '../design/Icon.tsx';
import type { Tone } from '../design/tones.ts';
import { navigate } from '../routing/path.ts';
import type { Status } from './status.ts';
import styles from './shell.module.css';
import { UnlockVault } from './UnlockVault.tsx';

function Banner({ tone, icon, role, children, action }: { readonly tone: Tone; readonly icon: IconName; readonly role: 'alert' | 'status'; readonly children: ReactNode; readonly action?: ReactNode }): ReactNode {
  return (
    <div className={styles.banner} data-tone={tone} role={role}>
      <Icon name={icon} size={18} />
      <p>{children}</p>
      {action}
    </div>
  );
}

export function Banners({ status, unreachable }: { readonly status: Status; readonly unreachable: boolean }): ReactNode {
  const [unlocking, setUnlocking] = useState(false);
  useAction(
    'app.unlockVault',
    () => {
      setUnlocking(true);
    },
    status.state === 'locked' && !unreachable,
  );
  const dangers = status.notices.filter(({ severity }) => severity === 'danger');
  return (
    <>
      {unreachable && (
        <Banner tone="danger" icon="danger" role="alert">
          <strong>The CA does not answer.</strong> Is it still running? What you see is what it last said; this page tries again by itself.
        </Banner>
      )}
      {!unreachable && status.state === 'locked' && (
        <Banner
          tone="warning"
          icon="lock"
          role="status"
          action={
            <Button
              size="xs"
              onClick={() => {
                setUnlocking(true);
              }}
            >
              Unlock
            </Button>
          }
        >
          <strong>The vault is locked.</strong> Devices still get the CA certificate and the last CRL; whoever enrols is told to try again later. Nothing is judged or lost.
        </Banner>
      )}
      {!unreachable &&
        dangers.map(({ code, text }) => (
          <Banner
            key={code}
            tone="danger"
            icon="danger"
            role="alert"
            action={
              (code === 'listener-problem' || code.startsWith('courier-due-')) && (
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => {
                    navigate(code === 'listener-problem' ? '/settings' : '/courier');
                  }}
                >
                  {code === 'listener-problem' ? 'Listener settings' : 'Courier'}
                </Button>
              )
            }
          >
            {text}
          </Banner>
        ))}
      <UnlockVault
        opened={unlocking}
        onClose={() => {
          setUnlocking(false);
        }}
      />
    </>
  );
}
