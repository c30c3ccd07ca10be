/** The certificate as a file, in the forms that devices and their admins ask for. */
import { Button, Menu } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Input } from '../../../../preload/contract/contract.ts';
import { CallError, callOrThrow, useBridge } from '../../bridge/react.tsx';
import type { Problem } from '../../../../preload/contract/reply.ts';
import { Icon } from '../../design/Icon.tsx';
import { saveFile } from '../../design/saveFile.ts';

type Format = NonNullable<Input<'certificates.export'>['format']>;

const FORMATS: readonly { readonly format: Format; readonly label: string }[] = [
  { format: 'pem', label: 'PEM (text)' },
  { format: 'der', label: 'DER (binary, .cer)' },
  { format: 'chain', label: 'PEM with its chain' },
];

export function ExportMenu({ id, onProblem }: { readonly id: string; readonly onProblem: (problem: Problem | undefined) => void }): ReactNode {
  const bridge = useBridge();
  const [busy, setBusy] = useState(false);
  const save = async (format: Format): Promise<void> => {
    onProblem(undefined);
    setBusy(true);
    try {
      await saveFile(bridge, await callOrThrow(bridge, 'certificates.export', { id, format }));
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      onProblem(error.problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="download" />} rightSection={<Icon name="down" size={12} />} loading={busy}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(({ format, label }) => (
          <Menu.Item key={format} onClick={() => void save(format)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
