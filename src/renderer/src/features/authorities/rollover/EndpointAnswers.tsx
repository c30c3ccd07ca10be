/** What one endpoint says of itself now, once the next CA is published, and after the takeover. */
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Output } from '../../../../../preload/contract/contract.ts';
import { Icon } from '../../../design/Icon.tsx';
import { CertificateLines } from './CertificateLines.tsx';
import styles from './rollover.module.css';

type Endpoint = Output<'rollover.preview'>['endpoints'][number];

const MOMENTS = ['now', 'published', 'activated'] as const;
const MOMENT_WORDS = { now: 'Now', published: 'Once published', activated: 'After the takeover' } as const;

/** Every capability that is announced at any of the three moments, in the order in which it is. */
export const capabilityRows = ({ capabilities }: Pick<Endpoint, 'capabilities'>): readonly (readonly [string, readonly boolean[]])[] =>
  [...new Set(MOMENTS.flatMap((moment) => capabilities[moment]))].map((name) => [name, MOMENTS.map((moment) => capabilities[moment].includes(name))]);

export function EndpointAnswers({ endpoint }: { readonly endpoint: Endpoint }): ReactNode {
  const { path, caCertificates } = endpoint;
  const rows = capabilityRows(endpoint);
  const changing = rows.filter(([, told]) => told.includes(false));
  const unchanged = rows.filter(([, told]) => !told.includes(false)).map(([name]) => name);
  return (
    <div className={styles.endpoint}>
      <h3 className={styles.subtitle}>
        <code>{path}</code>
      </h3>
      <div className={styles.stack}>
        <Table.ScrollContainer minWidth={400} type="native" tabIndex={0} role="region" aria-label={`Capabilities of ${path}`}>
          <Table aria-label={`What ${path} announces`} verticalSpacing={4} className={styles.capabilities ?? ''}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>GetCACaps</Table.Th>
                {MOMENTS.map((moment) => (
                  <Table.Th key={moment}>{MOMENT_WORDS[moment]}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {changing.map(([name, told]) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row">{name}</Table.Th>
                  {told.map((on, index) => (
                    <Table.Td key={MOMENTS[index]}>{on ? <Yes /> : <span className="muted">–<span className="sr-only"> not announced</span></span>}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
              <Table.Tr>
                <Table.Td colSpan={1 + MOMENTS.length}>
                  <span className="muted">{changing.length === 0 ? 'Always the same: ' : 'At all three: '}</span>
                  <code>{unchanged.join(', ')}</code>
                </Table.Td>
              </Table.Tr>
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <div className={styles.two}>
          <div>
            <h4 className={styles.smallTitle}>GetCACert now</h4>
            <CertificateLines label={`What ${path} gives now`} certificates={caCertificates.now} />
          </div>
          <div>
            <h4 className={styles.smallTitle}>GetCACert after the takeover</h4>
            <CertificateLines label={`What ${path} gives after the takeover`} certificates={caCertificates.activated} />
          </div>
        </div>
      </div>
    </div>
  );
}

const Yes = (): ReactNode => (
  <>
    <Icon name="check" size={14} />
    <span className="sr-only">announced</span>
  </>
);
