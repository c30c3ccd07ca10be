/** Where the window opens: where it was, as long as a hand can find its title bar there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { clampBounds, openWindowMemory, readWindowState } from '../../../../src/main/hosts/electron/windowState.ts';

const LEFT = { x: 0, y: 0, width: 1920, height: 1040 };
const RIGHT = { x: 1920, y: 0, width: 1280, height: 984 };
const at = (x: number, y: number, width = 1200, height = 800) => ({ x, y, width, height });

describe('clampBounds', () => {
  it.each([
    ['inside one display', at(100, 100), [LEFT], at(100, 100)],
    ['over the edge of two', at(1800, 50), [LEFT, RIGHT], at(1800, 50)],
    ['half below the screen, its title bar still there', at(100, 700), [LEFT], at(100, 700)],
    ['on a display that was unplugged', at(2400, 50), [LEFT], at(720, 50)],
    ['on a display left of everything that is gone', at(-3000, -40), [LEFT, RIGHT], at(0, 0)],
    ['with its title bar above the screen', at(100, -300), [LEFT], at(100, 0)],
    ['with too little left to grasp', at(1850, 100), [LEFT], at(720, 100)],
    ['larger than the display', at(0, 0, 4000, 3000), [RIGHT], at(1920, 0, 1280, 984)],
    ['smaller than it may be', at(10, 10, 20, 20), [LEFT], at(10, 10, 480, 400)],
  ])('%s', (_case, bounds, displays, expected) => {
    expect(clampBounds(bounds, displays)).toEqual(expected);
  });

  it('leaves it to the system where nothing is known', () => {
    expect(clampBounds(undefined, [LEFT])).toBeUndefined();
    expect(clampBounds(at(0, 0), [])).toBeUndefined();
  });
});

describe('readWindowState', () => {
  const fresh = { bounds: undefined, maximized: false, toldOfTray: false };

  it.each(['', '{', 'null', '[]', '7', '{"bounds":{"x":"1","y":0,"width":9,"height":9}}', '{"bounds":{"x":0,"y":0,"width":-5,"height":9}}', '{"bounds":{"x":1e99,"y":0,"width":5,"height":9}}', '{"maximized":"yes"}'])(
    '%s is a new window',
    (text) => {
      expect(readWindowState(text)).toEqual(fresh);
    },
  );

  it('reads what was kept', () => {
    const state = { bounds: at(1, 2), maximized: true, toldOfTray: true };
    expect(readWindowState(JSON.stringify(state))).toEqual(state);
  });
});

describe('the memory of a data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'window-state-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps each thing beside the others, over a restart', () => {
    const file = join(folder, 'window', 'window-state.json');
    const first = openWindowMemory(file, () => expect.unreachable());
    first.remember({ bounds: at(5, 6) });
    first.remember({ toldOfTray: true });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ bounds: at(5, 6), maximized: false, toldOfTray: true });
    expect(openWindowMemory(file, () => expect.unreachable()).state()).toEqual({ bounds: at(5, 6), maximized: false, toldOfTray: true });
  });

  it('goes on where the disk refuses, and says so', () => {
    writeFileSync(join(folder, 'file'), '');
    const problems: string[] = [];
    const memory = openWindowMemory(join(folder, 'file', 'window-state.json'), (problem) => problems.push(problem));
    memory.remember({ maximized: true });
    expect(memory.state().maximized).toBe(true);
    expect(problems).toHaveLength(1);
  });
});
