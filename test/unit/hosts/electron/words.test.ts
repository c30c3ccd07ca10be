/** What the shell says outside the window: counted rightly, and no more than strangers may read. */
import { describe, expect, it } from 'vitest';
import { newRequestNote, stillRunningNote, tooltip, waitingWords } from '../../../../src/main/hosts/electron/words.ts';

const router = { id: '1', subject: 'CN=router-1', source: '192.0.2.7' };

describe('words', () => {
  it.each([
    [0, 'No request waits'],
    [1, 'One request waits'],
    [12, '12 requests wait'],
  ])('%d', (count, words) => {
    expect(waitingWords(count)).toBe(words);
  });

  it('the tooltip says what is unusual, and nothing of an open vault', () => {
    expect(tooltip({ waiting: 2, baseUrl: 'http://192.0.2.1:8080', vault: 'open' })).toBe('Countersign: 2 requests wait · Devices are served at http://192.0.2.1:8080');
    expect(tooltip({ waiting: 0, baseUrl: null, vault: 'locked' })).toBe('Countersign: No request waits · Devices are not served · The vault is locked: devices are told to come back');
  });

  it('one new request is told by subject and source, several by their number', () => {
    expect(newRequestNote([router], false)).toEqual({ title: 'A new request', body: 'CN=router-1, from 192.0.2.7' });
    expect(newRequestNote([{ ...router, subject: '' }], false).body).toBe('A device without a name, from 192.0.2.7');
    expect(newRequestNote([router, { ...router, id: '2' }], false).title).toBe('2 new requests');
  });

  it('a locked window’s notes name nobody', () => {
    const note = newRequestNote([router], true);
    expect(`${note.title} ${note.body}`).not.toMatch(/router|192/);
  });

  it('a closed window says whether devices are served', () => {
    expect(stillRunningNote({ waiting: 0, baseUrl: 'http://192.0.2.1:8080', vault: 'open' }).body).toContain('Devices are still served');
    expect(stillRunningNote({ waiting: 0, baseUrl: null, vault: 'open' }).body).not.toContain('Devices');
  });
});
