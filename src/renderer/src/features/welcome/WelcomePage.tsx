/** The first run: from nothing to a first enrolled device, one question at a time. Where it stands is asked of the CA, not remembered here. */
import { type ReactNode, useEffect, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { useChannel } from '../../bridge/react.tsx';
import { Answered } from '../../design/Page.tsx';
import { navigate, pathTo, usePlace } from '../../routing/path.ts';
import { type Authority, type Findings, awaits } from './authorityForm.ts';
import { AuthorityStep } from './AuthorityStep.tsx';
import { DeviceStep } from './DeviceStep.tsx';
import { EndpointStep } from './EndpointStep.tsx';
import { KeysStep } from './KeysStep.tsx';
import { KindStep } from './KindStep.tsx';
import { NetworkStep } from './NetworkStep.tsx';
import { Rail } from './Rail.tsx';
import { RestoreStep } from './RestoreStep.tsx';
import { type Kind, type Standing, type Step, currentStep, isEstablished, isOpen, kindOf, readWish } from './steps.ts';
import styles from './welcome.module.css';

const go = (step: Step, kind: Kind | undefined): void => {
  navigate(pathTo(['welcome'], { kind, step }));
};

export default function WelcomePage(): ReactNode {
  const vault = useChannel('vault.status', {});
  const authorities = useChannel('authorities.list', { limit: 500 });
  return vault.data !== undefined && authorities.data !== undefined ? (
    <Steps vault={vault.data} authorities={authorities.data.items} />
  ) : (
    <main className={styles.main}>
      <Answered query={vault}>{() => <Answered query={authorities}>{() => null}</Answered>}</Answered>
    </main>
  );
}

function Steps({ vault, authorities }: { readonly vault: Output<'vault.status'>; readonly authorities: readonly Authority[] }): ReactNode {
  const wish = readWish(usePlace().params);
  const [findings, setFindings] = useState<Findings>([]);
  // The vault that a restore makes is no reason to leave it before it has said what it restored.
  const [restoring, setRestoring] = useState(false);
  const links = useChannel('courier.status', {}).data?.links ?? [];
  const waitsForCourier = authorities.length === 0 && links.length > 0 && vault.state !== 'locked';
  useEffect(() => {
    // A listener's first run goes on with the courier, for days if need be.
    if (waitsForCourier) navigate('/courier', { replace: true });
  }, [waitsForCourier]);
  const standing: Standing = { vault: vault.state, authorities: authorities.map((authority) => ({ id: authority.id, parentId: authority.parentId, awaits: awaits(authority) })) };
  const kind = kindOf(standing, wish);
  const step = restoring && wish.step === 'keys' ? 'keys' : currentStep(standing, wish);
  const to = (next: Step) => (): void => {
    go(next, kind);
  };
  const screens: Readonly<Record<Step, () => ReactNode>> = {
    kind: () => (
      <KindStep
        chosen={kind}
        empty={standing.vault === 'empty'}
        onDone={(chosen) => {
          go(standing.vault === 'open' ? 'authority' : 'keys', chosen);
        }}
      />
    ),
    keys: () =>
      wish.kind === 'restore' && (vault.state === 'empty' || restoring) ? (
        <RestoreStep
          vault={vault}
          onBegin={() => {
            setRestoring(true);
          }}
          onBack={to('kind')}
        />
      ) : (
        <KeysStep vault={vault} onMade={to('keys')} onDone={to('authority')} onBack={to('kind')} />
      ),
    authority: () => (
      <AuthorityStep
        kind={kind}
        authorities={authorities}
        established={isEstablished(standing, kind)}
        findings={findings}
        onMade={(found = []) => {
          setFindings(found);
          go('authority', kind);
        }}
        onBack={to('kind')}
        onDone={to('network')}
      />
    ),
    network: () => <NetworkStep onDone={to('endpoint')} />,
    endpoint: () => <EndpointStep onDone={to('device')} onBack={to('network')} />,
    device: () => <DeviceStep authorities={authorities} kind={kind} />,
  };
  return (
    <div className={styles.page}>
      <Rail step={step} kind={wish.kind === 'restore' ? 'restore' : kind} isOpen={(each) => isOpen(standing, wish, each)} />
      <main className={styles.main}>{screens[step]()}</main>
    </div>
  );
}
