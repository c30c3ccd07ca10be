/** One live line: waits for the first device, and turns green when it is there. */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Time } from '../../design/Time.tsx';
import { Link } from '../../routing/Link.tsx';
import { navigate, pathTo } from '../../routing/path.ts';
import { type Progress, progressOf, sayOperation } from './firstContact.ts';
import styles from './welcome.module.css';

const LOOK_MS = 2_000;
const LOOKED_AT = 100;

const TONES = { nobody: 'quiet', astray: 'warning', contact: 'good', refused: 'warning', waiting: 'notice', enrolled: 'good' } as const satisfies Record<Progress['stage'], string>;
const ICONS = { nobody: 'clock', astray: 'warning', contact: 'check', refused: 'warning', waiting: 'inbox', enrolled: 'doubleCheck' } as const;
const SAID: Readonly<Record<Progress['stage'], string>> = {
  nobody: '',
  astray: 'Something reached the port at another address than the SCEP URL',
  contact: 'First contact',
  refused: 'A device was refused',
  waiting: 'A request waits for you',
  enrolled: 'The first device is enrolled',
};

export function FirstContact(): ReactNode {
  const listener = useChannel('listener.get', {}, { every: LOOK_MS });
  const transactions = useChannel('transactions.list', { limit: LOOKED_AT }, { every: LOOK_MS });
  const progress = progressOf(transactions.data?.items ?? [], listener.data?.lastContact ?? null);
  const { stage } = progress;
  useEffect(() => {
    if (SAID[stage] !== '') announce(SAID[stage]);
  }, [stage]);
  return (
    <div className={styles.live}>
      <div className={styles.liveWords} data-tone={TONES[stage]} data-stage={stage}>
        <Icon name={ICONS[stage]} size={18} />
        <div>
          <Words progress={progress} />
        </div>
      </div>
      <Button
        variant={stage === 'nobody' || stage === 'astray' ? 'default' : 'filled'}
        onClick={() => {
          navigate('/requests');
        }}
      >
        Go to the queue
      </Button>
    </div>
  );
}

function Words({ progress }: { readonly progress: Progress }): ReactNode {
  switch (progress.stage) {
    case 'nobody':
      return <strong>Waiting for the first contact</strong>;
    case 'astray':
      return (
        <>
          <strong>{progress.source} reached this computer</strong>, but asked for <code>{progress.path}</code>. Check the URL on the device.
        </>
      );
    case 'contact':
      return (
        <>
          <strong>First contact.</strong> {progress.source} {sayOperation(progress.operation)} <Time at={progress.at} />.
        </>
      );
    case 'refused':
      return (
        <>
          <strong>{progress.source} was refused.</strong> {progress.text} <Link to={pathTo(['transactions', String(progress.transaction)])} underline="always">
            What to do about it
          </Link>
        </>
      );
    case 'waiting':
      return (
        <>
          <strong>{progress.subject ?? progress.source} waits for you.</strong> <Link to={pathTo(['requests', progress.requestId])} underline="always">
            Compare and approve it
          </Link>
        </>
      );
    case 'enrolled':
      return (
        <>
          <strong>{progress.subject ?? progress.source} is enrolled.</strong> <Link to={pathTo(['certificates', progress.certificateId])} underline="always">
            See its certificate
          </Link>
        </>
      );
  }
}
