/** Trust kits: the right files under the right names, the fingerprints that the CA shows, and the rule for each platform. */
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type AdminDoor, createAdminDoor } from '../../../src/main/admin/door.ts';
import { createAuthority } from '../../../src/main/application/authorities.ts';
import { type KitTarget, TARGETS } from '../../../src/main/application/kits/targets.ts';
import { parseSignedData } from '../../../src/main/core/pki/signedData.ts';
import type { Input, Output } from '../../../src/preload/contract/contract.ts';
import { KIT_TARGETS } from '../../../src/preload/contract/kits.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';

let office: Office;
let door: AdminDoor;
afterEach(() => office.close());

async function call<T>(channel: string, input: unknown): Promise<T> {
  const reply = await door.call(channel, input, ADMIN);
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
  return reply.value as T;
}

const build = (input: Input<'kits.build'>): Promise<Output<'kits.build'>> => call('kits.build', input);

async function begin(): Promise<string> {
  office = await openOffice();
  door = createAdminDoor(office.deps);
  return office.endpoint.authorityId;
}

/** Root, issuing CA below it. */
async function beginWithTwo(): Promise<{ readonly rootId: string; readonly issuingId: string }> {
  const rootId = await begin();
  const issuing = must(await createAuthority(office.deps, { commonName: 'Grüße & Söhne', key: 'rsa-2048', years: 5, scepKey: 'combined', parentId: rootId }, ADMIN));
  return { rootId, issuingId: issuing.authority.id };
}

