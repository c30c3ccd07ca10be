import { describe, expect, it } from 'vitest';
import type { CertificateRecord } from '../../../../src/main/core/ca/certificateRecord.ts';
import { type Judgement, judge } from '../../../../src/main/core/ca/judge.ts';
import { DAY } from '../../../../src/main/core/lib/instant.ts';
import * as der from '../../../../src/main/core/pki/der.ts';
import { NOW, challenge, endpoint, facts, issuedRecord, parsedCsr, planFor, profile } from '../../../support/builders/facts.ts';
import { dnsNames, extension, nameOf } from '../../../support/certificates.ts';
import { certificate, rsaKey, testCa } from '../../../support/forge.ts';

const request = parsedCsr({ subject: 'O=Test, CN=device' });
const codeOf = (j: Judgement): string => (j.decision === 'refuse' ? j.code : j.decision);
const findingsOf = (j: Judgement): readonly string[] => (j.decision === 'refuse' ? [] : j.findings.map((f) => f.code));

describe('a first enrolment', () => {
  it('A7.4 is never granted on a self-signed certificate alone: it is held', () => {
    const judgement = judge(facts(request));
    expect(judgement).toMatchObject({ decision: 'hold', proof: { kind: 'none' } });
    expect(findingsOf(judgement)).toContain('unproven');
  });

  it('A7.5 is refused without a challenge where the endpoint takes only challenges', () => {
    expect(codeOf(judge(facts(request, { endpoint: endpoint({ authorization: 'challenge-only' }) })))).toBe('challenge-missing');
  });

  it('A7.5 is granted with a good challenge, held on an endpoint that holds all', () => {
    const given = { challengeGiven: true, challenge: challenge() };
    expect(judge(facts(request, given))).toMatchObject({ decision: 'grant', proof: { kind: 'challenge', challengeId: 'c1', label: 'router 1' } });
    expect(judge(facts(request, { ...given, endpoint: endpoint({ authorization: 'hold' }) }))).toMatchObject({ decision: 'hold', proof: { kind: 'challenge' } });
  });

  it.each([
    ['unknown', undefined, 'challenge-unknown'],
    ['spent', challenge({ usesLeft: 0 }), 'challenge-spent'],
    ['spent and expired', challenge({ usesLeft: 0, expiresAt: NOW - 1 }), 'challenge-spent'],
    ['expired', challenge({ expiresAt: NOW }), 'challenge-expired'],
    ['withdrawn', challenge({ withdrawnAt: NOW - 1 }), 'challenge-withdrawn'],
    ['of another endpoint', challenge({ endpointPath: '/scep/lab' }), 'challenge-mismatch'],
    ['of another profile', challenge({ profileId: 'user' }), 'challenge-mismatch'],
    ['of another subject', challenge({ subject: 'CN=other, O=Test' }), 'challenge-mismatch'],
    ['of another name', challenge({ subjectAltNames: ['DNS:other.lan'] }), 'challenge-mismatch'],
  ])('A7.6 is refused with a challenge that is %s', (_, given, code) => {
    const named = parsedCsr({ subject: 'O=Test, CN=device', dnsNames: ['device.lan'] });
    expect(codeOf(judge(facts(named, { challengeGiven: true, challenge: given })))).toBe(code);
  });

  it('A7.6 is granted when every binding of the challenge fits, whatever string type or case the name has', () => {
    const named = parsedCsr({ subject: nameOf('O=Test, CN=Device', der.TAG.printableString), dnsNames: ['Device.lan'] });
    const bound = challenge({ endpointPath: '/scep', profileId: 'device', subject: 'O=test, CN=device', subjectAltNames: ['DNS:device.lan', 'DNS:spare.lan'] });
    expect(codeOf(judge(facts(named, { challengeGiven: true, challenge: bound })))).toBe('grant');
  });

  it('A7.5 waits on a holding endpoint in spite of a wrong challenge, and says so', () => {
    const judgement = judge(facts(request, { endpoint: endpoint({ authorization: 'hold' }), challengeGiven: true, challenge: undefined }));
    expect(judgement).toMatchObject({ decision: 'hold', proof: { kind: 'none' } });
    expect(findingsOf(judgement)).toContain('challenge-unknown');
  });

  it('A7.3 is refused when another key signed the message, challenge or not', () => {
    const signer = { selfSigned: true, spkiSha256: 'ff'.repeat(32), subject: request.subject };
    expect(codeOf(judge(facts(request, { signer, challengeGiven: true, challenge: challenge() })))).toBe('signer-key-mismatch');
  });

  it('A7.3 takes a signer with another subject and tells it', () => {
    const base = facts(request);
    const judgement = judge({ ...base, signer: { ...base.signer, subject: nameOf('CN=SCEP SIGNER') } });
    expect(findingsOf(judgement)).toContain('signer-subject-differs');
  });

  it('A7.11 is refused for a signer of a foreign CA, unless a challenge holds', () => {
    const base = facts(request);
    const signer = { ...base.signer, selfSigned: false };
    expect(codeOf(judge({ ...base, signer }))).toBe('signer-foreign');
    expect(codeOf(judge({ ...base, signer, challengeGiven: true, challenge: challenge() }))).toBe('grant');
  });

  it('A7.15 tells when the key is certified for somebody else already; the challenge and the message’s own signature prove it all the same', () => {
    const other = issuedRecord(certificate({ key: rsaKey(0), subject: 'CN=somebody else', issuer: testCa() }));
    const judgement = judge(facts(request, { challengeGiven: true, challenge: challenge(), sameKey: [other] }));
    expect(judgement.decision).toBe('grant');
    expect(findingsOf(judgement)).toContain('key-certified-elsewhere');
  });

  it('A7.13 a RenewalReq by a self-signed certificate is judged as a first enrolment', () => {
    const judgement = judge(facts(request, { messageType: 'RenewalReq' }));
    expect(judgement.decision).toBe('hold');
    expect(findingsOf(judgement)).toContain('not-a-renewal');
  });
});

