/** The way to each page, the number that waits, and how the CA stands. On a narrow window only the icons are left, with their names as labels. */
import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import type { Output } from '../../../preload/contract/contract.ts';
import { perform, useAction } from '../actions/registry.ts';
import { useChannel } from '../bridge/react.tsx';
import { Icon, type IconName } from '../design/Icon.tsx';
import { Mark } from '../design/Mark.tsx';
import type { Tone } from '../design/tones.ts';
import { navigate } from '../routing/path.ts';
import { PAGES, type PageEntry } from './pages.tsx';
import styles from './shell.module.css';
import type { Status } from './status.ts';

const GROUPS = ['work', 'house', 'look', 'end'] as const;

const STANDS: Readonly<Record<Status['state'] | 'gone', { readonly word: string; readonly tone: Tone; readonly icon: IconName }>> = {
  ready: { word: 'Ready', tone: 'good', icon: 'unlock' },
  locked: { word: 'Locked', tone: 'warning', icon: 'lock' },
  empty: { word: 'Not set up', tone: 'notice', icon: 'info' },
  gone: { word: 'No answer', tone: 'danger', icon: 'danger' },
};

const TITLES: Readonly<Record<keyof typeof STANDS, string>> = {
  ready: 'The vault is open: devices enrol and renew',
  locked: 'The vault is locked: devices are told to come back',
  empty: 'The CA is not set up yet',
  gone: 'The CA does not answer',
};

export function Navigation({ status, unreachable, at }: { readonly status: Status; readonly unreachable: boolean; readonly at: string }): ReactNode {
  const narrow = useMediaQuery('(width <= 860px)', undefined, { getInitialValueInEffect: false });
  const { pending } = status.counts.requests;
  const links = useChannel('courier.status', {}).data?.links ?? [];
  const counts: Readonly<Record<string, number>> = { requests: pending, courier: waitingForCourier(links) };
  const isShown = ({ shown, at: place }: PageEntry): boolean => shown === undefined || (shown === 'paired' && (links.length > 0 || place === at));
  const here = PAGES.find((page) => page.at === at)?.shown;
  const marked = typeof here === 'object' ? here.under : at;
  return (
    <nav className={styles.nav} aria-label="Pages" data-narrow={narrow}>
      <div className={styles.brand}>
        <Mark />
        {!narrow && <span>Countersign</span>}
      </div>
      {GROUPS.map((group) => (
        <ul key={group} className={styles.group} data-group={group}>
          {PAGES.filter((page) => page.group === group && isShown(page)).map((page) => (
            <NavItem key={page.at} page={page} current={page.at === marked} narrow={narrow} count={counts[page.at] ?? 0} />
          ))}
        </ul>
      ))}
      {PAGES.filter((page) => !isShown(page)).map((page) => (
        <Offer key={page.at} page={page} />
      ))}
      <Standing state={unreachable ? 'gone' : status.state} narrow={narrow} />
    </nav>
  );
}

/** What waits for someone to carry a file: requests and revocations at the listener, answers at the signing machine. */
const waitingForCourier = (links: Output<'courier.status'>['links']): number => links.reduce((sum, { role, waiting }) => sum + (role === 'listener' ? waiting.requests + waiting.revocations : waiting.answers), 0);

/** A page without a line of its own, still there for the palette and the menu. */
function Offer({ page }: { readonly page: PageEntry }): null {
  useAction(page.action, () => {
    navigate(`/${page.at}`);
  });
  return null;
}

function NavItem({ page, current, narrow, count }: { readonly page: PageEntry; readonly current: boolean; readonly narrow: boolean; readonly count: number }): ReactNode {
  useAction(page.action, () => {
    navigate(`/${page.at}`);
  });
  const label = count > 0 ? `${page.label}, ${count} waiting` : page.label;
  const link = (
    <a className={styles.item} href={`#/${page.at}`} aria-current={current ? 'page' : undefined} aria-label={narrow ? label : undefined}>
      <Icon name={page.icon} size={18} />
      {!narrow && <span className={styles.itemLabel}>{page.label}</span>}
      {/* Without the space the words on the page were "Requests3", which the link's name does not hold. */}
      {count > 0 && ' '}
      {count > 0 && (
        <span className={styles.count}>
          {count > 999 ? '999+' : count}
          <span className="sr-only"> waiting</span>
        </span>
      )}
    </a>
  );
  return (
    <li>
      {narrow ? (
        <Tooltip label={label} position="right">
          {link}
        </Tooltip>
      ) : (
        link
      )}
    </li>
  );
}

function Standing({ state, narrow }: { readonly state: keyof typeof STANDS; readonly narrow: boolean }): ReactNode {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const { word, tone, icon } = STANDS[state];
  const other = scheme === 'dark' ? 'light' : 'dark';
  const switchScheme = (): void => {
    setColorScheme(other);
  };
  useAction('app.scheme', switchScheme);
  return (
    <div className={styles.standing}>
      <a className={styles.stands} data-tone={tone} href="#/overview" aria-label={`${word}: see the overview`} title={TITLES[state]}>
        <Icon name={icon} />
        {!narrow && word}
      </a>
      <Tooltip label="Lock this window">
        <ActionIcon variant="subtle" color="slate" aria-label="Lock this window" onClick={() => perform('app.lockWindow')}>
          <Icon name="lock" />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={`Switch to ${other}`}>
        <ActionIcon variant="subtle" color="slate" aria-label={`Switch to the ${other} scheme`} onClick={switchScheme}>
          <Icon name={scheme === 'dark' ? 'sun' : 'moon'} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Keyboard shortcuts">
        <ActionIcon variant="subtle" color="slate" aria-label="Keyboard shortcuts" onClick={() => perform('app.help')}>
          <Icon name="help" />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