const bytesOf = (kit: Output<'kits.build'>, nth = 0): Buffer => Buffer.from(kit.files[nth]?.base64 ?? '', 'base64');
const pemsIn = (kit: Output<'kits.build'>, nth = 0): readonly X509Certificate[] => [...bytesOf(kit, nth).toString('utf8').matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(([pem]) => new X509Certificate(pem));
const hex = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

describe('the list of kits', () => {
  it('holds each target of the contract once, with a title and a sentence', async () => {
    await begin();
    const { items } = await call<Output<'kits.targets'>>('kits.targets', {});
    expect(items.map(({ target }) => target)).toEqual(KIT_TARGETS);
    for (const { title, text } of items) expect([title.length > 5, text.endsWith('.')]).toEqual([true, true]);
  });
});

describe('a kit of one self-signed CA', () => {
  it('is its certificate, with the fingerprint that authorities.get shows', async () => {
    const authorityId = await begin();
    const { fingerprints } = await call<Output<'authorities.list'>>('authorities.list', {}).then(({ items }) => items[0]!);
    for (const target of KIT_TARGETS) {
      const kit = await build({ target, authorityId });
      expect(kit.text, target).toContain(`Office CA (root): ${fingerprints?.sha256}`);
      expect(kit.text, target).toContain(kit.files[0]?.name);
    }
    const der = await build({ target: 'trust-der', authorityId });
    expect(der.files.map(({ name, mediaType }) => [name, mediaType])).toEqual([['Office-CA-root.cer', 'application/pkix-cert']]);
    expect(hex(new X509Certificate(bytesOf(der)).fingerprint256)).toBe(fingerprints?.sha256);
    const pem = await build({ target: 'trust-pem', authorityId });
    expect(pem.files.map(({ name }) => name)).toEqual(['Office-CA-chain.pem', 'Office-CA-root.crt']);
    expect([pemsIn(pem, 0), pemsIn(pem, 1)].map((all) => all.map(({ fingerprint256 }) => hex(fingerprint256)))).toEqual([[fingerprints?.sha256], [fingerprints?.sha256]]);
  });

  it('is the same by the path of its endpoint', async () => {
    const authorityId = await begin();
    for (const target of KIT_TARGETS) expect(await build({ target, endpoint: '/scep' })).toEqual(await build({ target, authorityId }));
  });

  it('leaves no choice in Intune', async () => {
    const { text } = await build({ target: 'intune-trusted-certificate', authorityId: await begin() });
    expect(text).toContain('“Computer certificate store - Root”');
    expect(text).toContain('choose that platform’s profile of Office-CA-root.cer under Root certificate');
    expect(text).not.toContain('Intermediate');
  });

  it('needs no key, and writes nothing', async () => {
    const authorityId = await begin();
    const before = await office.store.read.auditHead();
    await office.lock();
    for (const target of KIT_TARGETS) expect((await build({ target, authorityId })).files).not.toEqual([]);
    expect(await office.store.read.auditHead()).toEqual(before);
  });
});

describe('a kit of an issuing CA', () => {
  it('has a file for each certificate of the chain, the root first, under names that every system can hold', async () => {
    const { issuingId } = await beginWithTwo();
    for (const target of ['trust-der', 'intune-trusted-certificate'] as const) {
      const kit = await build({ target, authorityId: issuingId });
      expect(kit.files.map(({ name }) => name)).toEqual(['Office-CA-root.cer', 'Gr-e-S-hne-issuing.cer']);
      expect([0, 1].map((nth) => new X509Certificate(bytesOf(kit, nth)).subject.split('\n').at(-1))).toEqual(['CN=Office CA', 'CN=Grüße & Söhne']);
    }
  });

  it('has the chain as TLS programs read it: the issuing CA first', async () => {
    const { issuingId } = await beginWithTwo();
    const [issuing, root] = pemsIn(await build({ target: 'trust-pem', authorityId: issuingId }));
    expect(issuing?.checkIssued(root!)).toBe(true);
    const p7b = parseSignedData(bytesOf(await build({ target: 'trust-p7b', authorityId: issuingId })));
    expect(p7b.certificates.map((der) => new X509Certificate(der).fingerprint256)).toEqual([issuing?.fingerprint256, root?.fingerprint256]);
  });

  it('tells the rule for each platform: Windows the issuing CA, Android and iOS the root', async () => {
    const { issuingId } = await beginWithTwo();
    const { text } = await build({ target: 'intune-trusted-certificate', authorityId: issuingId });
    const about = (platform: string): string => text.split('\n\n').find((paragraph) => paragraph.startsWith(platform)) ?? '';
    expect(about('Windows')).toContain('Office-CA-root.cer with the destination store “Computer certificate store - Root”, and Gr-e-S-hne-issuing.cer with “Computer certificate store - Intermediate”');
    expect(about('Windows')).toContain('the profile of the issuing CA, Gr-e-S-hne-issuing.cer, under Root certificate');
    expect(about('Android')).toContain('the profile of the root, Office-CA-root.cer, under Root certificate');
    expect(about('iOS')).toContain('the profile of the root, Office-CA-root.cer, under Root certificate');
    expect(about('macOS')).toContain('names no rule for macOS');
    expect(text).toContain('Assign them to the same groups as the SCEP profile');
  });

  it('says which certificate goes into which store of Windows', async () => {
    const { issuingId } = await beginWithTwo();
    const { text } = await build({ target: 'trust-der', authorityId: issuingId });
    expect(text).toContain('Office-CA-root.cer into “Trusted Root Certification Authorities”, Gr-e-S-hne-issuing.cer into “Intermediate Certification Authorities”');
  });

  it('of which the root was not imported says that it is missing', async () => {
    const { issuingId } = await beginWithTwo();
    const { directory } = office.deps;
    const partial = { ...office.deps, directory: { ...directory, currentGeneration: (id: string) => ({ ...directory.currentGeneration(id)!, chain: [] }) } };
    door = createAdminDoor(partial);
    for (const target of KIT_TARGETS) {
      const kit = await build({ target, authorityId: issuingId });
      expect(kit.text).toContain('The root above Grüße & Söhne is not among these files');
    }
    expect(bytesOf(await build({ target: 'apple-profile', authorityId: issuingId })).toString()).not.toContain('com.apple.security.root');
  });
});

describe('a kit', () => {
  it('is refused while the authority awaits its certificate', async () => {
    const authorityId = await begin();
    door = createAdminDoor({ ...office.deps, directory: { ...office.deps.directory, currentGeneration: () => undefined } });
    for (const target of Object.keys(TARGETS) as KitTarget[]) {
      expect(await door.call('kits.build', { target, authorityId }, ADMIN)).toMatchObject({ ok: false, error: { code: 'awaiting-certificate', message: expect.stringContaining('Office CA still awaits its certificate') } });
    }
  });

  it('names one authority, by id or by endpoint', async () => {
    const authorityId = await begin();
    const refusal = (code: string) => ({ ok: false, error: { code } });
    expect(await door.call('kits.build', { target: 'trust-der' }, ADMIN)).toMatchObject(refusal('invalid-input'));
    expect(await door.call('kits.build', { target: 'trust-der', authorityId, endpoint: '/scep' }, ADMIN)).toMatchObject(refusal('invalid-input'));
    expect(await door.call('kits.build', { target: 'trust-der', authorityId: 'none' }, ADMIN)).toMatchObject(refusal('not-found'));
    expect(await door.call('kits.build', { target: 'trust-der', endpoint: '/scep/none' }, ADMIN)).toMatchObject(refusal('not-found'));
  });
});
