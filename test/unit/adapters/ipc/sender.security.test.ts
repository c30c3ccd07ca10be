/**
 * Attack: a frame, a popup or a page that our window was led away to calls the admin door over IPC.
 * Impact: whoever can call may approve a certificate.
 * Defence: only the top frame of our own window, while it shows our own page, is listened to.
 */
import { describe, expect, it } from 'vitest';
import { isTrusted, type Sender } from '../../../../src/main/adapters/ipc/sender.ts';

const ORIGIN = 'app://countersign';
const own: Sender = { url: 'app://countersign/index.html', isTopFrame: true, isOwnWindow: true };

describe('who may call over IPC', () => {
  it('the page of our own window may', () => {
    expect(isTrusted(own, ORIGIN)).toBe(true);
  });

  it.each<[string, Partial<Sender>]>([
    ['a frame inside our page', { isTopFrame: false }],
    ['another window', { isOwnWindow: false }],
    ['a frame that is gone', { url: undefined }],
    ['a page from the web', { url: 'https://countersign/index.html' }],
    ['a page of the same scheme and another host', { url: 'app://countersign.evil/index.html' }],
    ['a host that only starts like ours', { url: 'app://countersign:8080/' }],
    ['our host in the user part', { url: 'app://countersign@evil/' }],
    ['a file', { url: 'file:///countersign/index.html' }],
    ['a data URL', { url: 'data:text/html,app://countersign' }],
    ['an empty page', { url: 'about:blank' }],
    ['no URL at all', { url: '' }],
  ])('%s may not', (_who, difference) => {
    expect(isTrusted({ ...own, ...difference }, ORIGIN)).toBe(false);
  });
});
