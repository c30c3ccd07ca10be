/** What a new authority is called, by name and number, and whether it may be made now. */
import { type Authority, type KeyAlgorithm, type ScepKeyMode, needsSplit } from '../../core/ca/authority.ts';
import { namesEqual, writeName } from '../../core/pki/names.ts';
import { OID } from '../../core/pki/oids.ts';
import type { Deps, Refusal } from '../deps.ts';

export interface AuthorityName {
  readonly commonName: string;
  readonly organization?: string | undefined;
  readonly country?: string | undefined;
}

/** The DER Name: country, organisation, common name. */
export function subjectOf({ commonName, organization, country }: AuthorityName): Uint8Array {
  return writeName([
    ...(country === undefined ? [] : [{ oid: OID.countryName, value: country.toUpperCase() }]),
    ...(organization === undefined ? [] : [{ oid: OID.organizationName, value: organization }]),
    { oid: OID.commonName, value: commonName },
  ]);
}

const LONGEST_FILE_NAME = 60;

/** Of the files that are exported for it. */
export const fileNameOf = ({ commonName }: Pick<Authority, 'commonName'>): string => commonName.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, LONGEST_FILE_NAME).replace(/^[-.]+|[-.]+$/g, '') || 'ca';

export const nextNumber = (deps: Deps): number => Math.max(0, ...deps.directory.authorities().map((a) => a.number)) + 1;

/** Keys are made and wrapped under the vault's. */
export function refuseWithoutVault(deps: Deps): Refusal | undefined {
  if (deps.vault.state() === 'empty') return { code: 'empty', message: 'There is no vault yet to keep the CA key in.', hint: 'Set up the vault first (vault.initialize).' };
  if (deps.vault.state() !== 'open') return { code: 'locked', message: 'The vault is locked; no key can be made.', hint: 'Unlock it, then create the authority.' };
  return undefined;
}

export const refuseKeyMode = (key: KeyAlgorithm, scepKey: ScepKeyMode): Refusal | undefined =>
  needsSplit(key) && scepKey !== 'split'
    ? { code: 'ec-needs-split', message: 'An EC key can sign but not open SCEP envelopes.', hint: 'Choose split mode: the CA gets an RSA-2048 SCEP key beside it.' }
    : undefined;

/** Two CAs of one name are one to a device, and their serials would have to be shared. */
export const refuseTakenName = (deps: Deps, subject: Uint8Array, own?: Authority): Refusal | undefined =>
  deps.directory.authorities().some((a) => a.id !== own?.id && namesEqual(a.subject, subject))
    ? { code: 'name-taken', message: 'An authority with this name exists already.', hint: 'Choose another name: devices tell CAs apart by it.' }
    : undefined;
