/** The head that both lists share: what they are, the way from one to the other, and the way to a new entry. */
import { Button, Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../../design/Icon.tsx';
import { PageHeader } from '../../design/Page.tsx';
import { type Path, navigate } from '../../routing/path.ts';
import styles from './endpoints.module.css';

const LISTS = {
  endpoints: { path: '/endpoints', button: 'New endpoint', create: '/endpoints?new=1' },
  profiles: { path: '/endpoints/profiles', button: 'New profile', create: '/endpoints/profiles?new=1' },
} as const satisfies Record<string, { readonly path: Path; readonly button: string; readonly create: Path }>;

export function Lists({ shown, children }: { readonly shown: 'endpoints' | 'profiles'; readonly children: ReactNode }): ReactNode {
  const { button, create } = LISTS[shown];
  return (
    <>
      <PageHeader
        title="Endpoints and profiles"
        subtitle="An endpoint is a SCEP URL and its rules. A profile says what the certificates contain."
        actions={
          <Button
            leftSection={<Icon name="plus" />}
            onClick={() => {
              navigate(create);
            }}
          >
            {button}
          </Button>
        }
      />
      <div className={styles.page}>
        <Tabs
          value={shown}
          onChange={(next) => {
            navigate(LISTS[next === 'profiles' ? 'profiles' : 'endpoints'].path);
          }}
        >
          <Tabs.List mb="md">
            <Tabs.Tab value="endpoints">Endpoints</Tabs.Tab>
            <Tabs.Tab value="profiles">Profiles</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="endpoints">{shown === 'endpoints' && children}</Tabs.Panel>
          <Tabs.Panel value="profiles">{shown === 'profiles' && children}</Tabs.Panel>
        </Tabs>
      </div>
    </>
  );
}
