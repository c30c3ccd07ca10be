/** What an admin writes down of an authority that is to be: as typed, checked, and as the CA is asked for it. */
import type { Input } from '../../../preload/contract/contract.ts';

type Wish = Input<'authorities.create'>;
export type KeyAlgorithm = NonNullable<Wish['key']>;

export interface AuthorityDraft {
  readonly commonName: string;
  readonly organization: string;
  readonly country: string;
  readonly key: KeyAlgorithm;
  readonly years: number | undefined;
  /** A SCEP key apart from the authority's own. With an EC key it always is. */
  readonly split: boolean;
}

export type DraftErrors = { readonly [Name in keyof AuthorityDraft]?: string };

export const NEW_AUTHORITY: AuthorityDraft = { commonName: '', organization: '', country: '', key: 'rsa-3072', years: 10, split: false };

export const isEc = (key: KeyAlgorithm): boolean => key === 'p256' || key === 'p384';

export const KEYS: readonly { readonly key: KeyAlgorithm; readonly name: string; readonly text: string }[] = [
  { key: 'rsa-3072', name: 'RSA 3072', text: 'Recommended. Strong, and nearly every device takes it.' },
  { key: 'rsa-2048', name: 'RSA 2048', text: 'For old devices that take nothing longer.' },
  { key: 'rsa-4096', name: 'RSA 4096', text: 'The longest RSA key. Signing is slower; small devices verify it slowly too.' },
  { key: 'p256', name: 'EC P-256', text: 'Small and fast. Many printers, phones and routers do not take it.' },
  { key: 'p384', name: 'EC P-384', text: 'Stronger than P-256, with the same limits. A good choice for a root that signs seldom.' },
];

export const keyName = (key: KeyAlgorithm): string => KEYS.find((choice) => choice.key === key)?.name ?? key;

/** What cannot be sent as it stands; empty when all can. */
export function findDraftErrors({ commonName, organization, country, years }: AuthorityDraft): DraftErrors {
  const errors: { -readonly [Name in keyof AuthorityDraft]?: string } = {};
  if (commonName.trim() === '') errors.commonName = 'Give it a name: devices and people see it in every certificate.';
  else if (commonName.trim().length > 64) errors.commonName = 'A name has at most 64 characters.';
  if (organization.trim().length > 64) errors.organization = 'An organization has at most 64 characters.';
  if (country.trim() !== '' && !/^[A-Za-z]{2}$/.test(country.trim())) errors.country = 'Two letters, such as DE or US.';
  if (years === undefined || !Number.isInteger(years) || years < 1 || years > 30) errors.years = 'Between 1 and 30 years.';
  return errors;
}

/** The name and key of it, for a certificate that another CA signs. */
export function nameWish({ commonName, organization, country, key, split }: AuthorityDraft): Input<'authorities.signingRequest'> {
  return {
    commonName: commonName.trim(),
    ...(organization.trim() === '' ? {} : { organization: organization.trim() }),
    ...(country.trim() === '' ? {} : { country: country.trim().toUpperCase() }),
    key,
    scepKey: split || isEc(key) ? 'split' : 'combined',
  };
}

/** The whole of it, for a certificate that this CA signs: with itself, or with the authority `parentId`. */
export const authorityWish = (draft: AuthorityDraft, parentId?: string): Wish => ({
  ...nameWish(draft),
  ...(draft.years === undefined ? {} : { years: draft.years }),
  ...(parentId === undefined ? {} : { parentId }),
});
