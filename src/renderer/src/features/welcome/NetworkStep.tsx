/** Which network the devices are in, and by which address they and others find the CA. */
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { type CallError, callOrThrow, useBridge, useChannel } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { fieldProblem } from '../../design/fieldProblem.ts';
import { type NetworkAddress, NetworkFields } from '../../design/NetworkFields.tsx';
import { isLoopback, placesOf, proposeBaseUrl } from '../../design/network.ts';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { Answered } from '../../design/Page.tsx';
import { StepFrame } from './StepFrame.tsx';

export function NetworkStep({ onDone }: { readonly onDone: () => void }): ReactNode {
  const listener = useChannel('listener.get', {});
  const interfaces = useChannel('listener.interfaces', {});
  const settings = useChannel('settings.get', {});
  return (
    <Answered query={listener}>
      {(state) => (
        <Answered query={interfaces}>
          {({ items }) => <Answered query={settings}>{({ publicBaseUrl }) => <NetworkForm state={state} interfaces={items} publicBaseUrl={publicBaseUrl} onDone={onDone} />}</Answered>}
        </Answered>
      )}
    </Answered>
  );
}

interface NetworkFormProps {
  readonly state: Output<'listener.get'>;
  readonly interfaces: Output<'listener.interfaces'>['items'];
  readonly publicBaseUrl: string | null;
  readonly onDone: () => void;
}

function NetworkForm({ state, interfaces, publicBaseUrl, onDone }: NetworkFormProps): ReactNode {
  const bridge = useBridge();
  const [address, setAddress] = useState<NetworkAddress>({ host: state.host, port: state.port });
  // Until it is typed in, it follows the network that is chosen.
  const [typed, setTyped] = useState<string | undefined>(publicBaseUrl ?? undefined);
  const { host, port } = address;
  const url = typed ?? (port === undefined ? '' : proposeBaseUrl(host, port, interfaces));
  const apply = useMutation<void, CallError>({
    mutationFn: async () => {
      if (port === undefined) return;
      await callOrThrow(bridge, 'settings.update', { publicBaseUrl: url.trim() === '' ? null : url.trim() });
      await callOrThrow(bridge, 'listener.configure', { host, port });
    },
    onSuccess: () => {
      announce(`The CA listens on ${host}, port ${port ?? ''}`);
      onDone();
    },
  });
  const urlProblem = fieldProblem(apply.error?.problem, ['publicBaseUrl']);
  return (
    <StepFrame
      title="Which network are the devices in?"
      lead="Devices speak to the CA over plain HTTP, on a port of their own. This window is not reachable there: it stays on this computer."
      onSubmit={() => {
        if (port !== undefined) apply.mutate();
      }}
      foot={
        <Button type="submit" loading={apply.isPending} disabled={port === undefined}>
          Listen there
        </Button>
      }
    >
      <NetworkFields places={placesOf(interfaces, state.host)} value={address} onChange={setAddress} />
      <TextInput
        label="Public address"
        placeholder={isLoopback(host) ? 'Leave it empty while only this computer is served' : 'http://ca.office.lan:8080'}
        description="Written into certificates, so that whoever checks one finds the revocation list. A name survives a change of address. Empty: nothing is written."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={url}
        error={urlProblem?.publicBaseUrl}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      {isLoopback(host) && (
        <Note tone="notice" title="Only this computer can enrol">
          Good for a first try with the commands of the last step. Move the listener later under Settings.
        </Note>
      )}
      {apply.error !== null && urlProblem === undefined && <ProblemNote problem={apply.error.problem} />}
    </StepFrame>
  );
}
