/** Rollovers under way, each with the page where something is done about it. Nothing stands here while nothing does. */
import { useQueries } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { channelQuery, useBridge, useChannel } from '../../bridge/react.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Section } from '../../design/Page.tsx';
import { Time } from '../../design/Time.tsx';
import { Link } from '../../routing/Link.tsx';
import { comingUp, isRolling } from './comingUp.ts';
import styles from './overview.module.css';

const ICONS = { good: 'check', quiet: 'info', notice: 'clock', warning: 'warning', danger: 'danger' } as const;

export function ComingUp(): ReactNode {
  const bridge = useBridge();
  const [now] = useState(() => Date.now());
  const authorities = useChannel('authorities.list', { limit: 500 }).data?.items ?? [];
  const rolling = authorities.filter(isRolling);
  const rollovers = useQueries({ queries: rolling.map(({ id }) => channelQuery(bridge, 'rollover.status', { authorityId: id, limit: 1 })) });
  const items = rollovers.flatMap(({ data }) => (data === undefined ? [] : (comingUp(data, now) ?? [])));
  if (items.length === 0) return null;
  return (
    <Section title="Coming up">
      <ul className={styles.list}>
        {items.map(({ key, tone, text, at, to }) => (
          <li key={key}>
            <Link to={to} className={styles.coming ?? ''}>
              <span className={styles.comingSign} data-tone={tone}>
                <Icon name={ICONS[tone]} />
              </span>
              <span>{text}</span>
            </Link>
            {at !== null && (
              <span className={styles.when}>
                <Time at={at} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
