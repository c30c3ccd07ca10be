import { describe, expect, it } from 'vitest';
import { readServeConfig, resolveDataDir } from '../../../src/main/hosts/config.ts';

describe('the configuration of serve', () => {
  it('leaves open what nobody said', () => {
    expect(readServeConfig([], { COUNTERSIGN_DATA: '/data' })).toEqual({
      ok: true,
      value: { dataDir: '/data', scepHost: undefined, scepPort: undefined, adminPort: undefined, vault: undefined, passphraseFile: undefined, publicBaseUrl: undefined, rateLimit: undefined, json: false },
    });
  });

  it('reads every flag', () => {
    const args = '--data /d --scep-host 0.0.0.0 --scep-port 0 --admin-port 9000 --vault passphrase --passphrase-file /p --public-base-url http://ca.lan --rate-limit 120 --json'.split(' ');
    expect(readServeConfig(args, {})).toMatchObject({
      value: { dataDir: '/d', scepHost: '0.0.0.0', scepPort: 0, adminPort: 9000, vault: 'passphrase', passphraseFile: '/p', publicBaseUrl: 'http://ca.lan', rateLimit: 120, json: true },
    });
    expect(readServeConfig(['--rate-limit', 'off'], {})).toMatchObject({ value: { rateLimit: 'off' } });
  });

  it.each([
    [['--scep-port', '70000'], '--scep-port'],
    [['--scep-port', 'http'], '--scep-port'],
    [['--admin-port', '-1'], '--admin-port'],
    [['--rate-limit', '0'], '--rate-limit'],
    [['--vault', 'paper'], '--vault'],
    [['--passphrase', 'hunter2'], '--passphrase'],
    [['--scep-port'], '--scep-port'],
    [['extra'], 'extra'],
  ])('says what is wrong with %j', (args, words) => {
    const read = readServeConfig(args, {});
    expect(read.ok ? '' : read.error).toContain(words);
  });
});

describe('the data folder', () => {
  it.each([
    ['the flag first', '/flag', { COUNTERSIGN_DATA: '/env', XDG_DATA_HOME: '/xdg' }, 'linux', '/flag'],
    ['then the environment', undefined, { COUNTERSIGN_DATA: '/env', XDG_DATA_HOME: '/xdg' }, 'linux', '/env'],
    ['then XDG', undefined, { XDG_DATA_HOME: '/xdg' }, 'linux', '/xdg/countersign'],
    ['then the custom of Linux', undefined, { COUNTERSIGN_DATA: '', XDG_DATA_HOME: '' }, 'linux', '/home/me/.local/share/countersign'],
    ['the custom of macOS', undefined, {}, 'darwin', '/home/me/Library/Application Support/Countersign'],
  ] as const)('%s', (_what, flag, env, platform, expected) => {
    expect(resolveDataDir(flag, env, platform, '/home/me')).toBe(expected);
  });

  it('the custom of Windows', () => {
    expect(resolveDataDir(undefined, { LOCALAPPDATA: 'local' }, 'win32', 'me')).toMatch(/^local[\\/]Countersign$/);
  });
});
