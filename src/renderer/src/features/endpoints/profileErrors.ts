/** What the CA would turn down in a profile, found while it is typed. */
import type { Profile } from './words.ts';

export type ProfileErrors = { readonly [Name in 'name' | 'validityDays' | 'renewalWindowDays' | 'backdateMinutes' | 'keyUsageRsa' | 'keyUsageEc']?: string };

const within = (value: number, least: number, most: number): boolean => Number.isInteger(value) && value >= least && value <= most;

export function findProfileErrors(profile: Profile): ProfileErrors {
  const { name, validityDays, renewalWindowDays, backdateMinutes, keyUsageRsa, keyUsageEc } = profile;
  return {
    ...(name.trim() === '' ? { name: 'Give it a name.' } : {}),
    ...(within(validityDays, 1, 3_650) ? {} : { validityDays: 'Between 1 and 3 650 days.' }),
    ...(within(renewalWindowDays, 0, 3_650) && !(renewalWindowDays >= validityDays) ? {} : { renewalWindowDays: 'Shorter than the validity: otherwise every certificate is due on its first day.' }),
    ...(within(backdateMinutes, 0, 1_439) ? {} : { backdateMinutes: 'Less than a day.' }),
    ...(keyUsageRsa.length === 0 ? { keyUsageRsa: 'RSA keys need at least one use.' } : {}),
    ...(keyUsageEc.length === 0 ? { keyUsageEc: 'EC keys need at least one use.' } : {}),
  };
}
