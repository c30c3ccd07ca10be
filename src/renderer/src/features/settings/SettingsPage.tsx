/** What holds for the whole product, section by section; each is saved for itself. */
import type { ReactNode } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { Answered, PageHeader } from '../../design/Page.tsx';
import { BackupsSection } from './BackupsSection.tsx';
import { NotificationsSection, StartSection } from './DesktopSections.tsx';
import { LimitsSection } from './LimitsSection.tsx';
import { ListenerSection } from './ListenerSection.tsx';
import styles from './settings.module.css';
import { VaultSection } from './VaultSection.tsx';
import { WindowSection } from './WindowSection.tsx';

export default function SettingsPage(): ReactNode {
  const settings = useChannel('settings.get', {});
  return (
    <div className={styles.page}>
      <PageHeader title="Settings" subtitle="Every change is kept in the audit log, with the value before it." />
      <div className={styles.body}>
        <Answered query={settings} lines={8}>
          {(kept) => (
            <>
              <ListenerSection settings={kept} />
              <VaultSection />
              <WindowSection settings={kept} />
              <NotificationsSection settings={kept} />
              <StartSection />
              <LimitsSection settings={kept} />
              <BackupsSection settings={kept} />
            </>
          )}
        </Answered>
      </div>
    </div>
  );
}
