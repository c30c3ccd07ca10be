/** The message as it was logged. */
import type { ReactNode } from 'react';
import { CopyButton } from '../../design/CopyButton.tsx';
import { Facts } from '../../design/Page.tsx';
import { Time } from '../../design/Time.tsx';
import styles from './transactions.module.css';
import type { TransactionDetail } from './types.ts';
import { sayMilliseconds } from './words.ts';

export const RawFacts = ({ transaction }: { readonly transaction: TransactionDetail }): ReactNode => (
  <section className={styles.raw} aria-label="As it was logged">
    <h3 className={styles.heading}>As it was logged</h3>
    <Facts
      items={[
        ['Said', transaction.text],
        ['Code', <code key="code">{transaction.code}</code>],
        ['Message', transaction.operation],
        ['Path', <code key="path">{transaction.path}</code>],
        ['Source', transaction.source],
        ['Device (a guess)', transaction.client],
        ['Subject', transaction.subject],
        [
          'transactionID',
          transaction.transactionId === null ? null : (
            <span key="transactionId" className={styles.copied}>
              <code>{transaction.transactionId}</code>
              <CopyButton value={transaction.transactionId} label="Copy the transactionID" />
            </span>
          ),
        ],
        ['Algorithms', transaction.algorithms],
        ['Answered in', sayMilliseconds(transaction.milliseconds)],
        ['At', <Time key="at" at={transaction.at} form="full" />],
      ]}
    />
  </section>
);
