/** What a desktop session runs at its start, and the autostart file that says so on Linux. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type RunningProgram, autostartFile, autostartText, loginCommand, readAutostart, writeAutostart } from '../../../../src/main/hosts/electron/loginItem.ts';

const packaged: RunningProgram = { execPath: '/opt/Countersign/countersign', appPath: undefined, appImage: undefined, dataDir: undefined };

/** Reads an Exec key as the Desktop Entry Specification says: the string's escapes first, then the quotes, then the field codes. */
function readExec(text: string): readonly string[] {
  const value = /^Exec=(.*)$/m.exec(text)?.[1] ?? '';
  const string = value.replace(/\\(.)/g, (_all, letter: string) => ({ s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' })[letter] ?? `?${letter}`);
  return [...string.matchAll(/"((?:[^"\\`$]|\\["`$\\])*)"(?: |$)/gs)].map(([, argument = '']) => argument.replace(/\\(["`$\\])/g, '$1').replaceAll('%%', '%'));
}

describe('the command', () => {
  it('is the program, hidden', () => {
    expect(loginCommand(packaged)).toEqual({ program: '/opt/Countersign/countersign', args: ['--hidden'] });
  });

  it('names a data folder that would not be found, and the product’s folder where it is no package', () => {
    expect(loginCommand({ ...packaged, appPath: '/src', dataDir: '/srv/ca' }).args).toEqual(['/src', '--data', '/srv/ca', '--hidden']);
  });

  it('is the AppImage’s own file, not the mount it runs from', () => {
    expect(loginCommand({ ...packaged, appImage: '/home/a/Countersign.AppImage' }).program).toBe('/home/a/Countersign.AppImage');
  });
});

describe('the autostart file', () => {
  it.each(['/plain/path', '/with space/x', '/quo"te', '/back\\slash', '/dollar$HOME', '/tick`id`', '/percent%f', '/line\nend', "/apostrophe's"])('gives %j back as it was', (dataDir) => {
    expect(readExec(autostartText({ ...packaged, dataDir }))).toEqual(['/opt/Countersign/countersign', '--data', dataDir, '--hidden']);
  });

  it('is one key a line, whatever the path holds', () => {
    expect(autostartText({ ...packaged, dataDir: '/x\nExec=evil' }).match(/^Exec=/gm)).toHaveLength(1);
  });

  it('lies where a session looks', () => {
    expect(autostartFile({}, '/home/a')).toBe(join('/home/a', '.config', 'autostart', 'countersign.desktop'));
    expect(autostartFile({ XDG_CONFIG_HOME: '/cfg' }, '/home/a')).toBe(join('/cfg', 'autostart', 'countersign.desktop'));
    expect(autostartFile({ XDG_CONFIG_HOME: 'cfg' }, '/home/a')).toBe(join('/home/a', '.config', 'autostart', 'countersign.desktop'));
    expect(autostartFile({ XDG_CONFIG_HOME: '' }, '/home/a')).toBe(join('/home/a', '.config', 'autostart', 'countersign.desktop'));
  });

  describe('on disk', () => {
    const folder = mkdtempSync(join(tmpdir(), 'autostart-'));
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it('is written, found and taken away', async () => {
      const file = autostartFile({ XDG_CONFIG_HOME: join(folder, 'config') }, folder);
      expect(await readAutostart(file)).toBe(false);
      await writeAutostart(file, packaged);
      expect(await readAutostart(file)).toBe(true);
      expect(readFileSync(file, 'utf8')).toBe(autostartText(packaged));
      await writeAutostart(file, undefined);
      await writeAutostart(file, undefined);
      expect(await readAutostart(file)).toBe(false);
    });
  });
});
