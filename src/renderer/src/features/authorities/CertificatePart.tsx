/** What an authority is: its certificate, its fingerprints, the chain above it, its keys, its revocation lists and its generations. */
import { Button, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { useChannel, useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { CopyButton } from '../../design/CopyButton.tsx';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { Facts, Section } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { Time } from '../../design/Time.tsx';
import { keyName } from '../../design/authorityDraft.ts';
import { Link } from '../../routing/Link.tsx';
import { pathTo } from '../../routing/path.ts';
import styles from './authorities.module.css';
import { InstallCertificate } from './InstallCertificate.tsx';
import { sayPathLength } from './limitsDraft.ts';
import { NameTrees } from './NameTrees.tsx';
import { ScepKeySection } from './ScepKeySection.tsx';
import { type AuthorityDetail, GENERATION_STATE, currentGeneration } from './standing.ts';

type Part = { readonly authority: AuthorityDetail };

export interface CertificatePartProps extends Part {
  readonly onArrived: (findings: Output<'authorities.installCertificate'>['findings']) => void;
}

export function CertificatePart({ authority, onArrived }: CertificatePartProps): ReactNode {
  return (
    <>
      <CertificateFacts authority={authority} />
      <Fingerprints authority={authority} />
      <Chain authority={authority} onArrived={onArrived} />
      <Keys authority={authority} />
      <ScepKeySection authority={authority} />
      <RevocationLists authority={authority} />
      <Generations authority={authority} />
    </>
  );
}

function CertificateFacts({ authority }: Part): ReactNode {
  const current = currentGeneration(authority);
  const { notBefore, notAfter } = current ?? { notBefore: null, notAfter: null };
  return (
    <Section title="Certificate">
      <Facts
        items={[
          ['Subject', authority.subject],
          ['Serial', authority.chain[0] === undefined ? null : <span className="mono">{authority.chain[0].serial}</span>],
          ['Key', keyName(authority.key)],
          ['Valid from', notBefore === null ? null : <Time at={notBefore} form="full" />],
          ['Valid until', notAfter === null ? null : <Time at={notAfter} form="full" />],
          ['Key identifier', current === undefined ? null : <span className="mono">{current.subjectKeyId}</span>],
          ['CAs below it', sayPathLength(authority.pathLength)],
          ['Names it may certify', authority.nameConstraints === null ? null : <NameTrees constraints={authority.nameConstraints} />],
          ['Made here', <Time at={authority.createdAt} />],
        ]}
      />
    </Section>
  );
}

function Fingerprints({ authority: { fingerprints } }: Part): ReactNode {
  if (fingerprints === null) return null;
  return (
    <Section title="Fingerprints">
      <p className={styles.lead}>Of the certificate above. Whoever enrols a device compares one of them with what the device shows, before it is trusted.</p>
      <Facts
        items={[
          ['SHA-256', <Fingerprint name="the SHA-256 fingerprint" hex={fingerprints.sha256} />],
          ['SHA-1', <Fingerprint name="the SHA-1 fingerprint" hex={fingerprints.sha1} />],
          ['MD5', <Fingerprint name="the MD5 fingerprint" hex={fingerprints.md5} />],
          ['SHA-512', <Fingerprint name="the SHA-512 fingerprint" hex={fingerprints.sha512} />],
        ]}
      />
    </Section>
  );
}

function Chain({ authority, onArrived }: CertificatePartProps): ReactNode {
  const last = authority.chain.at(-1);
  const complete = last?.selfSigned === true;
  return (
    <Section title="Chain">
      {authority.chain.length === 1 && complete ? (
        <p className={styles.lead}>It is a root: it signed its own certificate, and nothing stands above it.</p>
      ) : (
        <ol className={styles.chain}>
          {authority.chain.map(({ subject, serial, notAfter, sha256, selfSigned }, index) => (
            <li key={sha256}>
              <Icon name={selfSigned ? 'authority' : 'certificate'} size={18} />
              <div>
                <div className={styles.chainName}>
                  {subject} {index === 0 && <span className="muted">this authority</span>}
                  {selfSigned && index > 0 && <span className="muted">root</span>}
                </div>
                <div className={styles.under}>
                  Serial <span className="mono">{serial}</span>, until <Time at={notAfter} form="day" />
                </div>
              </div>
            </li>
          ))}
        </ol>
      )}
      {!complete && (
        <div className={styles.below}>
          <Note tone="notice" title="The root is not known here">
            Devices that want the whole chain get what is above. Add the missing certificates to make it complete.
          </Note>
          <InstallCertificate id={authority.id} label="Certificates above" button="Add to the chain" own={authority.certificatePem} onArrived={onArrived} />
        </div>
      )}
    </Section>
  );
}

const PLACES = { keychain: 'In the data folder, wrapped under a key from this computer’s keychain', passphrase: 'In the data folder, wrapped under the vault’s passphrase' } as const;

function Keys({ authority }: Part): ReactNode {
  const status = useChannel('status.get', {});
  const locked = status.data?.state === 'locked';
  return (
    <Section title="Keys">
      <Facts
        items={[
          ['Place', authority.keyPlace === null ? 'Not on this machine' : PLACES[authority.keyPlace]],
          [
            'Signing',
            <StateBadge
              look={
                authority.keyReady
                  ? { word: 'Ready to sign', tone: 'good', icon: 'unlock' }
                  : { word: locked ? 'Vault locked' : 'Cannot sign now', tone: 'warning', icon: 'lock' }
              }
            />,
          ],
        ]}
      />
      {!authority.keyReady && (
        <div className={styles.below}>
          <Note tone="warning" title={locked ? 'The vault is locked' : 'Its key is not in reach'}>
            {locked ? 'Unlock it from the bar at the top of the window. ' : ''}Meanwhile devices get its certificate and its last revocation list; nothing new is signed.
          </Note>
        </div>
      )}
    </Section>
  );
}

function RevocationLists({ authority }: Part): ReactNode {
  const publish = useVerb('crls.publish', {
    touches: ['authorities.get', 'crls.get'],
    onDone: ({ number }) => {
      announce(`Revocation list ${number} is published`);
    },
  });
  return (
    <Section
      title="Revocation lists"
      actions={
        <Button
          size="xs"
          variant="default"
          loading={publish.isPending}
          onClick={() => {
            publish.mutate({ authorityId: authority.id });
          }}
        >
          Publish now
        </Button>
      }
    >
      {authority.crls.length === 0 ? (
        <p className={styles.lead}>No list was published yet.</p>
      ) : (
        <Table.ScrollContainer minWidth={520} type="native" tabIndex={0} role="region" aria-label="Table of revocation lists">
          <Table aria-label="Revocation lists" verticalSpacing={6} className="tabular">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Generation</Table.Th>
                <Table.Th>Number</Table.Th>
                <Table.Th>Revoked</Table.Th>
                <Table.Th>Published</Table.Th>
                <Table.Th>Next by</Table.Th>
                <Table.Th>Address</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {authority.crls.map((crl) => (
                <Table.Tr key={crl.generation}>
                  <Table.Td>{crl.generation}</Table.Td>
                  <Table.Td>{crl.number}</Table.Td>
                  <Table.Td>{crl.entries}</Table.Td>
                  <Table.Td>
                    <Time at={crl.thisUpdate} />
                  </Table.Td>
                  <Table.Td>
                    <Time at={crl.nextUpdate} />
                  </Table.Td>
                  <Table.Td>{crl.url === null ? <span className="muted">Listener is down</span> : <Address url={crl.url} />}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {publish.error !== null && <ProblemNote problem={publish.error.problem} />}
      <p className={styles.remark}>Lists are published by themselves: with each revocation, at half their life, at start and on unlock.</p>
    </Section>
  );
}

const Address = ({ url }: { readonly url: string }): ReactNode => (
  <span className={styles.address}>
    <span className="mono truncate" title={url}>
      {url}
    </span>
    <CopyButton value={url} label="Copy the address of the list" />
  </span>
);

function Generations({ authority }: Part): ReactNode {
  return (
    <Section title="Generations" actions={<Link to={pathTo(['authorities', authority.id, 'rollover'])}>Rollover</Link>}>
      <p className={styles.lead}>Each generation is one key with its certificate, under the same name.</p>
      <ol className={styles.chain}>
        {authority.generations.map(({ number, state, notAfter }) => (
          <li key={number}>
            <span className={styles.generation}>{number}</span>
            <div className={styles.generationState}>
              <StateBadge look={GENERATION_STATE[state]} />
              {notAfter !== null && (
                <span className="muted">
                  until <Time at={notAfter} form="day" />
                </span>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}
