/**
 * Revocations that were made at the listener and are not on the signer's lists yet. They are not kept apart: they are what the store says and the last CRL
 * does not, so that a lost stick, a restored backup or a kill can lose none.
 */
import type { CrlRecord } from '../../core/ca/certificateRecord.ts';
import { parseCrl } from '../../core/pki/crl.ts';
import type { Deps } from '../deps.ts';
import type { RevokedEntry } from '../ports/store.ts';

const key = (serial: string): string => serial.replace(/^0+/, '');

/** Serials on a list, with whether they are held only. */
export function listedOn(crl: CrlRecord | undefined): ReadonlyMap<string, boolean> {
  const parsed = crl === undefined ? undefined : parseCrl(crl.der);
  if (parsed === undefined) return new Map();
  if (!parsed.ok) throw new Error(`the stored CRL ${crl?.number} cannot be read: ${parsed.error}`);
  return new Map(parsed.value.revoked.map(({ serialHex, reason }) => [key(serialHex), reason === 'certificateHold']));
}

/** True where a list says of a revocation what the store says: a hold that has become final since is not what the list says. */
export function isOn(listed: ReadonlyMap<string, boolean>, { serial, reason }: RevokedEntry): boolean {
  const held = listed.get(key(serial));
  return held !== undefined && held === (reason === 'certificateHold');
}

export interface Wish extends RevokedEntry {
  readonly generation: number;
}

export async function openWishes(deps: Deps, authorityId: string): Promise<readonly Wish[]> {
  const found: Wish[] = [];
  for (const { number } of deps.directory.generations(authorityId)) {
    const [crl, revoked] = await Promise.all([deps.store.read.latestCrl(authorityId, number), deps.store.read.revoked(authorityId, number, deps.clock.now())]);
    const listed = listedOn(crl);
    found.push(...revoked.filter((entry) => !isOn(listed, entry)).map((entry) => ({ ...entry, generation: number })));
  }
  return found;
}
