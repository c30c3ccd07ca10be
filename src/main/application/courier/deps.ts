/** What the courier's use cases are given, and what they all need to know of a pairing. */
import { fromBase64, toHex } from '../../core/lib/bytes.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { type CourierLink, type CourierMachine, type CourierRole, machineBytes } from '../../core/ca/courier.ts';
import type { ExportedFile } from '../certificates.ts';
import type { Deps, Refusal } from '../deps.ts';
import type { IssuingDeps } from '../issue.ts';
import type { CourierKeys } from '../ports/courierKeys.ts';
import type { RolloverDeps } from '../rollover/steps.ts';

/** The listener's SCEP key signs what the courier brings of a next CA (application/rollover). */
export interface CourierDeps extends IssuingDeps, Pick<RolloverDeps, 'announcementKeys'> {
  readonly courierKeys: CourierKeys;
}

export const STALE: Refusal = { code: 'stale-version', message: 'The pairing changed while this was done.', hint: 'Try again.' };

export const LOCKED: Refusal = { code: 'locked', message: 'The vault is locked: courier files cannot be written or read.', hint: 'Unlock the vault.' };

const keyOf = (base64: string): Uint8Array => fromBase64(base64) ?? new Uint8Array(0);

export const signingKeyOf = ({ signing }: CourierMachine): Uint8Array => keyOf(signing);
export const agreementKeyOf = ({ agreement }: CourierMachine): Uint8Array => keyOf(agreement);

/** What the two admins compare: SHA-256 over both public keys. */
export const fingerprintOf = ({ crypto }: Pick<Deps, 'crypto'>, machine: CourierMachine): string => toHex(crypto.digest('sha256', machineBytes(signingKeyOf(machine), agreementKeyOf(machine))));

const ROLE_WORDS: Readonly<Record<CourierRole, string>> = { listener: 'the one on the network', signer: 'the one with the CA key' };

/** A pairing in which this machine has the role; the only one where none is named. Refused: not-found, courier-not-paired, courier-several. */
export function linkFor(deps: Deps, role: CourierRole, id: string | undefined): Result<CourierLink & { readonly peer: CourierMachine }, Refusal> {
  const links = deps.directory.courierLinks().filter((link) => link.role === role);
  const accepted = links.filter(({ peer }) => peer !== null);
  // An invitation that nobody has taken is no choice.
  const chosen = id !== undefined ? links.filter((link) => link.id === id) : accepted.length > 0 ? accepted : links.slice(0, 1);
  const [link, another] = chosen;
  if (link === undefined) {
    return id === undefined
      ? err({ code: 'courier-not-paired', message: `This machine is in no pairing as ${ROLE_WORDS[role]}.`, hint: 'Pair the two machines first (courier pair).' })
      : err({ code: 'not-found', message: 'There is no such pairing here.' });
  }
  if (another !== undefined) return err({ code: 'courier-several', message: 'This machine is in several pairings.', hint: 'Say which one is meant; courier status lists them.' });
  if (link.peer === null) return err({ code: 'courier-not-paired', message: 'The other machine has not accepted the invitation yet.', hint: 'Take the invitation there, and bring its acceptance back.' });
  return ok({ ...link, peer: link.peer });
}

const slug = (words: string): string => words.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40) || 'ca';

/** Files of a running pairing have their number in `what`, so that the newest on a stick is known by its name. */
export const courierFile = (link: Pick<CourierLink, 'authority'>, what: string, bytes: Uint8Array): ExportedFile => ({ name: `${slug(link.authority)}-${what}.courier`, mediaType: 'application/octet-stream', bytes });
