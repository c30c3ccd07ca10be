/** The end of the first run: what devices need to know, how a first one enrols, and the moment in which it does. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { CopyLine } from '../../design/CopyLine.tsx';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import { Icon } from '../../design/Icon.tsx';
import { isLoopback } from '../../design/network.ts';
import { Note } from '../../design/Note.tsx';
import { Answered, Facts } from '../../design/Page.tsx';
import { QrCode } from '../../design/QrCode.tsx';
import { Link } from '../../routing/Link.tsx';
import type { Authority } from './authorityForm.ts';
import type { EnrolmentFacts } from './clientCommands.ts';
import { FirstContact } from './FirstContact.tsx';
import { FirstDevice } from './FirstDevice.tsx';
import type { Kind } from './steps.ts';
import { StepFrame } from './StepFrame.tsx';
import styles from './welcome.module.css';

export function DeviceStep({ authorities, kind }: { readonly authorities: readonly Authority[]; readonly kind: Kind | undefined }): ReactNode {
  const endpoints = useChannel('endpoints.list', { limit: 500 });
  return (
    <StepFrame title="Enrol a first device" lead="The CA is ready. Give a device its URL and a challenge, or let it ask and approve it yourself; compare the fingerprint where the device shows one.">
      <Answered query={endpoints}>
        {({ items }) => {
          const endpoint = items.find(({ path }) => path === '/scep') ?? items[0];
          const authority = authorities.find(({ id }) => id === endpoint?.authorityId);
          if (endpoint === undefined || authority === undefined) {
            return (
              <Note tone="notice" title="There is no endpoint">
                Devices have no URL to enrol at. <Link to="/endpoints" underline="always">
                  Make an endpoint
                </Link>
              </Note>
            );
          }
          if (endpoint.url === null) {
            return (
              <Note tone="warning" title="The device listener is down">
                It must listen before a device can enrol. <Link to="/welcome?step=network" underline="always">
                  Choose a network and a port
                </Link>
              </Note>
            );
          }
          return (
            <>
              <Reach url={endpoint.url} authority={authority} />
              <FirstDevice endpoint={endpoint} facts={factsOf(endpoint.url, endpoint.compatibility, authority, rootOf(authority, authorities, kind))} />
            </>
          );
        }}
      </Answered>
      <FirstContact />
    </StepFrame>
  );
}

function Reach({ url, authority: { commonName, fingerprints } }: { readonly url: string; readonly authority: Authority }): ReactNode {
  const [qr, setQr] = useState(false);
  return (
    <section className={styles.keepsake} aria-labelledby="reach-title">
      <div className={styles.keepsakeHead}>
        <h2 id="reach-title">What devices need to know</h2>
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="qr" />}
          aria-expanded={qr}
          onClick={() => {
            setQr(!qr);
          }}
        >
          {qr ? 'Hide the QR code' : 'QR code'}
        </Button>
      </div>
      <div className={styles.stack}>
        <CopyLine value={url} label="Copy the SCEP URL" />
        {qr && <QrCode text={url} label={`QR code of ${url}`} />}
        {isLoopback(new URL(url).hostname) && (
          <p className="muted">
            Only this computer reaches that address. <Link to="/welcome?step=network" underline="always">
              Choose a network
            </Link>{' '}
            for other devices.
          </p>
        )}
        <Facts
          items={[
            ['CA', commonName],
            ['SHA-256', fingerprints === null ? null : <Fingerprint key="sha256" name={`SHA-256 of ${commonName}`} hex={fingerprints.sha256} />],
            ['SHA-1', fingerprints === null ? null : <Fingerprint key="sha1" name={`SHA-1 of ${commonName}`} hex={fingerprints.sha1} />],
          ]}
        />
      </div>
    </section>
  );
}

/** An authority that was signed elsewhere may have come without the chain that would tell. */
function rootOf(authority: Authority, authorities: readonly Authority[], kind: Kind | undefined): EnrolmentFacts['root'] {
  const parent = authorities.find(({ id }) => id === authority.parentId);
  return parent?.number ?? (kind === 'offline' || authority.chainPem.length > 1 ? 'elsewhere' : 'self');
}

const factsOf = (url: string, compatibility: EnrolmentFacts['compatibility'], authority: Authority, root: EnrolmentFacts['root']): Omit<EnrolmentFacts, 'password'> => ({
  url,
  compatibility,
  authorityNumber: authority.number,
  mode: authority.scepKey,
  root,
  recipientSha256: authority.scepCertificate?.sha256 ?? authority.fingerprints?.sha256 ?? '',
});
