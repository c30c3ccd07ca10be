/** All shortcuts, from the registry. */
import { Modal, Table } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ACTIONS } from '../../../preload/contract/actions.ts';
import { useAction } from '../actions/registry.ts';
import { KeyWords } from '../actions/KeyWords.tsx';
import { Link } from '../routing/Link.tsx';

const GROUPS = ['Requests', 'Anywhere', 'Go to', 'Create'] as const;

export function Help(): ReactNode {
  const [opened, setOpened] = useState(false);
  const close = (): void => {
    setOpened(false);
  };
  useAction('app.help', () => {
    setOpened(true);
  });
  return (
    <Modal opened={opened} onClose={close} size="lg" title="Keyboard shortcuts" closeButtonProps={{ 'aria-label': 'Close' }}>
      {GROUPS.map((group) => (
        <Table key={group} mb="md" verticalSpacing={4} aria-label={`Shortcuts: ${group}`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{group}</Table.Th>
              <Table.Th w={170}>Keys</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {ACTIONS.filter((action) => action.group === group).flatMap(({ id, label, keys }) =>
              keys === undefined
                ? []
                : [
                    <Table.Tr key={id}>
                      <Table.Td>{label}</Table.Td>
                      <Table.Td>
                        <KeyWords keys={keys} />
                      </Table.Td>
                    </Table.Tr>,
                  ],
            )}
          </Table.Tbody>
        </Table>
      ))}
      <p className="muted">
        Single keys rest while you type; <Link to="/settings">Settings</Link> switches them off.
      </p>
    </Modal>
  );
}
