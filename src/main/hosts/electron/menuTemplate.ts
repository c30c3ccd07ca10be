/**
 * The application menu as data, from the list of actions that also feeds the palette, the keyboard and the help. Free of Electron at run time;
 * menu.ts hands it over.
 */
import type { MenuItemConstructorOptions } from 'electron';
import type { ActionEntry, ActionMenu } from '../../../preload/contract/actions.ts';

export interface MenuParts {
  readonly actions: readonly ActionEntry[];
  readonly platform: NodeJS.Platform;
  /** A build from sources has developer tools. */
  readonly develop: boolean;
  readonly run: (action: string) => void;
}

const NAMES: Readonly<Record<string, string>> = { mod: 'CommandOrControl', shift: 'Shift', alt: 'Alt', ctrl: 'Control', meta: 'Super', ',': ',' };

/**
 * `mod+shift+L` as Electron writes it. Undefined for keys without `mod`: those are the page's own (a menu would take them from a text field).
 */
export function acceleratorOf(keys: string | undefined): string | undefined {
  if (keys === undefined || !/^mod\+\S+$/.test(keys)) return undefined;
  return keys
    .split('+')
    .map((key) => NAMES[key] ?? key.toUpperCase())
    .join('+');
}

/** The menu bar of this system. */
export function menuTemplate({ actions, platform, develop, run }: MenuParts): MenuItemConstructorOptions[] {
  const of = (menu: ActionMenu): MenuItemConstructorOptions[] =>
    actions
      .filter((action) => action.menu === menu)
      .map(({ id, label, keys }) => {
        const accelerator = acceleratorOf(keys);
        return {
          id,
          // `&` would underline the next letter.
          label: label.replaceAll('&', '&&'),
          click: () => {
            run(id);
          },
          ...(accelerator === undefined ? {} : { accelerator }),
        };
      });
  const mac = platform === 'darwin';
  const line: MenuItemConstructorOptions = { type: 'separator' };
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: 'File', submenu: [...of('file'), line, { role: 'close' }, ...(mac ? [] : [{ role: 'quit' } as const])] },
    { role: 'editMenu' },
    { label: 'View', submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, line, { role: 'togglefullscreen' }] },
    { label: 'Go', submenu: of('go') },
    { label: 'CA', submenu: of('ca') },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    { role: 'help', label: 'Help', submenu: of('help') },
    ...(develop ? [{ label: 'Develop', submenu: [{ role: 'reload' } as const, { role: 'toggleDevTools' } as const] }] : []),
  ];
}
