/**
 * Attack: a device asks for a subject in which another attribute holds what looks like a common name (`O=x\, CN=the-director`), or for two common
 * names, of which the queue would show the wrong one.
 * Impact: the admin approves `the-director` and the certificate says something else.
 * Defence: a subject is split where its commas are not escaped, a name is taken only where there is one, and octets in hex stay octets.
 */
import { describe, expect, it } from 'vitest';
import { deviceName } from '../../../src/renderer/src/design/deviceName.ts';

describe('the name of a row', () => {
  it.each([
    ['O=x\\, CN=the-director, CN=intruder', 'intruder'],
    ['O=x\\,CN=the-director', 'O=x\\,CN=the-director'],
    ['OU=a\\\\, CN=gate', 'gate'],
    ['CN=the-director, CN=intruder', 'CN=the-director, CN=intruder'],
    ['CN=, O=x', 'CN=, O=x'],
    ['CN=a\\E2\\80\\AEb', 'a\\E2\\80\\AEb'],
    ['CN=a\\, b \\+ c', 'a, b + c'],
    ['O=CN=the-director', 'O=CN=the-director'],
    ['serialNumber=1 + CN=gate', 'serialNumber=1 + CN=gate'],
  ])('%s is called %s', (subject, name) => {
    expect(deviceName({ subject, subjectAltNames: [] })).toBe(name);
  });

  it('is found in a moment, however long a subject is', () => {
    const from = performance.now();
    deviceName({ subject: `CN=${'\\,'.repeat(200_000)}`, subjectAltNames: [] });
    deviceName({ subject: ' '.repeat(400_000), subjectAltNames: [] });
    expect(performance.now() - from).toBeLessThan(500);
  });
});
