/**
 * Attack: a suggested name that leads into another folder; a file of the same name that others may read, into which a secret is written.
 * Impact: a file lands where nobody chose it, or an export is readable by every user of the machine.
 * Defence: names lose what has a meaning to a file system; the bytes go into a new file of mode 0600 that takes the old one's place.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { safeName, writePrivateFile } from '../../../../src/main/hosts/electron/saveFile.ts';

describe('safeName', () => {
  it.each([
    ['office-ca.pem', 'office-ca.pem'],
    ['Büro CA.cer', 'Büro CA.cer'],
    ['../../etc/passwd', '-..-etc-passwd'],
    ['..\\..\\x.exe', '-..-x.exe'],
    ['C:evil', 'C-evil'],
    ['.bashrc', 'bashrc'],
    ['a\u0000b\nc', 'a-b-c'],
    ['...', 'countersign'],
    ['', 'countersign'],
    // What the dialog would draw as `photo-exe.jpg`.
    ['photo-\u202egpj.exe', 'photo--gpj.exe'],
    ['con', 'con-'],
    ['NUL.pem', 'NUL-.pem'],
    ['console.pem', 'console.pem'],
  ])('%j becomes %j', (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });
});

it('a name that no disk could hold keeps its ending', () => {
  const name = safeName(`${'x'.repeat(5_000)}.pem`);
  expect([name.length, name.endsWith('x.pem')]).toEqual([120, true]);
});

describe('writePrivateFile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'save-file-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(process.platform === 'win32')('is for its owner alone, also in the place of a file that was not', async () => {
    const path = join(folder, 'out.p12');
    writeFileSync(path, 'old', { mode: 0o644 });
    await writePrivateFile(path, Buffer.from('secret'));
    expect(readFileSync(path, 'utf8')).toBe('secret');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['out.p12']);
  });

  it.skipIf(process.platform === 'win32')('takes a link’s place and leaves what it leads to alone', async () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'kept');
    symlinkSync(target, join(folder, 'out'));
    await writePrivateFile(join(folder, 'out'), Buffer.from('secret'));
    expect(readFileSync(target, 'utf8')).toBe('kept');
  });

  it('leaves nothing behind where it fails', async () => {
    await expect(writePrivateFile(join(folder, 'missing', 'out'), Buffer.from('x'))).rejects.toThrow('ENOENT');
    await writePrivateFile(join(folder, 'dir-in-the-way', '..', 'ok'), Buffer.from('x')).catch(() => undefined);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
