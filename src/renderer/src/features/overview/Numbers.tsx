/** Three numbers that say whether there is something to do, each a way to its list. */
import type { ReactNode } from 'react';
import { type Path, pathTo } from '../../routing/path.ts';
import styles from './overview.module.css';

export interface NumbersProps {
  readonly waiting: number;
  /** Devices’ certificates; undefined until it is known. */
  readonly valid: number | undefined;
  readonly expiring: number | undefined;
  readonly expiringDays: number;
}

export function Numbers({ waiting, valid, expiring, expiringDays }: NumbersProps): ReactNode {
  return (
    <ul className={styles.numbers}>
      <Figure value={waiting} label={waiting === 1 ? 'request waits for you' : 'requests wait for you'} to="/requests" call={waiting > 0} />
      <Figure value={valid} label={valid === 1 ? 'valid certificate' : 'valid certificates'} to={pathTo(['certificates'], { show: 'valid' })} />
      <Figure value={expiring} label={`end within ${expiringDays} days`} to={pathTo(['certificates'], { show: `expiring${expiringDays}` })} />
    </ul>
  );
}

function Figure({ value, label, to, call = false }: { readonly value: number | undefined; readonly label: string; readonly to: Path; readonly call?: boolean }): ReactNode {
  return (
    <li>
      <a className={styles.number} href={`#${to}`} data-call={call}>
        <strong className="tabular">{value === undefined ? '…' : value.toLocaleString('en')}</strong>
        <span>{label}</span>
      </a>
    </li>
  );
}
