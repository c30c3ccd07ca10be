/** Certificate profiles: listed, saved, removed. Extensions of what is issued come from here alone (DESIGN section 4). */
import { err, ok } from '../core/lib/result.ts';
import type { Actor } from '../core/ca/audit.ts';
import { type CertificateProfile, SEED_PROFILES } from '../core/ca/profile.ts';
import { parseGeneralNameText } from '../core/pki/generalNames.ts';
import { parseNameText } from '../core/pki/names.ts';
import type { Deps, Outcome, Refusal } from './deps.ts';

export type ProfileWish = { readonly [Name in keyof CertificateProfile]?: CertificateProfile[Name] | undefined };

export const listProfiles = ({ directory }: Deps): readonly CertificateProfile[] => directory.profiles();

/** Changes the given fields of a profile, or makes a new one that starts as a copy of the seed `device`. */
export async function saveProfile(deps: Deps, wish: ProfileWish, actor: Actor): Outcome<CertificateProfile> {
  const { id: wishedId, version, ...fields } = wish;
  const before = wishedId === undefined ? undefined : deps.directory.profile(wishedId);
  if (wishedId !== undefined && before === undefined) return err(PROFILE_NOT_FOUND);
  if (before === undefined && fields.name === undefined) return err({ code: 'invalid-input', message: 'name: a new profile needs a name.' });
  const profile = wishedProfile(before, fields);
  const wrong = findWrongField(profile);
  if (wrong !== undefined) return err(wrong);
  const done = await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [before === undefined ? { kind: 'absent', table: 'profile', id: profile.id } : { kind: 'version', table: 'profile', id: profile.id, version: version ?? before.version }],
    changes: [{ kind: 'put', table: 'profile', value: profile }],
    audit: [{ action: 'profile.save', subject: `profile:${profile.id}`, outcome: 'ok', code: 'done', detail: describeProfile(profile) }],
  });
  if (!done.ok) {
    return err(before === undefined ? { code: 'name-taken', message: `There is a profile ${profile.id} already.`, hint: 'Give the new one another name, or save with its id to change it.' } : STALE);
  }
  await deps.directory.refresh();
  deps.events.publish('authorities.changed');
  return ok(profile);
}

/** The profile with the given fields changed; where there is none before, a copy of the seed `device` with them. */
export function wishedProfile(before: CertificateProfile | undefined, fields: Omit<ProfileWish, 'id' | 'version'>): CertificateProfile {
  const base = before ?? SEED_PROFILES[0];
  if (base === undefined) throw new Error('there are seed profiles');
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<CertificateProfile>;
  return { ...base, ...given, id: before?.id ?? idFor(fields.name ?? base.name), version: before === undefined ? 1 : before.version + 1 };
}

/** A profile that an endpoint names stays: removing it would change what that endpoint issues. */
export async function removeProfile(deps: Deps, input: { readonly id: string; readonly version?: number | undefined }, actor: Actor): Outcome<{ readonly id: string }> {
  const found = deps.directory.profile(input.id);
  if (found === undefined) return err(PROFILE_NOT_FOUND);
  const user = deps.directory.endpoints().find((endpoint) => endpoint.profileId === input.id);
  if (user !== undefined) return err({ code: 'in-use', message: `The endpoint ${user.path} issues by this profile.`, hint: 'Give the endpoint another profile first.' });
  const done = await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [{ kind: 'version', table: 'profile', id: input.id, version: input.version ?? found.version }],
    changes: [{ kind: 'remove', table: 'profile', id: input.id }],
    audit: [{ action: 'profile.remove', subject: `profile:${input.id}`, outcome: 'ok', code: 'done', detail: { name: found.name } }],
  });
  if (!done.ok) return err(STALE);
  await deps.directory.refresh();
  deps.events.publish('authorities.changed');
  return ok({ id: input.id });
}

export const PROFILE_NOT_FOUND: Refusal = { code: 'not-found', message: 'There is no profile with this id.' };
const STALE: Refusal = { code: 'stale-version', message: 'The profile was changed meanwhile.', hint: 'Read it again and decide on what it says now.' };

/** URLs name a profile by its id (`…/raProfile/<profile>/…`), so the id is a word. */
function idFor(name: string): string {
  const word = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return word === '' ? 'profile' : word;
}

/** Templates are tried with a stand-in for each placeholder: what cannot make a name is refused now, not at the first device. */
export function findWrongField(profile: CertificateProfile): Refusal | undefined {
  if (profile.renewalWindowDays >= profile.validityDays) {
    return { code: 'invalid-input', message: 'renewalWindowDays: must be shorter than validityDays.', hint: 'Otherwise every certificate would be due for renewal on its first day.' };
  }
  const fill = (template: string): string => template.replace(/\{\{[a-z_]+\}\}/g, 'x');
  if (profile.subjectTemplate !== null) {
    const name = parseNameText(fill(profile.subjectTemplate));
    if (!name.ok) return { code: 'invalid-input', message: `subjectTemplate: ${name.error}`, hint: 'Write it like CN={{device_name}},OU=Devices,O={{organization}}.' };
  }
  for (const san of profile.extraSans) {
    const name = parseGeneralNameText(fill(san));
    if (!name.ok) return { code: 'invalid-input', message: `extraSans: ${name.error}`, hint: 'Write names like DNS:{{device_name}}.lan.' };
  }
  return undefined;
}

function describeProfile(profile: CertificateProfile): Readonly<Record<string, string | number | null>> {
  const { name, validityDays, renewalWindowDays, backdateMinutes, subjectTemplate } = profile;
  const lists = {
    allowedSans: profile.allowedSans,
    extraSans: profile.extraSans,
    keyUsageRsa: profile.keyUsageRsa,
    keyUsageEc: profile.keyUsageEc,
    extendedKeyUsages: profile.extendedKeyUsages,
    allowedExtendedKeyUsages: profile.allowedExtendedKeyUsages,
  };
  return { name, validityDays, renewalWindowDays, backdateMinutes, subjectTemplate, ...Object.fromEntries(Object.entries(lists).map(([field, list]) => [field, list.join(', ')])) };
}
