import { describe, expect, it } from 'vitest';
import { describeKeychainError } from '../../../../src/main/adapters/vault/keychain.ts';

const name = 'the Secret Service (GNOME Keyring, KWallet)';

// Messages as @napi-rs/keyring 2.1.2 gives them.
describe.each([
  ["Platform failure: DBus error: Using X11 for dbus-daemon autolaunch was disabled at compile time, set your DBUS_SESSION_BUS_ADDRESS instead", /^There is no D-Bus session/],
  ['Platform failure: DBus error: Failed to connect to socket /nonexistent: No such file or directory', /^There is no D-Bus session/],
  ['Platform failure: DBus error: The name org.freedesktop.secrets was not provided by any .service files', /^No program provides the Secret Service/],
  ["Couldn't access platform storage: Secret Service: unlock prompt was dismissed", /^The Secret Service .* is locked and was not unlocked/],
  ["Couldn't access platform storage: SS Error: object locked", /is locked and was not unlocked/],
  ['Cannot find native binding. npm has a bug related to optional dependencies', /^The keychain module cannot be loaded/],
  ['Platform failure: something new', /answered with an error \(.*something new.*\): try again/],
])('the keychain error %s', (message, expected) => {
  it('becomes one sentence with the next step', () => {
    const text = describeKeychainError(new Error(message), name);
    expect(text).toMatch(expected);
    expect(text).not.toContain('\n');
    expect(text).toMatch(/: .*(try again|start Countersign|install)[^.]*\.$/);
  });
});
