/**
 * Attack: a page, a frame in it, or a page that the window was led away to asks for the camera, the clipboard, or any other thing of the machine.
 * Impact: whoever runs script in the window sees or reads more than the window shows.
 * Defence: our own top frame may put text on the clipboard; everything else is refused, whoever asks.
 */
import { expect, it } from 'vitest';
import { isPermitted } from '../../../../src/main/hosts/electron/permissions.ts';

it('our page may write text to the clipboard', () => {
  expect(isPermitted('clipboard-sanitized-write', 'app://countersign/', true)).toBe(true);
  expect(isPermitted('clipboard-sanitized-write', 'app://countersign/index.html#/requests', true)).toBe(true);
});

it.each([
  ['a frame in it', 'clipboard-sanitized-write', 'app://countersign/', false],
  ['another host', 'clipboard-sanitized-write', 'app://elsewhere/', true],
  ['a web page', 'clipboard-sanitized-write', 'https://countersign/', true],
  ['nobody in particular', 'clipboard-sanitized-write', undefined, true],
  ['something that is no address', 'clipboard-sanitized-write', 'countersign', true],
  ...['clipboard-read', 'media', 'display-capture', 'geolocation', 'notifications', 'openExternal', 'fileSystem', 'usb', 'serial', 'hid', 'local-fonts', 'unknown'].map((name) => ['our page', name, 'app://countersign/', true] as const),
] as const)('%s may not have %s', (_who, permission, from, isMainFrame) => {
  expect(isPermitted(permission, from, isMainFrame)).toBe(false);
});
