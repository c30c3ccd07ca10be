/** What the keys of a profile's certificates are good for: key usages for RSA and for EC keys, and extended key usages given or allowed. */
import { Checkbox, Table, TagsInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { Section } from '../../design/Page.tsx';
import { sayUsage } from '../../design/usages.ts';
import { toggled } from './changes.ts';
import styles from './endpoints.module.css';
import type { ProfileFieldsProps } from './ProfileFields.tsx';
import { KEY_USAGES, KNOWN_EKUS } from './words.ts';

export function UsageFields({ draft, errors, set }: ProfileFieldsProps): ReactNode {
  const named: readonly string[] = KNOWN_EKUS;
  const others = [...new Set([...draft.extendedKeyUsages, ...draft.allowedExtendedKeyUsages])].filter((oid) => !named.includes(oid));
  const rows = [...named, ...others];
  return (
    <>
      <Section title="Key usage">
        <Matrix
          label="Key usage"
          head={['Use', 'RSA keys', 'EC keys']}
          rows={KEY_USAGES.map((usage) => ({
            id: usage,
            name: sayUsage(usage),
            checks: [
              {
                label: `${sayUsage(usage)} for RSA keys`,
                checked: draft.keyUsageRsa.includes(usage),
                onChange: (on) => {
                  set({ keyUsageRsa: toggled(draft.keyUsageRsa, usage, on, KEY_USAGES) });
                },
              },
              {
                label: `${sayUsage(usage)} for EC keys`,
                checked: draft.keyUsageEc.includes(usage),
                onChange: (on) => {
                  set({ keyUsageEc: toggled(draft.keyUsageEc, usage, on, KEY_USAGES) });
                },
              },
            ],
          }))}
        />
        {[errors.keyUsageRsa, errors.keyUsageEc].map(
          (text) =>
            text !== undefined && (
              <p key={text} role="alert" className={styles.fieldError}>
                {text}
              </p>
            ),
        )}
      </Section>
      <Section title="Extended key usage">
        <p className={styles.lead}>“Given” stands in the certificate of whoever asks for none. “May ask” lets a device ask for exactly what it wants; anything else is refused.</p>
        <Matrix
          label="Extended key usage"
          head={['Purpose', 'Given', 'May ask']}
          rows={rows.map((oid) => ({
            id: oid,
            name: sayUsage(oid),
            under: oid,
            checks: [
              {
                label: `${sayUsage(oid)}: given`,
                checked: draft.extendedKeyUsages.includes(oid),
                onChange: (on) => {
                  set({ extendedKeyUsages: toggled(draft.extendedKeyUsages, oid, on, rows) });
                },
              },
              {
                // What is given may be asked for as well.
                label: `${sayUsage(oid)}: may ask`,
                checked: draft.allowedExtendedKeyUsages.includes(oid) || draft.extendedKeyUsages.includes(oid),
                disabled: draft.extendedKeyUsages.includes(oid),
                onChange: (on) => {
                  set({ allowedExtendedKeyUsages: toggled(draft.allowedExtendedKeyUsages, oid, on, rows) });
                },
              },
            ],
          }))}
        />
        <TagsInput
          mt="sm"
          label="Another purpose"
          description="A dotted object identifier; Enter gives it, in the list above."
          placeholder="1.3.6.1.5.5.8.2.2"
          classNames={{ input: 'mono' }}
          value={[]}
          onChange={(added) => {
            const oid = added.at(-1)?.trim() ?? '';
            if (/^[0-2](\.(0|[1-9]\d*))+$/.test(oid) && !draft.extendedKeyUsages.includes(oid)) set({ extendedKeyUsages: [...draft.extendedKeyUsages, oid] });
          }}
        />
      </Section>
    </>
  );
}

interface Check {
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (on: boolean) => void;
}

interface MatrixProps {
  readonly label: string;
  readonly head: readonly string[];
  readonly rows: readonly { readonly id: string; readonly name: string; readonly under?: string; readonly checks: readonly Check[] }[];
}

const Matrix = ({ label, head, rows }: MatrixProps): ReactNode => (
  <Table aria-label={label} verticalSpacing={5} className={styles.matrix}>
    <Table.Thead>
      <Table.Tr>
        {head.map((text) => (
          <Table.Th key={text}>{text}</Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
    <Table.Tbody>
      {rows.map(({ id, name, under, checks }) => (
        <Table.Tr key={id}>
          <Table.Th scope="row">
            <span className={styles.usage}>{name}</span>
            {under !== undefined && under !== name && <span className={styles.oid}>{under}</span>}
          </Table.Th>
          {checks.map((check) => (
            <Table.Td key={check.label}>
              <Checkbox
                aria-label={check.label}
                checked={check.checked}
                disabled={check.disabled === true}
                onChange={(event) => {
                  check.onChange(event.currentTarget.checked);
                }}
              />
            </Table.Td>
          ))}
        </Table.Tr>
      ))}
    </Table.Tbody>
  </Table>
);
