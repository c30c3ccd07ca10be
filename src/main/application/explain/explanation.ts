/** What an entry of the transaction log means to somebody who has not read RFC 8894. The words lie in tables beside this file, one for each kind of code. */
import type { ClientKind } from '../../core/ca/clientKind.ts';

/** Kinds of device that are known for something; the last ones do not tell who they are. */
export type KnownDevice = ClientKind | 'sscep' | 'Juniper SRX' | 'FortiOS' | 'Canon printer' | 'Intune';

export interface Fix {
  /** Null: whatever the device is. */
  readonly client: KnownDevice | null;
  readonly text: string;
}

export interface Explanation {
  /** What the CA did: the end of a sentence that begins with what the device wanted. */
  readonly told: string;
  /** Null where nothing failed. */
  readonly cause: string | null;
  /** General ones first. */
  readonly fixes: readonly Fix[];
}

/** Nothing failed. */
export const fine = (told: string): Explanation => ({ told, cause: null, fixes: [] });

/** What failed, what anyone can do about it, and what is known to help a kind of device. */
export const failed = (told: string, cause: string, general: readonly string[], known: Partial<Readonly<Record<KnownDevice, string>>> = {}): Explanation => ({
  told,
  cause,
  fixes: [...general.map((text): Fix => ({ client: null, text })), ...Object.entries(known).map(([client, text]): Fix => ({ client: client as KnownDevice, text }))],
});
