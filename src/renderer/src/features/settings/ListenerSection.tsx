/** Where devices reach the CA, and the address that is written into certificates. Moving it is told with what follows. */
import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { type CallError, callOrThrow, useBridge, useChannel } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { fieldProblem } from '../../design/fieldProblem.ts';
import { type NetworkAddress, NetworkFields } from '../../design/NetworkFields.tsx';
import { otherPort, placesOf, proposeBaseUrl } from '../../design/network.ts';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { Answered, Section } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { SEVERITY } from '../../design/tones.ts';
import type { Settings } from './draft.ts';
import { SaveRow } from './SettingsForm.tsx';
import styles from './settings.module.css';

export function ListenerSection({ settings }: { readonly settings: Settings }): ReactNode {
  const listener = useChannel('listener.get', {});
  const interfaces = useChannel('listener.interfaces', {});
  const look = listener.data?.listening === true ? ({ word: 'Listening', tone: 'good', icon: 'check' } as const) : ({ word: 'Down', tone: 'danger', icon: 'stop' } as const);
  return (
    <Section title="Device listener" actions={listener.data === undefined ? undefined : <StateBadge look={look} />}>
      <Answered query={listener}>{(state) => <Answered query={interfaces}>{({ items }) => <ListenerForm settings={settings} state={state} interfaces={items} />}</Answered>}</Answered>
    </Section>
  );
}

interface ListenerFormProps {
  readonly settings: Settings;
  readonly state: Output<'listener.get'>;
  readonly interfaces: Output<'listener.interfaces'>['items'];
}

function ListenerForm({ settings, state, interfaces }: ListenerFormProps): ReactNode {
  const bridge = useBridge();
  const [address, setAddress] = useState<NetworkAddress>();
  const [url, setUrl] = useState<string>();
  const [saved, setSaved] = useState(false);
  const { host, port } = address ?? state;
  const publicUrl = url ?? settings.publicBaseUrl ?? '';
  const moves = host !== state.host || port !== state.port;
  const readdressed = publicUrl.trim() !== (settings.publicBaseUrl ?? '');
  const dirty = moves || readdressed;
  const proposal = port === undefined ? '' : proposeBaseUrl(host, port, interfaces);
  const elsewhere = otherPort(publicUrl.trim(), port);
  const apply = useMutation<void, CallError>({
    mutationFn: async () => {
      if (port === undefined) return;
      await callOrThrow(bridge, 'settings.update', { publicBaseUrl: publicUrl.trim() === '' ? null : publicUrl.trim() });
      if (moves) await callOrThrow(bridge, 'listener.configure', { host, port });
    },
    onSuccess: () => {
      setAddress(undefined);
      setUrl(undefined);
      setSaved(true);
      announce(moves ? `The listener moved to ${host}, port ${port ?? ''}` : 'Device listener saved');
    },
  });
  const refused = fieldProblem(apply.error?.problem, ['publicBaseUrl']);
  const edited = (): void => {
    setSaved(false);
    apply.reset();
  };
  return (
    <form
      noValidate
      className={styles.form}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (dirty && port !== undefined) apply.mutate();
      }}
    >
      {state.problem !== null && (
        <Note tone="danger" title="Devices cannot reach the CA">
          {state.problem}
        </Note>
      )}
      <NetworkFields
        places={placesOf(interfaces, state.host)}
        value={{ host, port }}
        {...(state.listening ? { present: state } : {})}
        onChange={(next) => {
          edited();
          setAddress(next);
        }}
      />
      <TextInput
        label="Public address"
        placeholder={proposal === '' ? 'http://ca.office.lan:8080' : proposal}
        description="Written into certificates, so that whoever checks one finds the revocation list and the CA. A name survives a change of address. Empty: nothing is written."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={publicUrl}
        error={refused?.publicBaseUrl}
        onChange={(event) => {
          edited();
          setUrl(event.currentTarget.value);
        }}
      />
      {!readdressed &&
        settings.findings.map(({ code, severity, text }) => (
          <Note key={`${code} ${text}`} tone={SEVERITY[severity].tone}>
            <span className="sr-only">{SEVERITY[severity].word}: </span>
            {text}
          </Note>
        ))}
      {/* Of an address that was not sent yet the CA has not said anything. */}
      {elsewhere !== undefined && (readdressed || moves) && (
        <Note tone="quiet">
          The public address names port {elsewhere}, and the listener is on {port}: right where something passes one on to the other.
        </Note>
      )}
      {moves && state.baseUrl !== null && (
        <Note tone="warning" title={`Devices that were told ${state.baseUrl} will not find the CA there any more`}>
          Those that renew by themselves need the new URL. Certificates keep the public address that they were issued with.
        </Note>
      )}
      {apply.error !== null && refused === undefined && <ProblemNote problem={apply.error.problem} />}
      <SaveRow
        title="Device listener"
        dirty={dirty}
        saved={saved}
        blocked={port === undefined}
        saving={apply.isPending}
        verb={moves ? 'Move the listener' : 'Save'}
        onDiscard={() => {
          setAddress(undefined);
          setUrl(undefined);
          apply.reset();
        }}
      />
    </form>
  );
}
