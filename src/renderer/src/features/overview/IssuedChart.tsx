/** What was issued and revoked in the last thirty days, as a picture and as its table. */
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { Answered, Section } from '../../design/Page.tsx';
import { type Day, HEIGHT, WIDTH, drawChart, sayDate, sayTotals, totalsOf } from './chart.ts';
import styles from './overview.module.css';

const DAYS = 30;

export function IssuedChart(): ReactNode {
  const history = useChannel('status.history', { days: DAYS });
  return (
    <Section title="Issued over time">
      <Answered query={history}>{({ days }) => <Picture days={days} />}</Answered>
    </Section>
  );
}

function Picture({ days }: { readonly days: readonly Day[] }): ReactNode {
  const { bars, barWidth, zero, top } = drawChart(days);
  const sentence = sayTotals(totalsOf(days), days.length);
  const first = days[0];
  const last = days.at(-1);
  return (
    <>
      <p className={styles.sentence}>{sentence}</p>
      <div className={styles.chart}>
        <span className={styles.top} aria-hidden="true">
          {top.toLocaleString('en')}
        </span>
        <svg role="img" aria-label={sentence} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
          <line className={styles.grid} x1={0} x2={WIDTH} y1={0.5} y2={0.5} vectorEffect="non-scaling-stroke" />
          <line className={styles.grid} x1={0} x2={WIDTH} y1={zero / 2} y2={zero / 2} vectorEffect="non-scaling-stroke" />
          {bars.map(({ kind, x, y, height }) => (
            <rect key={`${kind} ${x}`} className={styles[kind]} x={x} y={y} width={barWidth} height={height} />
          ))}
          <line className={styles.zero} x1={0} x2={WIDTH} y1={zero} y2={zero} vectorEffect="non-scaling-stroke" />
        </svg>
      </div>
      <div className={styles.ends}>
        <span>{first === undefined ? '' : sayDate(first.date)}</span>
        <ul className={styles.legend} aria-hidden="true">
          <li>
            <i className={styles.new} /> First enrolment
          </li>
          <li>
            <i className={styles.renewed} /> Renewal
          </li>
          <li>
            <i className={styles.revoked} /> Revoked, below the line
          </li>
        </ul>
        <span>{last === undefined ? '' : sayDate(last.date)}</span>
      </div>
      <details className={styles.details}>
        <summary>The same as a table</summary>
        <Table.ScrollContainer minWidth={320} maxHeight={320} scrollAreaProps={{ tabIndex: -1 }}>
          <Table aria-label="Issued and revoked, by day" verticalSpacing={4} className="tabular">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Day (UTC)</Table.Th>
                <Table.Th ta="right">Issued</Table.Th>
                <Table.Th ta="right">Renewals among them</Table.Th>
                <Table.Th ta="right">Revoked</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {days.toReversed().map(({ date, issued, renewed, revoked }) => (
                <Table.Tr key={date}>
                  <Table.Td>
                    <time dateTime={date}>{sayDate(date)}</time>
                  </Table.Td>
                  <Table.Td ta="right">{issued}</Table.Td>
                  <Table.Td ta="right">{renewed}</Table.Td>
                  <Table.Td ta="right">{revoked}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </details>
    </>
  );
}
