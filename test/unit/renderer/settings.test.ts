/** Settings as typed: what changed, what cannot be sent; addresses and passphrases in words. */
import { describe, expect, it } from 'vitest';
import { otherPort, placesOf, proposeBaseUrl, whoReaches } from '../../../src/renderer/src/design/network.ts';
import { isReady, sayStrength } from '../../../src/renderer/src/design/passphrase.ts';
import { type Settings, changesOf, findErrors, isDirty } from '../../../src/renderer/src/features/settings/draft.ts';
import { systemdUnit } from '../../../src/renderer/src/features/settings/systemdUnit.ts';

const kept: Settings = {
  publicBaseUrl: null,
  organization: null,
  maxWaiting: 1000,
  maxWaitingPerSource: 20,
  waitingDays: 7,
  challengeLength: 24,
  challengeMinutes: 1440,
  crlDays: 7,
  idleMinutes: 15,
  notifyRequests: true,
  backupFolder: null,
  findings: [],
};

describe('a section of settings', () => {
  it('is dirty by what differs, not by what was touched', () => {
    expect(isDirty(kept, {})).toBe(false);
    expect(isDirty(kept, { maxWaiting: 1000 })).toBe(false);
    expect(changesOf(kept, { maxWaiting: 1000, crlDays: 3, organization: 'Example' })).toEqual({ crlDays: 3, organization: 'Example' });
  });

  it('says what cannot be kept in words of its own', () => {
    expect(findErrors({ challengeLength: 8 })).toEqual({ challengeLength: 'At least 16.' });
    expect(findErrors({ maxWaiting: 1_000_000 })).toEqual({ maxWaiting: 'At most 100,000.' });
    expect(findErrors({ waitingDays: undefined })).toEqual({ waitingDays: 'A number is needed here.' });
    expect(findErrors({ organization: 'x'.repeat(65) })).toEqual({ organization: 'At most 64 characters.' });
    expect(findErrors({ crlDays: 30, organization: null })).toEqual({});
  });
});

describe('the networks to choose from', () => {
  const interfaces = [
    { name: 'lo', address: '127.0.0.1', family: 'IPv4', loopback: true },
    { name: 'eth0', address: 'fe80::1', family: 'IPv6', loopback: false },
    { name: 'eth0', address: '192.168.1.5', family: 'IPv4', loopback: false },
  ] as const;

  it('are this computer, its networks, and all of them; link-local IPv6 is none', () => {
    expect(placesOf(interfaces, '127.0.0.1').map(({ host }) => host)).toEqual(['127.0.0.1', '192.168.1.5', '0.0.0.0']);
  });

  it('hold the present one even where the system lost it', () => {
    expect(placesOf(interfaces, '10.0.0.9').at(-1)).toMatchObject({ host: '10.0.0.9' });
  });

  it('are told by who reaches them', () => {
    expect(whoReaches('eth0', '192.168.1.5')).toMatch(/local network/);
    expect(whoReaches('eth0', '172.32.0.1')).toMatch(/internet/);
    expect(whoReaches('docker0', '172.17.0.1')).toMatch(/Containers/);
    expect(whoReaches('wg0', '10.8.0.1')).toMatch(/VPN/);
    expect(whoReaches('eth0', '203.0.113.9')).toMatch(/internet/);
  });

  it('tell a public address of another port', () => {
    expect(otherPort('http://ca.office.lan:8080', 8080)).toBeUndefined();
    expect(otherPort('http://ca.office.lan', 80)).toBeUndefined();
    expect(otherPort('http://ca.office.lan', 8080)).toBe(80);
    expect(otherPort('http://ca.office.lan:8080', 9090)).toBe(8080);
    expect(otherPort('ca.office', 9090)).toBeUndefined();
  });

  it('propose an address that others can use, and none for loopback', () => {
    expect(proposeBaseUrl('127.0.0.1', 8080, interfaces)).toBe('');
    expect(proposeBaseUrl('192.168.1.5', 80, interfaces)).toBe('http://192.168.1.5');
    expect(proposeBaseUrl('0.0.0.0', 8080, interfaces)).toBe('http://192.168.1.5:8080');
    expect(proposeBaseUrl('fd00::2', 8080, interfaces)).toBe('http://[fd00::2]:8080');
  });
});

describe('a new passphrase', () => {
  it('is ready when it is long enough and typed the same twice', () => {
    expect(isReady({ first: 'seven77', second: 'seven77' })).toBe(false);
    expect(isReady({ first: 'eight888', second: 'eight88' })).toBe(false);
    expect(isReady({ first: 'eight888', second: 'eight888' })).toBe(true);
  });

  it('is judged in words, by characters as the vault counts them', () => {
    expect(sayStrength('')).toBeUndefined();
    expect(sayStrength('é'.repeat(7))?.tone).toBe('danger');
    expect(sayStrength('aaaaaaaaaaaaaaaaaaaaaaaa')?.words).toMatch(/repeats/);
    expect(sayStrength('correct horse battery staple')).toEqual({ tone: 'good', words: 'Very good.' });
  });
});

describe('the systemd unit', () => {
  it('brings the passphrase as a credential, and for a keychain none', () => {
    expect(systemdUnit('passphrase')).toContain('LoadCredential=passphrase:');
    expect(systemdUnit('passphrase')).toContain('--passphrase-file %d/passphrase');
    expect(systemdUnit('keychain')).not.toContain('passphrase');
  });
});
