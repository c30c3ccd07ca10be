/** What makes devices and their managers trust an authority: files for each of them, where each file goes, and what to compare. */
import { Button, Collapse } from '@mantine/core';
import { type ReactNode, useCallback, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { callOrThrow, useChannel } from '../../bridge/react.tsx';
import { CopyLine } from '../../design/CopyLine.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Answered, Section } from '../../design/Page.tsx';
import { QrCode } from '../../design/QrCode.tsx';
import { SaveButton } from '../../design/SaveButton.tsx';
import styles from './authorities.module.css';
import { FingerprintSheet } from './FingerprintSheet.tsx';
import { type AuthorityDetail, readKitText } from './standing.ts';

type Target = Output<'kits.targets'>['items'][number];

export function TrustExport({ authority }: { readonly authority: AuthorityDetail }): ReactNode {
  const targets = useChannel('kits.targets', {});
  return (
    <>
      <Section title="Files">
        <p className={styles.lead}>Certificates only: none of these files holds a secret. Devices that trust them trust every certificate that {authority.commonName} issues.</p>
        <Answered query={targets} lines={6}>
          {({ items }) => (
            <ul className={styles.targets}>
              {items.map((target) => (
                <TargetLine key={target.target} target={target} authorityId={authority.id} />
              ))}
            </ul>
          )}
        </Answered>
      </Section>
      <Compare authority={authority} />
    </>
  );
}

function TargetLine({ target: { target, title, text }, authorityId }: { readonly target: Target; readonly authorityId: string }): ReactNode {
  const [opened, setOpened] = useState(false);
  const kit = useChannel('kits.build', { target, authorityId }, { enabled: opened });
  const panel = `where-${target}`;
  return (
    <li className={styles.target}>
      <div className={styles.targetHead}>
        <div className={styles.targetText}>
          <h3>{title}</h3>
          <p>{text}</p>
        </div>
        <div className={styles.targetActions}>
          <Button
            variant="subtle"
            color="slate"
            size="xs"
            aria-expanded={opened}
            aria-controls={panel}
            aria-label={`Where it goes: ${title}`}
            rightSection={<Icon name={opened ? 'down' : 'right'} size={13} />}
            onClick={() => {
              setOpened(!opened);
            }}
          >
            Where it goes
          </Button>
          <SaveButton size="xs" aria-label={`Save: ${title}`} files={async (bridge) => (await callOrThrow(bridge, 'kits.build', { target, authorityId })).files}>
            Save
          </SaveButton>
        </div>
      </div>
      <Collapse expanded={opened} id={panel}>
        <div className={styles.where}>
          <Answered query={kit} lines={3}>
            {({ files, text: words }) => (
              <>
                <dl>
                  {readKitText(words).map(({ head, lines }) => (
                    <div key={`${head} ${lines[0]}`} data-plain={head === null}>
                      {head !== null && <dt>{head}</dt>}
                      {lines.map((line) => (
                        <dd key={line} className={lines.length > 1 || /^[^:]*: [0-9a-f]{64}$/.test(line) ? styles.digestLine : undefined}>
                          {line}
                        </dd>
                      ))}
                    </div>
                  ))}
                </dl>
                <p className={styles.remark}>{files.length === 1 ? 'One file: ' : `${files.length} files: `}{files.map(({ name }) => name).join(', ')}</p>
              </>
            )}
          </Answered>
        </div>
      </Collapse>
    </li>
  );
}

/** For whoever stands at the device: the certificate's address and its fingerprint as codes, and both on paper. */
function Compare({ authority }: { readonly authority: AuthorityDetail }): ReactNode {
  const listener = useChannel('listener.get', {});
  const endpoints = useChannel('endpoints.list', { limit: 500 });
  const [printing, setPrinting] = useState(false);
  const done = useCallback(() => {
    setPrinting(false);
  }, []);
  const sha256 = authority.fingerprints?.sha256;
  const base = listener.data?.baseUrl ?? null;
  const url = base === null ? null : `${base}/ca/${authority.number}.cer`;
  const urls = (endpoints.data?.items ?? []).flatMap(({ authorityId, enabled, url: scep }) => (authorityId === authority.id && enabled && scep !== null ? [scep] : []));
  return (
    <Section
      title="At the device"
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="print" />}
          onClick={() => {
            setPrinting(true);
          }}
        >
          Print sheet
        </Button>
      }
    >
      <p className={styles.lead}>Fetch the certificate from here, then compare its fingerprint: the address alone proves nothing.</p>
      {url === null ? (
        <p className="muted">The listener is down, so there is no address to fetch it from. The fingerprint is the same.</p>
      ) : (
        <CopyLine value={url} label="Copy the address of the certificate" />
      )}
      <div className={styles.codes}>
        {url !== null && (
          <figure>
            <QrCode text={url} label="QR code of the certificate’s address" size={148} />
            <figcaption>Address of the certificate</figcaption>
          </figure>
        )}
        {sha256 !== undefined && (
          <figure>
            <QrCode text={sha256} label="QR code of the certificate’s SHA-256 fingerprint" size={148} />
            <figcaption>SHA-256 fingerprint</figcaption>
          </figure>
        )}
      </div>
      {printing && <FingerprintSheet authority={authority} certificateUrl={url} scepUrls={urls} onDone={done} />}
    </Section>
  );
}
