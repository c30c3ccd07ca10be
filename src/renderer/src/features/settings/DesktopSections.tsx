/** What only the desktop app can do: notifications, and starting when its user logs in. Elsewhere it is said what takes its place. */
import type { ReactNode } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { useChannel, useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { CopyLine } from '../../design/CopyLine.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import { Answered, Section } from '../../design/Page.tsx';
import type { Settings } from './draft.ts';
import { SwitchField } from './fields.tsx';
import { SettingsForm } from './SettingsForm.tsx';
import styles from './settings.module.css';
import { systemdUnit } from './systemdUnit.ts';

export function NotificationsSection({ settings }: { readonly settings: Settings }): ReactNode {
  const desktop = useChannel('desktop.get', {});
  return (
    <SettingsForm title="Notifications" kept={settings} names={['notifyRequests']}>
      {({ values, set }) => (
        <SwitchField
          label="Tell me about each request that waits"
          description={desktop.data?.available === false ? 'By the desktop app, where it runs on this data. This window is in a browser and shows new requests in the queue only.' : 'As a notification of the system, which opens the request.'}
          checked={values.notifyRequests ?? settings.notifyRequests}
          onChange={(notifyRequests) => {
            set({ notifyRequests });
          }}
        />
      )}
    </SettingsForm>
  );
}

export function StartSection(): ReactNode {
  const desktop = useChannel('desktop.get', {});
  return (
    <Section title="Start">
      <Answered query={desktop} lines={2}>
        {(state) => (state.available ? <StartAtLogin state={state} /> : <StartAsService platform={state.platform} />)}
      </Answered>
    </Section>
  );
}

function StartAtLogin({ state }: { readonly state: Output<'desktop.get'> }): ReactNode {
  const configure = useVerb('desktop.configure', {
    touches: ['desktop.get'],
    onDone: ({ startAtLogin }) => {
      announce(startAtLogin ? 'Countersign starts when you log in' : 'Countersign does not start by itself');
    },
  });
  return (
    <>
      <SwitchField
        label="Start when I log in"
        description="Without a window: devices are served from then on, and the tray shows it."
        checked={configure.isPending ? configure.variables.startAtLogin : state.startAtLogin}
        disabled={configure.isPending}
        onChange={(startAtLogin) => {
          configure.mutate({ startAtLogin });
        }}
      />
      {configure.error !== null && <ProblemNote problem={configure.error.problem} />}
    </>
  );
}

function StartAsService({ platform }: { readonly platform: string }): ReactNode {
  const vault = useChannel('vault.status', {});
  if (platform !== 'linux') {
    return <p className={styles.quiet}>This is the CA without its desktop app. Let the system’s own service manager run “countersign serve”, or use the desktop app, which starts when you log in.</p>;
  }
  const kind = vault.data?.kind ?? 'passphrase';
  return (
    <div className={styles.form}>
      <p className={styles.quiet}>
        This is the CA without its desktop app. systemd can start it with the computer: {kind === 'keychain' ? 'its keychain opens with your login, so it runs as a service of your own user.' : 'the passphrase comes from a file that only root can read.'}
      </p>
      <details className={styles.details}>
        <summary>Show the systemd unit</summary>
        <div className={styles.form}>
          <p className={styles.quiet}>
            Adjust the paths, save it as <code>{kind === 'keychain' ? '~/.config/systemd/user/countersign.service' : '/etc/systemd/system/countersign.service'}</code>, and enable it.
          </p>
          <CopyLine value={systemdUnit(kind)} label="Copy the systemd unit" />
          <CopyLine value={kind === 'keychain' ? 'systemctl --user enable --now countersign' : 'systemctl enable --now countersign'} label="Copy the command" />
        </div>
      </details>
    </div>
  );
}
