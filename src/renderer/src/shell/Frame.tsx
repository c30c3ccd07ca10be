/** What stands around every page: where one can go, how the CA stands, and what must not be overlooked. */
import { type ReactNode, Suspense } from 'react';
import { useAction } from '../actions/registry.ts';
import { useVerb } from '../bridge/react.tsx';
import { Loading } from '../design/Page.tsx';
import { navigate, usePlace } from '../routing/path.ts';
import { Banners } from './Banners.tsx';
import { Navigation } from './Navigation.tsx';
import { PAGES } from './pages.tsx';
import styles from './shell.module.css';
import { type Status } from './status.ts';

export function Frame({ status, unreachable }: { readonly status: Status; readonly unreachable: boolean }): ReactNode {
  const at = usePlace().segments[0];
  const entry = PAGES.find((page) => page.at === at) ?? PAGES[0];
  const lockWindow = useVerb('window.lock', { touches: ['window.status'] });
  const lockVault = useVerb('vault.lock', { touches: ['status.get'] });
  useAction('app.lockWindow', () => {
    lockWindow.mutate({});
  });
  useAction(
    'app.lockVault',
    () => {
      lockVault.mutate({});
    },
    status.state === 'ready',
  );
  useAction('challenges.create', () => {
    navigate('/challenges?new=1');
  });
  useAction('authorities.create', () => {
    navigate('/authorities?new=1');
  });
  if (entry === undefined) return null;
  const { Page } = entry.page;
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main" onClick={skipToMain}>
        Skip to the page
      </a>
      <Navigation status={status} unreachable={unreachable} at={entry.at} />
      <div className={styles.content}>
        <Banners status={status} unreachable={unreachable} />
        <main id="main" className={styles.main} tabIndex={-1}>
          <Suspense
            fallback={
              <div className={styles.pending}>
                <Loading lines={6} label="Loading the page" />
              </div>
            }
          >
            <Page key={entry.at} />
          </Suspense>
        </main>
      </div>
    </div>
  );
}

/** The fragment is the router's, so the link moves the focus itself. */
function skipToMain(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