describe('a renewal is told by the signer', () => {
  const old = certificate({ key: rsaKey(1), subject: 'O=Test, CN=device', issuer: testCa(), extensions: [dnsNames('device.lan')] });
  const renewal = (record: Partial<CertificateRecord> = {}, changes: Parameters<typeof facts>[1] = {}, csrOptions: Parameters<typeof parsedCsr>[0] = {}): Judgement => {
    const csr = parsedCsr({ subject: 'O=Test, CN=device', ...csrOptions });
    const signerRecord = issuedRecord(old, record);
    return judge(facts(csr, { signer: { selfSigned: false, spkiSha256: signerRecord.spkiSha256, subject: csr.subject }, signerRecord, ...changes }));
  };

  it.each(['PKCSReq', 'RenewalReq'] as const)('A7.12 %s by a live certificate of this authority is granted without a challenge', (messageType) => {
    expect(renewal({}, { messageType })).toMatchObject({ decision: 'grant', proof: { kind: 'certificate' } });
  });

  it('A7.10 succeeds with the used-up challenge of the first enrolment', () => {
    expect(codeOf(renewal({}, { challengeGiven: true, challenge: challenge({ usesLeft: 0 }) }))).toBe('grant');
  });

  it.each(['revoked', 'held'] as const)('A7.11 is refused when the certificate is %s, even with a challenge', (state) => {
    expect(codeOf(renewal({ state }))).toBe('signer-revoked');
    expect(codeOf(renewal({ state }, { challengeGiven: true, challenge: challenge() }))).toBe('signer-revoked');
  });

  it('A7.11 is refused when the certificate has expired', () => {
    expect(codeOf(renewal({ notAfter: NOW - 1, spkiSha256: facts(request).csrSpkiSha256 }, { signer: { ...facts(request).signer, selfSigned: false } }))).toBe('signer-expired');
  });

  it('A7.11 is refused for another subject', () => {
    expect(codeOf(renewal({}, { plan: planFor(parsedCsr({ subject: 'O=Test, CN=other' })) }))).toBe('renewal-subject');
  });

  it('A7.11 is refused for a name or EKU beyond the old certificate, granted for fewer', () => {
    const more = parsedCsr({ subject: 'O=Test, CN=device', dnsNames: ['device.lan', 'more.lan'] });
    expect(codeOf(renewal({}, { csr: more, plan: planFor(more) }))).toBe('renewal-exceeds');
    const ipsec = extension('2.5.29.37', der.writeSequence(der.writeOid('1.3.6.1.5.5.7.3.17')));
    const eku = parsedCsr({ subject: 'O=Test, CN=device', extensions: [ipsec] });
    expect(codeOf(renewal({}, { csr: eku, plan: planFor(eku) }))).toBe('renewal-exceeds');
    expect(codeOf(renewal())).toBe('grant');
  });

  it.each([
    ['another authority', { authorityId: 'a2' }],
    ['another profile', { profileId: 'user' }],
  ])('is judged as a first enrolment when the certificate is of %s', (_, record) => {
    expect(codeOf(renewal(record))).toBe('signer-key-mismatch');
  });

  it('follows the endpoint’s switches, early and in the window', () => {
    const early = { notAfter: NOW + 200 * DAY };
    expect(codeOf(renewal({}, { endpoint: endpoint({ renewal: 'hold' }) }))).toBe('hold');
    expect(codeOf(renewal({}, { endpoint: endpoint({ renewal: 'refuse' }) }))).toBe('renewal-refused');
    expect(codeOf(renewal(early, { endpoint: endpoint({ earlyRenewal: 'refuse' }) }))).toBe('renewal-too-early');
    expect(codeOf(renewal(early, { endpoint: endpoint({ earlyRenewal: 'hold' }) }))).toBe('hold');
    expect(codeOf(renewal({}, { endpoint: endpoint({ earlyRenewal: 'refuse' }) }))).toBe('grant');
    expect(findingsOf(renewal(early))).toContain('renewal-early');
  });

  it('A7.15 is held, or refused where nothing waits, when the new key is certified for somebody else already', () => {
    const other = issuedRecord(certificate({ key: rsaKey(0), subject: 'CN=somebody else', issuer: testCa() }));
    const judgement = renewal({}, { sameKey: [other] });
    expect(judgement.decision).toBe('hold');
    expect(findingsOf(judgement)).toContain('key-certified-elsewhere');
    expect(codeOf(renewal({}, { sameKey: [other], endpoint: endpoint({ authorization: 'challenge-only' }) }))).toBe('key-certified-elsewhere');
  });

  it('A7.14 allows the same key', () => {
    const csr = parsedCsr({ subject: 'O=Test, CN=device', key: rsaKey(1) });
    const record = issuedRecord(old);
    const judgement = judge(facts(csr, { signer: { selfSigned: false, spkiSha256: record.spkiSha256, subject: csr.subject }, signerRecord: record, sameKey: [record] }));
    expect(judgement.decision).toBe('grant');
    expect(findingsOf(judgement)).toContain('key-kept');
  });

  it('an EKU that the admin added to the profile since does not stop the fleet from renewing', () => {
    const wider = profile('device', { extendedKeyUsages: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.17'] });
    const csr = parsedCsr({ subject: 'O=Test, CN=device' });
    expect(codeOf(renewal({}, { profile: wider, plan: planFor(csr, wider) }))).toBe('grant');
  });
});
