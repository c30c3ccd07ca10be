/** Ctrl or Cmd and K: every action that can be performed now, and whatever request or certificate is named so. */
import { Spotlight, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { KeyWords } from '../actions/KeyWords.tsx';
import { perform, useAction, useOffered } from '../actions/registry.ts';
import { useChannel } from '../bridge/react.tsx';
import { Icon } from '../design/Icon.tsx';
import { navigate, pathTo } from '../routing/path.ts';

const SHOWN = 5;
const LEAST = 2;

export function Palette(): ReactNode {
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text.trim(), 150);
  useAction('app.palette', spotlight.open);
  const actions: SpotlightActionGroupData = {
    group: 'Actions',
    actions: useOffered()
      .filter(({ id }) => id !== 'app.palette')
      .map(({ id, label, keys, keywords }) => ({
        id,
        label,
        ...(keywords === undefined ? {} : { keywords }),
        ...(keys === undefined ? {} : { rightSection: <KeyWords keys={keys} /> }),
        onClick: () => {
          // After the palette has given the focus back.
          setTimeout(() => perform(id));
        },
      })),
  };
  return (
    <Spotlight
      actions={[actions, ...useFound(query)]}
      query={text}
      onQueryChange={setText}
      shortcut={null}
      nothingFound="Nothing is called that"
      highlightQuery
      scrollable
      maxHeight={420}
      attributes={{ content: { 'aria-label': 'Actions and pages' } }}
      searchProps={{ placeholder: 'What do you want to do, or see?', 'aria-label': 'Find an action, a request or a certificate', leftSection: <Icon name="search" /> }}
    />
  );
}

/** Requests and certificates that match; the server has found them, so the palette's own filter must not lose them again. */
function useFound(query: string): readonly SpotlightActionGroupData[] {
  const enabled = query.length >= LEAST;
  const requests = useChannel('requests.list', { query, limit: SHOWN }, { enabled });
  const certificates = useChannel('certificates.list', { query, limit: SHOWN }, { enabled });
  if (!enabled) return [];
  const entry = (kind: 'requests' | 'certificates', { id, subject, state }: { readonly id: string; readonly subject: string; readonly state: string }) => ({
    id: `${kind}:${id}`,
    label: subject === '' ? 'without a subject' : subject,
    description: state,
    keywords: query,
    leftSection: <Icon name={kind === 'requests' ? 'inbox' : 'certificate'} />,
    onClick: () => {
      navigate(pathTo([kind, id]));
    },
  });
  return [
    { group: 'Requests', actions: requests.data?.items.map((item) => entry('requests', item)) ?? [] },
    { group: 'Certificates', actions: certificates.data?.items.map((item) => entry('certificates', item)) ?? [] },
  ].filter(({ actions }) => actions.length > 0);
}
