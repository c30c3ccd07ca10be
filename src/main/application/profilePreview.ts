/**
 * What a device would get under a profile that is still being written: the very plan and lint that a real request meets, over a sample request.
 * Reads public values only, so it needs no key and works while the vault is locked.
 */
import { err, ok } from '../core/lib/result.ts';
import type { Finding } from '../core/ca/enrolment.ts';
import type { LintedPlan } from '../core/ca/lint.ts';
import { writeContents } from '../core/ca/plan.ts';
import type { CertificateProfile } from '../core/ca/profile.ts';
import { type SampleKey, sampleCsr } from '../core/ca/sampleCsr.ts';
import { type DescribedExtension, describeExtensions } from '../core/pki/describeExtensions.ts';
import { type GeneralName, parseGeneralNameText } from '../core/pki/generalNames.ts';
import { parseNameText } from '../core/pki/names.ts';
import type { Deps, Outcome } from './deps.ts';
import { ENDPOINT_DEFAULTS } from './endpoints.ts';
import { placeOf, planEnrolment } from './enrolment.ts';
import { PROFILE_NOT_FOUND, type ProfileWish, findWrongField, wishedProfile } from './profiles.ts';

export interface PreviewWish {
  readonly id?: string | undefined;
  readonly fields: Omit<ProfileWish, 'id' | 'version'>;
  readonly authorityId: string;
  readonly subject: string;
  readonly subjectAltNames: readonly string[];
  readonly key: SampleKey;
}

export type ProfilePreview =
  | { readonly kind: 'plan'; readonly plan: LintedPlan; readonly extensions: readonly DescribedExtension[]; readonly findings: readonly Finding[] }
  | { readonly kind: 'impossible'; readonly code: string; readonly text: string };

/** The certificate that the sample would get, or the first reason why it would get none. Refused: not-found, and a sample that is no name. */
export async function previewProfile(deps: Deps, wish: PreviewWish): Outcome<ProfilePreview> {
  const before = wish.id === undefined ? undefined : deps.directory.profile(wish.id);
  if (wish.id !== undefined && before === undefined) return err(PROFILE_NOT_FOUND);
  if (deps.directory.authority(wish.authorityId) === undefined) return err({ code: 'not-found', message: 'authorityId: there is no such authority.' });
  const subject = parseNameText(wish.subject);
  if (!subject.ok) return err({ code: 'invalid-input', message: `subject: ${subject.error}`, hint: 'Write it like CN=printer-2f.office.lan,O=Office.' });
  const subjectAltNames: GeneralName[] = [];
  for (const text of wish.subjectAltNames) {
    const name = parseGeneralNameText(text);
    if (!name.ok) return err({ code: 'invalid-input', message: `subjectAltNames: ${name.error}`, hint: 'Write names like DNS:printer-2f.office.lan.' });
    subjectAltNames.push(name.value);
  }
  return ok(preview(deps, wishedProfile(before, wish.fields), wish, { key: wish.key, subject: subject.value, subjectAltNames }));
}

function preview(deps: Deps, profile: CertificateProfile, { authorityId }: PreviewWish, sample: Parameters<typeof sampleCsr>[0]): ProfilePreview {
  const wrong = findWrongField(profile);
  if (wrong !== undefined) return { kind: 'impossible', code: wrong.code, text: wrong.message };
  // Whatever a device's endpoint allows, the sample keys meet it.
  const place = placeOf(deps, { ...ENDPOINT_DEFAULTS, id: 'preview', path: '/scep', authorityId, profileId: profile.id }, { tried: profile });
  if (place === undefined) return { kind: 'impossible', code: 'awaiting-certificate', text: 'The authority still awaits its certificate, so it issues nothing yet.' };
  const planned = planEnrolment(deps, sampleCsr(sample), place, deps.clock.now());
  if (!planned.ok) return { kind: 'impossible', code: planned.error.code, text: planned.error.text };
  const { plan, findings } = planned.value;
  return { kind: 'plan', plan, extensions: describeExtensions(writeContents(plan, SAMPLE_SERIAL).extensions), findings };
}

const SAMPLE_SERIAL = new Uint8Array([1]);
