/** The menu is a view of the list of actions: nothing in it that the list does not say, and no key that belongs to a text field. */
import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../../../src/preload/contract/actions.ts';
import { acceleratorOf, menuTemplate } from '../../../../src/main/hosts/electron/menuTemplate.ts';

type Item = ReturnType<typeof menuTemplate>[number];
const parts = { actions: ACTIONS, platform: 'linux', develop: false, run: () => undefined } as const;
const flat = (items: readonly Item[]): readonly Item[] => items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);

describe('acceleratorOf', () => {
  it.each([
    ['mod+K', 'CommandOrControl+K'],
    ['mod+shift+l', 'CommandOrControl+Shift+L'],
    ['mod+,', 'CommandOrControl+,'],
  ])('%s is %s', (keys, accelerator) => {
    expect(acceleratorOf(keys)).toBe(accelerator);
  });

  it.each(['J', 'G R', '/', 'Enter', 'mod+K K', undefined])('%s stays the page’s own', (keys) => {
    expect(acceleratorOf(keys)).toBeUndefined();
  });
});

describe('menuTemplate', () => {
  it.each(['linux', 'win32', 'darwin'] as const)('has every action that asks for a place, once, on %s', (platform) => {
    const ids = flat(menuTemplate({ ...parts, platform })).flatMap(({ id }) => (id === undefined ? [] : [id]));
    expect([...ids].sort()).toEqual(
      ACTIONS.filter(({ menu }) => menu !== undefined)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('runs the action that was clicked', () => {
    const ran: string[] = [];
    const item = flat(menuTemplate({ ...parts, run: (action) => ran.push(action) })).find(({ id }) => id === 'go.certificates');
    item?.click?.({} as never, undefined, {} as never);
    expect(ran).toEqual(['go.certificates']);
  });

  it('offers developer tools to a build from sources alone, and no links anywhere', () => {
    const roles = (develop: boolean): readonly unknown[] => flat(menuTemplate({ ...parts, develop })).map(({ role }) => role);
    expect(roles(false)).not.toContain('toggleDevTools');
    expect(roles(false)).not.toContain('reload');
    expect(roles(true)).toContain('toggleDevTools');
  });

  it('quits from the File menu, and on macOS from the application’s own', () => {
    const file = (platform: NodeJS.Platform): readonly Item[] => menuTemplate({ ...parts, platform }).find(({ label }) => label === 'File')?.submenu as readonly Item[];
    expect(file('win32').map(({ role }) => role)).toContain('quit');
    expect(file('darwin').map(({ role }) => role)).not.toContain('quit');
    expect(menuTemplate({ ...parts, platform: 'darwin' })[0]?.role).toBe('appMenu');
  });

  it('two actions never share an accelerator', () => {
    const used = flat(menuTemplate(parts)).flatMap(({ accelerator }) => (typeof accelerator === 'string' ? [accelerator] : []));
    expect(new Set(used).size).toBe(used.length);
  });
});
