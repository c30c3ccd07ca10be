/** The certificate that a sample device would get under the profile as it is typed: from the CA's own plan and lint, or why it would get none. */
import { NativeSelect, SegmentedControl, TagsInput, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useId, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { useChannel } from '../../bridge/react.tsx';
import { Note } from '../../design/Note.tsx';
import { Loading } from '../../design/Page.tsx';
import { Time } from '../../design/Time.tsx';
import { SEVERITY } from '../../design/tones.ts';
import { sayUsage } from '../../design/usages.ts';
import styles from './preview.module.css';
import { findProfileErrors } from './profileErrors.ts';
import type { Profile } from './words.ts';

const REST_MS = 250;

export function ProfilePreview({ draft, isNew }: { readonly draft: Profile; readonly isNew: boolean }): ReactNode {
  const heading = useId();
  const invalid = Object.entries(findProfileErrors(draft)).some(([field]) => field !== 'name');
  const authorities = useChannel('authorities.list', { limit: 500 });
  const [subject, setSubject] = useState('CN=printer-2f.office.lan');
  const [names, setNames] = useState<readonly string[]>([]);
  const [key, setKey] = useState<'rsa-2048' | 'p256'>('rsa-2048');
  const [chosen, setChosen] = useState<string>();
  const usable = (authorities.data?.items ?? []).filter(({ fingerprints }) => fingerprints !== null);
  const authorityId = chosen ?? usable[0]?.id;

  const { id, version: _version, name, ...rest } = draft;
  const fields = { ...rest, name: name.trim() === '' ? 'New profile' : name };
  const [asked] = useDebouncedValue({ fields, subject, names: [...names], key }, REST_MS);
  const preview = useChannel(
    'profiles.preview',
    { ...(isNew ? {} : { id }), fields: asked.fields, authorityId: authorityId ?? '-', subject: asked.subject, subjectAltNames: asked.names, key: asked.key },
    { enabled: authorityId !== undefined && !invalid, keep: true },
  );
  return (
    <aside className={styles.preview} aria-labelledby={heading}>
      <h2 id={heading} className={styles.title}>
        What a device would get
      </h2>
      <div className={styles.sample}>
        <TextInput
          label="It asks for"
          size="xs"
          classNames={{ input: 'mono' }}
          maxLength={500}
          value={subject}
          onChange={(event) => {
            setSubject(event.currentTarget.value);
          }}
        />
        <TagsInput
          label="With the names"
          size="xs"
          classNames={{ input: 'mono' }}
          placeholder={names.length === 0 ? 'DNS:printer-2f.office.lan' : ''}
          splitChars={[',', ' ']}
          maxTags={20}
          value={[...names]}
          onChange={setNames}
        />
        <div className={styles.row}>
          <SegmentedControl
            aria-label="Kind of its key"
            size="xs"
            value={key}
            data={[
              { value: 'rsa-2048', label: 'RSA key' },
              { value: 'p256', label: 'EC key' },
            ]}
            onChange={(value) => {
              setKey(value === 'p256' ? 'p256' : 'rsa-2048');
            }}
          />
          {usable.length > 1 && (
            <NativeSelect
              aria-label="Authority that signs"
              size="xs"
              value={authorityId ?? ''}
              data={usable.map((authority) => ({ value: authority.id, label: authority.commonName }))}
              onChange={(event) => {
                setChosen(event.currentTarget.value);
              }}
            />
          )}
        </div>
      </div>
      <div aria-live="polite" aria-busy={preview.isFetching}>
        {invalid ? (
          <Note tone="quiet" title="The preview waits">
            It comes back when every field has a value that can be.
          </Note>
        ) : authorityId === undefined && authorities.data !== undefined ? (
          <Note tone="notice" title="No authority can sign yet">
            The preview needs one with a certificate.
          </Note>
        ) : preview.error !== null ? (
          <Note tone="danger" title="This cannot be previewed">
            {preview.error.problem.message} {preview.error.problem.hint}
          </Note>
        ) : preview.data === undefined ? (
          <Loading lines={7} label="Loading the preview" />
        ) : (
          <Paper preview={preview.data} />
        )}
      </div>
    </aside>
  );
}

function Paper({ preview }: { readonly preview: Output<'profiles.preview'> }): ReactNode {
  if (preview.kind === 'impossible') {
    return (
      <Note tone="danger" title="No certificate">
        {sentence(preview.text)}
      </Note>
    );
  }
  const { subject, subjectAltNames, notBefore, notAfter, keyUsage, extendedKeyUsages, extensions, findings } = preview;
  return (
    <>
      <div className={styles.paper}>
        <div className={styles.kind}>Certificate</div>
        <div className={styles.subject}>{subject === '' ? 'No subject' : subject}</div>
        <dl className={styles.facts}>
          <dt>Names</dt>
          <dd>{subjectAltNames.length === 0 ? <span className="muted">None</span> : subjectAltNames.map((name) => <div key={name}>{name}</div>)}</dd>
          <dt>Valid</dt>
          <dd>
            <Time at={notBefore} form="day" /> to <Time at={notAfter} form="day" />
          </dd>
          <dt>Key usage</dt>
          <dd>{keyUsage.map(sayUsage).join(', ')}</dd>
          <dt>Good for</dt>
          <dd>{extendedKeyUsages.length === 0 ? <span className="muted">No purpose named</span> : extendedKeyUsages.map(sayUsage).join(', ')}</dd>
        </dl>
        <details className={styles.extensions}>
          <summary>{extensions.length} extensions</summary>
          <dl>
            {extensions.map(({ oid, name, critical, text }) => (
              <div key={oid}>
                <dt>
                  {name}
                  {critical && <span className="muted"> critical</span>}
                </dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </details>
      </div>
      {findings.map(({ code, severity, text }) => (
        <div key={`${code} ${text}`} className={styles.finding}>
          <Note tone={SEVERITY[severity].tone}>{text}</Note>
        </div>
      ))}
    </>
  );
}

/** Without the field's name, which stands beside the field. */
function sentence(text: string): string {
  const words = text.replace(/^[a-z][A-Za-z]+: /, '');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.?]$/.test(words) ? '' : '.'}`;
}
