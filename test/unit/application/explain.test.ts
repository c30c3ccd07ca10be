import { afterEach, describe, expect, it } from 'vitest';
import { explain } from '../../../src/main/application/explain/explain.ts';
import { FAULTS } from '../../../src/main/application/explain/faults.ts';
import { REFUSALS } from '../../../src/main/application/explain/refusals.ts';
import { TURNED_AWAY_WITH } from '../../../src/main/application/explain/turnedAway.ts';
import { getTransaction } from '../../../src/main/application/transactions.ts';
import { certPoll, pkcsReq } from '../../support/forge.ts';
import { aTransaction } from '../../support/memoryRecords.ts';
import { type Office, must, openOffice } from '../../support/office.ts';

let office: Office | undefined;
afterEach(async () => {
  await office?.close();
  office = undefined;
});

describe('an explanation', () => {
  it.each(Object.entries({ ...TURNED_AWAY_WITH, ...REFUSALS, ...FAULTS }))('%s has a cause and something to do, in sentences', (code, { cause, fixes }) => {
    const explained = explain(aTransaction({ code, outcome: 'failure' }));
    expect(explained.summary).toMatch(/^A device at 192\.0\.2\.10 .*\.$/);
    for (const text of [cause ?? '', ...fixes.map((fix) => fix.text)]) expect(text).toMatch(/^\p{Lu}[^\n]*[.”]$|^sscep [^\n]*\.$|^micromdm’s [^\n]*\.$|^strongSwan [^\n]*\.$/u);
    expect(fixes.length).toBeGreaterThan(0);
    // General ones first.
    const known = fixes.findIndex(({ client }) => client !== null);
    expect(fixes.slice(known < 0 ? fixes.length : known).every(({ client }) => client !== null)).toBe(true);
  });

  it('tells a device of a known kind only what helps it, and one of an unknown kind everything', () => {
    const fixesFor = (client: string | null): readonly (string | null)[] => explain(aTransaction({ code: 'key-too-small', outcome: 'failure', client })).fixes.map((fix) => fix.client);
    expect(fixesFor('Apple device')).toEqual([null, 'Apple device']);
    expect(fixesFor('strongSwan')).toEqual([null]);
    expect(fixesFor(null)).toEqual([null, 'Apple device', 'MikroTik RouterOS', 'Cisco IOS']);
  });

  it('says of what went well that it did, and of a code from another version what its outcome says', () => {
    expect(explain(aTransaction({ subject: 'CN=gate', client: 'strongSwan' }))).toEqual({ summary: 'A device at 192.0.2.10 (strongSwan) asked for a certificate for CN=gate and was given its certificate.', cause: null, fixes: [] });
    expect(explain(aTransaction({ code: 'toString', outcome: 'failure' })).cause).toBe('The text of the entry says what was met.');
  });

  it('knows who asked for what: a refused message from itself, a poll from its request', async () => {
    office = await openOffice();
    const sent = pkcsReq({ subject: 'CN=gate', recipient: office.scepCertificate });
    await office.request({ body: sent.bytes, userAgent: 'strongSwan/5.9' });
    await office.request({ body: certPoll(sent, { recipient: office.scepCertificate }).bytes });
    await office.request({ body: pkcsReq({ subject: 'CN=bad', challenge: 'made up', recipient: office.scepCertificate, transactionId: 'other' }).bytes, userAgent: 'mdmclient/1' });
    await office.request({ body: new Uint8Array([1]) });
    const seen = await Promise.all((await office.store.read.transactions({ limit: 10 })).items.map(async ({ id }) => must(await getTransaction(office!.deps, { id }))));
    const unreadable = seen.filter(({ transaction }) => transaction.outcome === 'rejected');
    expect(unreadable.map(({ transaction }) => transaction.code).sort()).toEqual(['unanswerable', 'unreadable-message']);
    const [refused, polled, asked] = seen.filter(({ transaction }) => transaction.outcome !== 'rejected');
    expect(refused).toMatchObject({ transaction: { client: 'Apple device', subject: 'CN=bad', code: 'challenge-unknown' }, explanation: { summary: 'A device at 192.0.2.1 (Apple device) asked for a certificate for CN=bad and was refused with a signed answer.' } });
    expect(refused?.explanation.fixes.map(({ client }) => client)).toEqual([null, 'Apple device']);
    expect(polled).toMatchObject({ transaction: { client: 'strongSwan', subject: 'CN=gate' }, explanation: { summary: 'A device at 192.0.2.1 (strongSwan) asked what became of its request for CN=gate and was told to wait for your decision, and asks again by itself.', cause: null } });
    expect(asked).toMatchObject({ transaction: { client: 'strongSwan', subject: 'CN=gate', code: 'pending' } });
  });
});
