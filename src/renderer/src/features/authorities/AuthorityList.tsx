/** All authorities, children under their parents. They are few; each is a line that leads to its page. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Answered, EmptyState, PageHeader } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { Time } from '../../design/Time.tsx';
import { Link } from '../../routing/Link.tsx';
import { navigate } from '../../routing/path.ts';
import styles from './authorities.module.css';
import { type Placed, authorityLook, currentGeneration, inTree, roleOf, sayKey } from './standing.ts';

export function AuthorityList(): ReactNode {
  const authorities = useChannel('authorities.list', { limit: 500 });
  return (
    <>
      <PageHeader
        title="Authorities"
        subtitle="The CAs that sign what devices get, each under the one that signed it."
        actions={
          <>
            <Button
              variant="default"
              leftSection={<Icon name="download" />}
              onClick={() => {
                navigate('/migration');
              }}
            >
              Bring in another CA
            </Button>
            <Button
              leftSection={<Icon name="plus" />}
              onClick={() => {
                navigate('/authorities?new=1');
              }}
            >
              New authority
            </Button>
          </>
        }
      />
      <div className={styles.page}>
        <Answered query={authorities} lines={5}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon="authority" title="No authority yet">
                Nothing can be issued before there is one. Make it with New authority.
              </EmptyState>
            ) : (
              <>
                <ul className={styles.list}>
                  {inTree(items).map((placed) => (
                    <Line key={placed.authority.id} placed={placed} />
                  ))}
                </ul>
                <p className={styles.remark}>
                  A CA key that never meets a network? <Link to="/courier">The courier</Link> carries requests to it on a stick.
                </p>
              </>
            )
          }
        </Answered>
      </div>
    </>
  );
}

/** Pixels between a CA and the one above it. */
const INDENT = 34;

function Line({ placed: { authority, depth } }: { readonly placed: Placed }): ReactNode {
  // A list that is looked at is drawn anew long before a certificate's state changes.
  const [now] = useState(() => Date.now());
  const ends = currentGeneration(authority)?.notAfter ?? null;
  return (
    <li>
      <a className={styles.line} href={`#/authorities/${encodeURIComponent(authority.id)}`} style={{ paddingInlineStart: 18 + Math.min(depth, 4) * INDENT }}>
        {depth > 0 && <span className={styles.branch} aria-hidden="true" style={{ insetInlineStart: 18 + (Math.min(depth, 4) - 1) * INDENT + 15 }} />}
        <span className={styles.lineIcon} data-child={depth > 0}>
          <Icon name="authority" size={18} />
        </span>
        <span className={styles.lineName}>
          <span className={styles.name} title={authority.commonName}>
            {authority.commonName}
          </span>
          <span className={styles.under} title={authority.subject}>
            {depth > 0 && <span className="sr-only">Under the authority above. </span>}
            {roleOf(authority)} · {authority.subject}
          </span>
        </span>
        <span className={styles.lineKey}>{sayKey(authority)}</span>
        <span className={styles.lineState}>
          <StateBadge look={authorityLook(authority, now)} />
        </span>
        <span className={styles.lineEnd}>
          {ends === null ? (
            <span className="muted">No end yet</span>
          ) : (
            <>
              <span className="sr-only">Ends </span>
              <Time at={ends} form="day" />
            </>
          )}
        </span>
        <Icon name="right" />
      </a>
    </li>
  );
}
