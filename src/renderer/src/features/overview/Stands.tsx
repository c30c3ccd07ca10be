/** How the two things stand on which all depends: the listener that devices reach, and the vault that holds the keys. */
import type { ReactNode } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { perform } from '../../actions/registry.ts';
import { useChannel } from '../../bridge/react.tsx';
import { CopyLine } from '../../design/CopyLine.tsx';
import { isLoopback } from '../../design/network.ts';
import { Answered, Facts, Section } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { Time } from '../../design/Time.tsx';
import type { StateLook } from '../../design/tones.ts';
import { VaultLock } from '../../design/VaultLock.tsx';
import { Link } from '../../routing/Link.tsx';
import styles from './overview.module.css';

const UP: StateLook = { word: 'Listening', tone: 'good', icon: 'check' };
const DOWN: StateLook = { word: 'Down', tone: 'danger', icon: 'stop' };

export function Listener({ scepUrl }: { readonly scepUrl: string | null }): ReactNode {
  const listener = useChannel('listener.get', {});
  return (
    <Section title="Device listener" actions={<Link to="/settings">Settings</Link>}>
      <Answered query={listener} lines={3}>
        {({ listening, host, port, problem, lastContact }) => (
          <div className={styles.stack}>
            {scepUrl !== null && <CopyLine value={scepUrl} label="Copy the SCEP URL" />}
            <Facts
              items={[
                ['State', <StateBadge key="state" look={listening ? UP : DOWN} />],
                ['Problem', problem],
                ['Address', `${host}, port ${port}${isLoopback(host) ? ' (this computer only)' : ''}`],
                [
                  'Last contact',
                  lastContact === null ? (
                    'None since it was started'
                  ) : (
                    <span key="contact">
                      {lastContact.source}, <Time at={lastContact.at} />
                    </span>
                  ),
                ],
              ]}
            />
          </div>
        )}
      </Answered>
    </Section>
  );
}

const VAULT: Readonly<Record<Output<'status.get'>['state'], { readonly look: StateLook; readonly words: string }>> = {
  ready: { look: { word: 'Open', tone: 'good', icon: 'unlock' }, words: 'The keys are in memory: devices enrol and renew.' },
  locked: { look: { word: 'Locked', tone: 'warning', icon: 'lock' }, words: 'No key is in memory. Devices still get the CA certificate and the last CRL; whoever enrols is told to come back.' },
  empty: { look: { word: 'Not set up', tone: 'notice', icon: 'info' }, words: 'There is no vault yet.' },
};

export function Vault({ state }: { readonly state: Output<'status.get'>['state'] }): ReactNode {
  const { look, words } = VAULT[state];
  return (
    <Section title="Vault" actions={<StateBadge look={look} />}>
      <p className={styles.words}>{words}</p>
      {state !== 'empty' && <VaultLock open={state === 'ready'} onUnlock={() => perform('app.unlockVault')} />}
      {state === 'empty' && <Link to="/welcome">Set it up</Link>}
    </Section>
  );
}
