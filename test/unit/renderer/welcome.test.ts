/** The first run's own logic: where it stands, what the first device has done so far, which commands it offers. */
import { describe, expect, it } from 'vitest';
import { type EnrolmentFacts, certmonger, scepclient, strongSwan } from '../../../src/renderer/src/features/welcome/clientCommands.ts';
import { progressOf } from '../../../src/renderer/src/features/welcome/firstContact.ts';
import { sha256OfBase64, signingCommand } from '../../../src/renderer/src/features/welcome/signingRequest.ts';
import { type Standing, currentStep, isEstablished, isOpen, kindOf, readWish } from '../../../src/renderer/src/features/welcome/steps.ts';

const at = (query: string) => readWish(new URLSearchParams(query));
const ca = (id: string, parentId: string | null = null, awaits = false) => ({ id, parentId, awaits });
const empty: Standing = { vault: 'empty', authorities: [] };
const open: Standing = { vault: 'open', authorities: [] };

describe('the step of a first run', () => {
  it('begins with the kind, and asks for the keys once that is known', () => {
    expect(currentStep(empty, at(''))).toBe('kind');
    expect(currentStep(empty, at('kind=one'))).toBe('keys');
    expect(currentStep(empty, at('kind=one&step=kind'))).toBe('kind');
    expect(currentStep(empty, at('kind=nonsense&step=nonsense'))).toBe('kind');
  });

  it('cannot be jumped over by a path', () => {
    expect(currentStep(empty, at('kind=one&step=device'))).toBe('keys');
    expect(currentStep(open, at('kind=one&step=network'))).toBe('authority');
    expect(currentStep({ vault: 'locked', authorities: [ca('a')] }, at('step=device'))).toBe('keys');
  });

  it('skips the keys where the vault exists, and shows them when asked', () => {
    expect(currentStep(open, at(''))).toBe('kind');
    expect(currentStep(open, at('kind=import'))).toBe('authority');
    expect(currentStep(open, at('kind=import&step=keys'))).toBe('keys');
  });

  it('goes on with the network once there is an authority, which is not made twice', () => {
    const made: Standing = { vault: 'open', authorities: [ca('a')] };
    expect(currentStep(made, at('kind=one'))).toBe('network');
    expect(currentStep(made, at('step=kind'))).toBe('network');
    expect(isOpen(made, at(''), 'kind')).toBe(false);
    expect(currentStep(made, at('step=endpoint'))).toBe('endpoint');
  });

  it('waits for the issuing CA beneath a root', () => {
    const root: Standing = { vault: 'open', authorities: [ca('root')] };
    expect(isEstablished(root, 'hierarchy')).toBe(false);
    expect(currentStep(root, at('kind=hierarchy&step=network'))).toBe('authority');
    expect(isEstablished({ vault: 'open', authorities: [ca('root'), ca('issuing', 'root')] }, 'hierarchy')).toBe(true);
  });

  it('comes back to the signing request after days, without its path', () => {
    const waiting: Standing = { vault: 'open', authorities: [ca('a', null, true)] };
    expect(kindOf(waiting, at(''))).toBe('offline');
    expect(currentStep(waiting, at(''))).toBe('authority');
    expect(currentStep({ ...waiting, vault: 'locked' }, at(''))).toBe('keys');
  });
});

describe('a first run that makes no authority', () => {
  it('restores a backup only where nothing is yet', () => {
    expect(currentStep(empty, at('kind=restore&step=keys'))).toBe('keys');
    expect(kindOf(empty, at('kind=restore'))).toBe('restore');
    expect(kindOf(open, at('kind=restore'))).toBeUndefined();
    expect(currentStep(open, at('kind=restore&step=authority'))).toBe('kind');
  });

  it('leads a listener to the courier once its keys have a place', () => {
    expect(currentStep(empty, at('kind=listener'))).toBe('keys');
    expect(currentStep(open, at('kind=listener'))).toBe('authority');
  });
});

type Logged = Parameters<typeof progressOf>[0][number];
const logged = (id: number, fields: Partial<Logged>): Logged => ({
  id,
  at: '2026-11-21T10:00:00Z',
  source: '192.0.2.7',
  path: '/scep',
  endpointId: 'e',
  operation: 'PKCSReq',
  transactionId: 't',
  outcome: 'failure',
  code: 'x',
  text: 'No.',
  requestId: null,
  certificateId: null,
  algorithms: null,
  milliseconds: 1,
  client: null,
  subject: 'CN=first',
  ...fields,
});
const contact = { at: '2026-11-21T10:00:00Z', source: '192.0.2.7', path: '/scep', operation: 'GetCACert' };

