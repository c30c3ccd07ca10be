/**
 * The operating system's keychain, as far as the vault needs it: one secret per data folder. Owns the words for what can go wrong with it.
 * On Linux the store is pinned to the Secret Service: by itself the library falls back to the kernel's keyring, which a reboot empties,
 * and every CA key with it. That is why keytar's own functions, which cannot be pinned, are not used.
 */
import { type Result, err, ok } from '../../core/lib/result.ts';

export interface Keychain {
  /** What people call it. */
  readonly name: string;
  /** Null where it holds nothing under this account. The error is one sentence with the next step. */
  get(account: string): Promise<Result<string | null, string>>;
  set(account: string, secret: string): Promise<Result<void, string>>;
  remove(account: string): Promise<Result<void, string>>;
}

const SERVICE = 'Countersign';

const NAMES: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'the macOS Keychain', win32: 'Windows Credential Manager' };

/** This machine's keychain. Nothing is loaded or asked before the first call. */
export function openKeychain(platform: NodeJS.Platform = process.platform): Keychain {
  const name = NAMES[platform] ?? 'the Secret Service (GNOME Keyring, KWallet)';
  const attempt = async <T>(ask: (entry: KeychainEntry) => Promise<T>, account: string): Promise<Result<T, string>> => {
    try {
      // Loaded late: a machine without the native module, or an admin with a passphrase vault, never needs it.
      const { AsyncEntry } = await import('@napi-rs/keyring');
      return ok(await ask(new AsyncEntry(SERVICE, account, { linux: { store: 'secret-service' } })));
    } catch (error) {
      return err(describeKeychainError(error, name));
    }
  };
  return {
    name,
    get: async (account) => {
      const found = await attempt((entry) => entry.getPassword(), account);
      return found.ok ? ok(found.value ?? null) : found;
    },
    set: (account, secret) => attempt((entry) => entry.setPassword(secret), account),
    remove: async (account) => {
      const removed = await attempt((entry) => entry.deletePassword(), account);
      return removed.ok ? ok(undefined) : removed;
    },
  };
}

interface KeychainEntry {
  getPassword(): Promise<string | null | undefined>;
  setPassword(secret: string): Promise<void>;
  deletePassword(): Promise<boolean>;
}

const CAUSES: readonly (readonly [RegExp, (name: string) => string])[] = [
  [
    /dismissed|\blocked\b|NoStorageAccess|interaction is not allowed/i,
    (name) => `${sentence(name)} is locked and was not unlocked: log in to the desktop or unlock it there, then try again.`,
  ],
  [
    /was not provided by any \.service|ServiceUnknown|no secret service/i,
    (name) => `No program provides ${name} in this session: install and start GNOME Keyring or KWallet.`,
  ],
  [/dbus|d-bus/i, (name) => `There is no D-Bus session, so ${name} cannot be reached: start Countersign from a desktop session.`],
  [
    /cannot find (native binding|module|package)|ERR_MODULE_NOT_FOUND|ERR_DLOPEN_FAILED/i,
    () => 'The keychain module cannot be loaded on this machine: install the dependencies again without leaving out optional ones.',
  ],
];

/** One sentence: the cause, and what to do next. */
export function describeKeychainError(error: unknown, name: string): string {
  const text = error instanceof Error ? `${'code' in error ? String(error.code) : ''} ${error.message}` : String(error);
  const known = CAUSES.find(([pattern]) => pattern.test(text));
  // The library's own words hold no secret: they name the store and the operation.
  return known?.[1](name) ?? `${sentence(name)} answered with an error (${text.trim().split('\n')[0]}): try again.`;
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
