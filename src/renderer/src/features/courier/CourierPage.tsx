/** The courier: machines that are paired with this one and what waits for the next run, or the way to a first pairing. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAction } from '../../actions/registry.ts';
import { useChannel } from '../../bridge/react.tsx';
import { ChoiceCards } from '../../design/ChoiceCards.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Answered, PageHeader } from '../../design/Page.tsx';
import { navigate, pathTo, usePlace } from '../../routing/path.ts';
import { AcceptInvitation } from './AcceptInvitation.tsx';
import styles from './courier.module.css';
import { Invite } from './Invite.tsx';
import { LinkPanel } from './LinkPanel.tsx';
import type { Link } from './types.ts';

/** Nothing tells of what falls due while nobody does anything. */
const EVERY_MS = 60_000;

export default function CourierPage(): ReactNode {
  const status = useChannel('courier.status', {}, { every: EVERY_MS });
  const pair = usePlace().params.get('pair');
  const begun = pair !== null;
  useAction(
    'app.back',
    () => {
      navigate('/courier');
    },
    begun,
  );
  const links = status.data?.links ?? [];
  return (
    <>
      <PageHeader
        title="Courier"
        subtitle="A CA key that never meets a network: requests go to it on a stick, and certificates come back."
        actions={
          begun ? (
            <Button
              variant="default"
              onClick={() => {
                navigate('/courier');
              }}
            >
              Cancel
            </Button>
          ) : (
            links.length > 0 && (
              <Button
                variant="default"
                leftSection={<Icon name="plus" />}
                onClick={() => {
                  navigate(pathTo(['courier'], { pair: links.every(({ role }) => role === 'signer') ? 'signer' : 'listener' }));
                }}
              >
                Pair another machine
              </Button>
            )
          )
        }
      />
      <div className={styles.page} tabIndex={-1}>
        <div className={styles.body}>
          <Answered query={status} lines={6}>
            {() => {
              if (pair === 'signer') return <Invite />;
              if (pair === 'listener') return <AcceptInvitation />;
              return links.length === 0 ? <Start /> : links.map((link) => <LinkPanel key={link.id} link={link} />);
            }}
          </Answered>
        </div>
      </div>
    </>
  );
}

/** Which of the two machines this is. */
function Start(): ReactNode {
  const authorities = useChannel('authorities.list', { limit: 500 });
  const [chosen, setChosen] = useState<Link['role']>();
  // Whoever has a CA here most likely wants to take it off the network.
  const role = chosen ?? ((authorities.data?.items ?? []).length > 0 ? 'signer' : 'listener');
  return (
    <div className={styles.stack}>
      <p className={styles.lead}>
        Two machines share one CA. The first stands in the network and meets the devices, but has no CA key; the second has the key and never meets a network. A stick goes between them: each file on it is signed by the machine that wrote it, encrypted to the
        other one, and taken only once.
      </p>
      <div className={styles.way} aria-hidden="true">
        <div className={styles.machine} data-here={role === 'listener'}>
          <strong>
            <Icon name="endpoint" size={18} /> Listener
          </strong>
          <span className="muted">In the network, no CA key</span>
        </div>
        <div className={styles.carried}>
          <span>requests →</span>
          <span>← certificates, CRL</span>
        </div>
        <div className={styles.machine} data-here={role === 'signer'}>
          <strong>
            <Icon name="key" size={18} /> Signing machine
          </strong>
          <span className="muted">Offline, holds the CA key</span>
        </div>
      </div>
      <ChoiceCards
        label="What is this machine?"
        value={role}
        onChange={setChosen}
        choices={[
          { value: 'signer', title: 'The signing machine', icon: 'key', text: 'It holds the CA key and decides on requests. Pairing begins here, with an invitation for the listener.', aside: 'Take it off the network for good.' },
          { value: 'listener', title: 'The listener', icon: 'endpoint', text: 'Devices enrol here. It takes the invitation from the signing machine, and asks for the certificates that it needs.', aside: 'It never holds the CA key.' },
        ]}
      />
      <div>
        <Button
          onClick={() => {
            navigate(pathTo(['courier'], { pair: role }));
          }}
        >
          Continue
        </Button>
      </div>
    </div>
  );
}
