/** From key presses to actions. */
import { describe, expect, it } from 'vitest';
import { ACTIONS, type ActionEntry } from '../../../src/preload/contract/actions.ts';
import { type Press, isSingleKey, keyWords, readStroke } from '../../../src/renderer/src/actions/keys.ts';

const press = (key: string, modifiers: Partial<Press> = {}): Press => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers });
const idOf = (given: Press, pending?: string, mac = false): string | undefined => readStroke(ACTIONS, given, pending, mac).action?.id;

describe('a key press', () => {
  it.each([
    ['J', press('j'), 'requests.next'],
    ['K', press('k'), 'requests.previous'],
    ['A', press('a'), 'requests.approve'],
    ['R', press('r'), 'requests.refuse'],
    ['X', press('x'), 'requests.select'],
    ['Enter', press('Enter'), 'requests.open'],
    ['/', press('/'), 'app.search'],
    ['/ with shift, as German keyboards have it', press('/', { shiftKey: true }), 'app.search'],
    ['?', press('?', { shiftKey: true }), 'app.help'],
    ['.', press('.'), 'requests.showNew'],
    ['Ctrl K', press('k', { ctrlKey: true }), 'app.palette'],
    ['Ctrl Shift L', press('L', { ctrlKey: true, shiftKey: true }), 'app.lockWindow'],
  ])('%s is its action', (_what, given, id) => {
    expect(idOf(given)).toBe(id);
  });

  it.each([
    ['a letter with shift', press('J', { shiftKey: true })],
    ['a letter with alt', press('j', { altKey: true })],
    ['the other system’s modifier', press('k', { metaKey: true })],
    ['a letter that means nothing', press('q')],
  ])('%s is none', (_what, given) => {
    expect(idOf(given)).toBeUndefined();
  });

  it('is read with Cmd on a Mac', () => {
    expect(idOf(press('k', { metaKey: true }), undefined, true)).toBe('app.palette');
    expect(idOf(press('k', { ctrlKey: true }), undefined, true)).toBeUndefined();
  });
});

describe('two keys one after the other', () => {
  it('wait for the second one and then mean their page', () => {
    expect(readStroke(ACTIONS, press('g'), undefined, false)).toEqual({ action: undefined, pending: 'G' });
    expect(idOf(press('r'), 'G')).toBe('go.requests');
    expect(idOf(press('a'), 'G')).toBe('go.authorities');
  });

  it('mean nothing where the second one fits none, not even its own action', () => {
    expect(readStroke(ACTIONS, press('j'), 'G', false)).toEqual({ action: undefined, pending: undefined });
  });
});

describe('the list of actions', () => {
  it('gives no keys twice', () => {
    const keys = ACTIONS.flatMap((action: ActionEntry) => (action.keys === undefined ? [] : [action.keys.toLowerCase()]));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('tells single keys, which can be switched off, from the others', () => {
    expect([isSingleKey('J'), isSingleKey('G R'), isSingleKey('?'), isSingleKey('mod+K')]).toEqual([true, true, true, false]);
  });

  it('is written as a person reads it', () => {
    expect(keyWords('mod+shift+L', false)).toEqual(['Ctrl', 'Shift', 'L']);
    expect(keyWords('mod+K', true)).toEqual(['⌘', 'K']);
    expect(keyWords('G R', false)).toEqual(['G', 'then', 'R']);
  });
});