describe('the first contact', () => {
  it('goes from nobody over a question to a request and a certificate', () => {
    expect(progressOf([], null).stage).toBe('nobody');
    expect(progressOf([], contact)).toMatchObject({ stage: 'contact', operation: 'GetCACert' });
    const waits = logged(1, { outcome: 'pending', requestId: 'r' });
    expect(progressOf([waits], contact)).toMatchObject({ stage: 'waiting', requestId: 'r' });
    const issued = logged(2, { outcome: 'success', certificateId: 'c' });
    expect(progressOf([issued, waits], contact)).toMatchObject({ stage: 'enrolled', certificateId: 'c' });
  });

  it('stays enrolled, whatever another device does later', () => {
    expect(progressOf([logged(3, {}), logged(2, { outcome: 'success', certificateId: 'c' })], contact).stage).toBe('enrolled');
  });

  it('tells of the next device that waits, until it has its certificate too', () => {
    const issued = logged(2, { outcome: 'success', certificateId: 'c' });
    expect(progressOf([logged(3, { outcome: 'pending', requestId: 'r' }), issued], contact)).toMatchObject({ stage: 'waiting', requestId: 'r' });
    expect(progressOf([logged(5, { outcome: 'success', certificateId: 'd' }), logged(3, { outcome: 'pending', requestId: 'r' }), issued], contact)).toMatchObject({ stage: 'enrolled', certificateId: 'd' });
  });

  it('tells a refusal with its transaction, and forgets it when the device asks again', () => {
    expect(progressOf([logged(4, {})], contact)).toMatchObject({ stage: 'refused', transaction: 4 });
    expect(progressOf([logged(5, { outcome: 'pending', requestId: 'r' }), logged(4, {})], contact).stage).toBe('waiting');
    expect(progressOf([logged(6, {}), logged(5, { outcome: 'pending', requestId: 'r' })], contact)).toMatchObject({ stage: 'refused', transaction: 6 });
  });

  it('tells of a device at a wrong URL only while none was at the right one', () => {
    const astray = logged(6, { outcome: 'rejected', operation: 'HTTP', path: '/wrong' });
    expect(progressOf([astray], null)).toMatchObject({ stage: 'astray', path: '/wrong' });
    expect(progressOf([astray], contact).stage).toBe('contact');
  });

  it('does not take a capability answer for an enrolment', () => {
    expect(progressOf([logged(7, { outcome: 'success', operation: 'GetCRL' })], contact).stage).toBe('contact');
  });
});

const facts: EnrolmentFacts = { url: 'http://192.0.2.5:8080/scep', authorityNumber: 2, mode: 'combined', root: 'self', compatibility: 'standard', recipientSha256: 'ab'.repeat(32), password: 'AAAA-BBBB' };

describe('the commands for a first device', () => {
  it('believe the certificate that answers: the CA, the RA beside it, or the root above them', () => {
    expect(strongSwan(facts)).toContain('--cacert-enc ca.pem --cacert-sig ca.pem --cipher des3');
    expect(strongSwan({ ...facts, mode: 'split' })).toContain('--cacert-enc ra.pem --cacert-sig ra.pem --cacert ca.pem --cipher');
    expect(strongSwan({ ...facts, root: 1 })).toContain('curl -s http://192.0.2.5:8080/ca/1.pem -o root.pem');
    expect(strongSwan({ ...facts, root: 'elsewhere', mode: 'split' })).toContain('--cacert-enc ra.pem --cacert-sig ra.pem --cacert root.pem --cacert ca.pem');
    expect(certmonger(facts)).toContain('-N "$PWD/ca.pem"');
    expect(certmonger({ ...facts, mode: 'split' })).not.toContain('-N "$PWD/ca');
    expect(certmonger({ ...facts, mode: 'split', root: 1 })).toContain('-N "$PWD/root.pem"');
    expect(certmonger({ ...facts, root: 1 })).toContain('-N "$PWD/ca.pem"');
    expect(certmonger({ ...facts, root: 'elsewhere' })).toContain('-N "$PWD/root.pem"');
    expect(scepclient(facts)).toContain(`-ca-fingerprint ${'ab'.repeat(32)} -challenge AAAA-BBBB`);
  });

  it('poll instead where the admin decides, and use AES where nothing else is taken', () => {
    const waiting = { ...facts, password: undefined };
    for (const command of [strongSwan(waiting), certmonger(waiting), scepclient(waiting)]) expect(command).not.toMatch(/password|-L |challenge/);
    expect(strongSwan(waiting)).toContain('--maxpolltime');
    expect(strongSwan({ ...facts, compatibility: 'strict' })).toContain('--cipher aes');
  });
});

describe('a signing request', () => {
  it('has the digest of its DER, whether it comes as PEM or as DER', async () => {
    const der = Buffer.from('3003020101', 'hex');
    const pem = Buffer.from(`-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`);
    expect(await sha256OfBase64(pem.toString('base64'))).toBe(await sha256OfBase64(der.toString('base64')));
  });

  it('is named in a command as the shell reads it', () => {
    expect(signingCommand('office.csr')).toContain('-in office.csr ');
    expect(signingCommand("it's.csr")).toContain(`-in 'it'\\''s.csr'`);
  });
});
