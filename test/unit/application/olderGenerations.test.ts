/** GetCert and GetCRL where an authority has had another key before: the named serial decides, else the key that the envelope was addressed to. */
import { afterEach, describe, expect, it } from 'vitest';
import { mint, publicKeyOf } from '../../../src/main/application/authorities/mint.ts';
import { publishCrl } from '../../../src/main/application/crls.ts';
import { issuedChanges, signIntent } from '../../../src/main/application/issue.ts';
import { type Generation, NOT_NEXT } from '../../../src/main/core/ca/authority.ts';
import { planAuthority } from '../../../src/main/core/ca/identity.ts';
import { toHex } from '../../../src/main/core/lib/bytes.ts';
import { keyIdentifierOf } from '../../../src/main/core/pki/certificate.ts';
import { parseCrl, verifyCrl } from '../../../src/main/core/pki/crl.ts';
import { certificate, getCert, getCrl, pkcsReq, rsaKey } from '../../support/forge.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';

let office: Office;
afterEach(() => office.close());

/** The same authority under a new key; the former one is its previous generation. */
async function renewKey(): Promise<Generation> {
  const { deps } = office;
  const authority = deps.directory.authorities()[0]!;
  const former = deps.directory.currentGeneration(authority.id)!;
  const now = deps.clock.now();
  const key = await deps.signers.generate('authority', 'rsa-2048');
  const subjectKeyId = keyIdentifierOf(key.spki, deps.crypto);
  const plan = planAuthority({ authorityId: authority.id, generation: 2, subject: authority.subject, spki: key.spki, publicKey: publicKeyOf(key.spki), subjectKeyId, years: 10, scepKey: 'combined', parent: undefined, pathLength: undefined, crlUrls: [], caIssuersUrls: [], ocspUrls: [], now });
  const minted = mint(deps, plan, key, 'rsa-2048', now);
  const record = await signIntent(deps, minted.prepared.intent, { keyId: key.id, algorithm: 'rsa-2048', spki: key.spki });
  const next: Generation = { authorityId: authority.id, number: 2, state: 'current', keyId: key.id, spki: key.spki, certificate: record.der, chain: [], subjectKeyId: toHex(subjectKeyId), notBefore: plan.notBefore, notAfter: plan.notAfter, ...NOT_NEXT, version: 1 };
  const identity = deps.directory.activeScepIdentity(authority.id)!;
  await deps.store.commit({
    actor: ADMIN,
    at: now,
    expect: [],
    changes: [
      { kind: 'put', table: 'key', value: key },
      ...minted.prepared.changes,
      ...issuedChanges(minted.prepared.intent, record).changes,
      { kind: 'put', table: 'generation', value: { ...former, state: 'previous', version: 2 } },
      { kind: 'put', table: 'generation', value: next },
      { kind: 'put', table: 'scepIdentity', value: { ...identity, active: false, version: 2 } },
      { kind: 'put', table: 'scepIdentity', value: { ...identity, id: 'second', generation: 2, keyId: key.id, certificate: record.der, notAfter: record.notAfter, version: 1 } },
    ],
    audit: [],
  });
  await deps.directory.refresh();
  must(await publishCrl(deps, { authorityId: authority.id, generation: 2 }, ADMIN));
  return next;
}

describe('questions across generations', () => {
  it('A7.20 A7.21 GetCert finds what the former key issued; GetCRL gives the list of the named serial’s generation, else of the envelope’s', async () => {
    office = await openOffice();
    const enrol = async (i: number): Promise<Uint8Array> => (await office.ask(pkcsReq({ key: rsaKey(i), subject: `CN=dev-${i}`, recipient: office.scepCertificate, challenge: await office.challenge() }))).certificates[0]!;
    const formerCa = office.caCertificate;
    const old = await enrol(1);
    const former = office.deps.directory.currentGeneration(office.endpoint.authorityId)!;
    const current = await renewKey();
    expect(Buffer.from(office.scepCertificate).equals(Buffer.from(formerCa))).toBe(false);
    const fresh = await enrol(2);
    const from = (recipient: Uint8Array) => ({ key: rsaKey(2), signerCertificate: fresh, recipient });

    const found = await office.ask(getCert(old, from(office.scepCertificate)));
    expect(found.certificates.map((der) => Buffer.from(der).equals(Buffer.from(old)))).toEqual([true]);

    const signedBy = async (covered: Uint8Array, recipient: Uint8Array): Promise<string> => {
      const reply = await office.ask(getCrl(covered, from(recipient)), { signerCertificate: recipient });
      const crl = parseCrl(reply.crls[0] ?? new Uint8Array(0));
      if (!crl.ok) throw new Error(crl.error);
      return verifyCrl(crl.value, former.spki, office.deps.crypto) ? 'former' : verifyCrl(crl.value, current.spki, office.deps.crypto) ? 'current' : 'nobody';
    };
    expect(await signedBy(old, office.scepCertificate)).toBe('former');
    expect(await signedBy(fresh, formerCa)).toBe('current');
    // A serial that this CA never gave: whom the device knows decides.
    const unknown = certificate({ subject: 'CN=stranger', issuer: { key: rsaKey(1000), certificate: formerCa } });
    expect(await signedBy(unknown, formerCa)).toBe('former');
    expect(await signedBy(unknown, office.scepCertificate)).toBe('current');
  });
});
