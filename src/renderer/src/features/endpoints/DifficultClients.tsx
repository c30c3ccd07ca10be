/** Switches that one client or another needs; the defaults are right for all that are not named here. */
import { Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { Section } from '../../design/Page.tsx';
import { Choices } from './Choices.tsx';
import styles from './endpoints.module.css';
import { CA_CERTIFICATES, EMPTY_CONTENT, type Endpoint } from './words.ts';

export interface DifficultClientsProps {
  readonly draft: Endpoint;
  readonly set: (change: Partial<Endpoint>) => void;
}

export function DifficultClients({ draft, set }: DifficultClientsProps): ReactNode {
  return (
    <Section title="For difficult clients">
      <p className={styles.lead}>Leave these alone until a device of the named kind fails.</p>
      <div className={styles.stack}>
        <Choices
          label="What a device gets when it asks for the CA certificate"
          choices={CA_CERTIFICATES}
          value={draft.caCertificates}
          onChange={(caCertificates) => {
            set({ caCertificates });
          }}
        />
        <Switch
          label="Put the root into the chain"
          description="For clients that build trust from this answer alone, as they know it from Windows NDES. Others take the root from their own store."
          checked={draft.includeRoot}
          onChange={(event) => {
            set({ includeRoot: event.currentTarget.checked });
          }}
        />
        <Switch
          label="Send the CA certificate along with the issued one"
          description="Cisco’s VPN client needs it there. Juniper refuses an answer that has it."
          checked={draft.caInCertRep}
          onChange={(event) => {
            set({ caInCertRep: event.currentTarget.checked });
          }}
        />
        <Choices
          label="Content of “wait” and “refused” answers"
          choices={EMPTY_CONTENT}
          value={draft.emptyContent}
          onChange={(emptyContent) => {
            set({ emptyContent });
          }}
        />
        <Switch
          label="Announce SHA-384"
          description="strongSwan 5.9.8, as in Debian 12, overlooks AES unless this unregistered word is listed. Other clients pass over it."
          checked={draft.announceSha384}
          onChange={(event) => {
            set({ announceSha384: event.currentTarget.checked });
          }}
        />
      </div>
    </Section>
  );
}
