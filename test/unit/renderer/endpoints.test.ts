import { describe, expect, it } from 'vitest';
import { fieldProblem } from '../../../src/renderer/src/design/fieldProblem.ts';
import { changedFields, toggled } from '../../../src/renderer/src/features/endpoints/changes.ts';
import { findProfileErrors } from '../../../src/renderer/src/features/endpoints/profileErrors.ts';
import type { Profile } from '../../../src/renderer/src/features/endpoints/words.ts';

const profile: Profile = {
  id: 'device',
  version: 1,
  name: 'Device',
  validityDays: 365,
  renewalWindowDays: 30,
  backdateMinutes: 60,
  subjectTemplate: null,
  allowedSans: ['dns'],
  extraSans: [],
  keyUsageRsa: ['digitalSignature'],
  keyUsageEc: ['digitalSignature'],
  extendedKeyUsages: [],
  allowedExtendedKeyUsages: [],
};

describe('changes', () => {
  it('are the fields that differ, lists by what they hold', () => {
    expect(changedFields(profile, { ...profile, allowedSans: ['dns'], name: 'Device' })).toEqual({});
    expect(changedFields(profile, { ...profile, allowedSans: ['dns', 'ip'], subjectTemplate: 'CN=x' })).toEqual({ allowedSans: ['dns', 'ip'], subjectTemplate: 'CN=x' });
  });

  it('keep the order of all there is, and what is not known there at the end', () => {
    expect(toggled(['c', 'x'], 'a', true, ['a', 'b', 'c'])).toEqual(['a', 'c', 'x']);
    expect(toggled(['a', 'c', 'x'], 'c', false, ['a', 'b', 'c'])).toEqual(['a', 'x']);
  });
});

describe('a profile', () => {
  it('is told what the CA would turn down', () => {
    expect(findProfileErrors(profile)).toEqual({});
    expect(Object.keys(findProfileErrors({ ...profile, name: ' ', validityDays: 30, keyUsageEc: [] }))).toEqual(['name', 'renewalWindowDays', 'keyUsageEc']);
    expect(findProfileErrors({ ...profile, validityDays: Number.NaN })).toHaveProperty('validityDays');
    expect(findProfileErrors({ ...profile, backdateMinutes: 1_440 })).toHaveProperty('backdateMinutes');
  });
});

describe('a problem that names a field', () => {
  it('is said at that field, with the next step', () => {
    expect(fieldProblem({ code: 'invalid-input', message: 'path: must be /scep', hint: 'Write it so.' }, ['path'])).toEqual({ path: 'Must be /scep. Write it so.' });
    expect(fieldProblem({ code: 'invalid-input', message: 'extraSans[0]: is no name.' }, ['extraSans'])).toEqual({ extraSans: 'Is no name.' });
  });

  it('of another form is left to the note below', () => {
    expect(fieldProblem({ code: 'locked', message: 'The vault is locked.' }, ['path'])).toBeUndefined();
    expect(fieldProblem({ code: 'invalid-input', message: 'other: wrong' }, ['path'])).toBeUndefined();
    expect(fieldProblem(undefined, ['path'])).toBeUndefined();
  });
});
