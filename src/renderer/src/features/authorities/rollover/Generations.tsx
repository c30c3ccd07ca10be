/** Every generation with its days: what waits, what signs, what went before. */
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { Section } from '../../../design/Page.tsx';
import { StateBadge } from '../../../design/StateBadge.tsx';
import { Time } from '../../../design/Time.tsx';
import { GENERATION_STATE } from '../standing.ts';
import styles from './rollover.module.css';
import type { Rollover } from './stages.ts';

export const Generations = ({ generations }: Pick<Rollover, 'generations'>): ReactNode => (
  <Section title="Generations">
    <Table.ScrollContainer minWidth={520} type="native" tabIndex={0} role="region" aria-label="Table of generations">
      <Table aria-label="Generations" verticalSpacing={6} className="tabular">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Number</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Valid certificates</Table.Th>
            <Table.Th>Took over</Table.Th>
            <Table.Th>Ends</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {generations.map(({ number, state, certificates, activatedAt, activateAt, notAfter }) => (
            <Table.Tr key={number}>
              <Table.Td>{number}</Table.Td>
              <Table.Td>
                <StateBadge look={GENERATION_STATE[state]} />
              </Table.Td>
              <Table.Td>{certificates.toLocaleString('en')}</Table.Td>
              <Table.Td>
                {activatedAt !== null ? <Time at={activatedAt} form="day" /> : activateAt !== null ? <>due <Time at={activateAt} /></> : <span className="muted">–</span>}
              </Table.Td>
              <Table.Td>{notAfter === null ? <span className={styles.under}>Not known yet</span> : <Time at={notAfter} form="day" />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  </Section>
);
