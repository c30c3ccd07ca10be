import { describe, expect, it } from 'vitest';
import { crlDates, crlDue, release, revoke } from '../../../../src/main/core/ca/revocation.ts';
import { DAY } from '../../../../src/main/core/lib/instant.ts';
import { NOW, issuedRecord } from '../../../support/builders/facts.ts';
import { certificate, testCa } from '../../../support/forge.ts';

const valid = issuedRecord(certificate({ subject: 'CN=device', issuer: testCa() }));

describe('revocation', () => {
  it('revokes with reason and date, once', () => {
    const revoked = revoke(valid, 'keyCompromise', NOW);
    expect(revoked).toMatchObject({ ok: true, value: { state: 'revoked', reason: 'keyCompromise', revokedAt: NOW, version: 2 } });
    expect(revoked.ok && revoke(revoked.value, 'superseded', NOW)).toMatchObject({ ok: false, error: { code: 'already-revoked' } });
  });

  it('holds, releases, and keeps the date of the hold when it becomes final', () => {
    const held = revoke(valid, 'certificateHold', NOW);
    if (!held.ok) throw new Error(held.error.text);
    expect(held.value.state).toBe('held');
    expect(release(held.value)).toMatchObject({ ok: true, value: { state: 'valid', revokedAt: null, reason: null } });
    expect(revoke(held.value, 'keyCompromise', NOW + DAY)).toMatchObject({ ok: true, value: { state: 'revoked', revokedAt: NOW } });
    expect(revoke(held.value, 'certificateHold', NOW)).toMatchObject({ ok: false });
  });

  it('releases nothing but a hold, and revokes no CA on its own CRL, but one below it', () => {
    expect(release(valid)).toMatchObject({ ok: false, error: { code: 'not-held' } });
    expect(revoke({ ...valid, kind: 'authority' }, 'cACompromise', NOW, true)).toMatchObject({ ok: false, error: { code: 'not-revocable' } });
    expect(revoke({ ...valid, kind: 'authority' }, 'cACompromise', NOW)).toMatchObject({ ok: true, value: { state: 'revoked', reason: 'cACompromise' } });
  });

  it('F4 a CRL is due when there is none and from half of its life on', () => {
    const crl = { authorityId: 'a', generation: 1, number: 1, der: new Uint8Array(), ...crlDates(NOW, 7) };
    expect(crlDue(undefined, NOW)).toBe(true);
    expect(crlDue(crl, NOW + 3 * DAY)).toBe(false);
    expect(crlDue(crl, NOW + 3.5 * DAY)).toBe(true);
  });
});
