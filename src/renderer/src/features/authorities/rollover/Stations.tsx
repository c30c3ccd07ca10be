/** Where the rollover stands: five stations in a row, told by word and sign, and since when. */
import type { ReactNode } from 'react';
import { Icon } from '../../../design/Icon.tsx';
import { Time } from '../../../design/Time.tsx';
import styles from './rollover.module.css';
import { type Rollover, type Station, stationsOf } from './stages.ts';

const SIGNS = { done: 'Done: ', here: 'Now: ', 'to-come': 'To come: ' } as const;

export const Stations = ({ rollover }: { readonly rollover: Rollover }): ReactNode => (
  <ol className={styles.stations} aria-label="Where the rollover stands">
    {stationsOf(rollover).map((station, index) => (
      <li key={station.key} className={styles.station} data-state={station.state} aria-current={station.state === 'here' ? 'step' : undefined}>
        <span className={styles.sign}>{station.state === 'done' ? <Icon name="check" size={13} /> : index + 1}</span>
        <span className={styles.stationWords}>
          <span className="sr-only">{SIGNS[station.state]}</span>
          <span className={styles.stationName}>{station.label}</span>
          <Since station={station} />
        </span>
      </li>
    ))}
  </ol>
);

const Since = ({ station: { at, state } }: { readonly station: Station }): ReactNode =>
  at === null ? null : (
    <span className={styles.since}>
      {state === 'to-come' ? 'by itself ' : ''}
      <Time at={at} form="day" />
    </span>
  );
