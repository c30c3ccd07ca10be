/** Trust kits as other programs read them: the Apple profile by Python's plistlib, the rest by OpenSSL. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { buildKit, type Kit } from '../../src/main/application/kits/build.ts';
import { createAuthority } from '../../src/main/application/authorities.ts';
import type { KitTarget } from '../../src/main/application/kits/targets.ts';
import { ADMIN, type Office, must, openOffice } from '../support/office.ts';
import { needs } from '../support/optional.ts';

const ORGANIZATION = 'Müller & <Sons> "Ltd"';

let office: Office;
let folder: string;
let issuingId: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kits-'));
  office = await openOffice({ authority: { commonName: 'Root <1>', organization: ORGANIZATION } });
  const issuing = must(await createAuthority(office.deps, { commonName: 'Issuing & Co', organization: ORGANIZATION, key: 'p256', years: 5, scepKey: 'split', parentId: office.endpoint.authorityId }, ADMIN));
  issuingId = issuing.authority.id;
});

afterAll(async () => {
  await office.close();
  rmSync(folder, { recursive: true, force: true });
});

async function saved(target: KitTarget): Promise<{ readonly kit: Kit; readonly paths: readonly string[] }> {
  const kit = must(await buildKit(office.deps, { target, authorityId: issuingId }));
  const paths = kit.files.map(({ name, bytes }) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  });
  return { kit, paths };
}

const sha256 = (...path: readonly string[]): string => execFileSync('openssl', ['x509', '-noout', '-fingerprint', '-sha256', ...path], { encoding: 'utf8' }).replace(/^.*=|:|\n/g, '').toLowerCase();

const python = needs('python3');

// Bytes become hex, for JSON has none.
const READER = `
import json, plistlib, sys
with open(sys.argv[1], 'rb') as file:
    print(json.dumps(plistlib.load(file), default=lambda data: data.hex()))
`;

interface Payload {
  readonly [key: string]: unknown;
  readonly PayloadContent: string;
  readonly PayloadUUID: string;
}

python.it('the Apple profile is a property list with everything that a profile must have', async () => {
  const { paths } = await saved('apple-profile');
  const profile = JSON.parse(execFileSync('python3', ['-c', READER, ...paths], { encoding: 'utf8' })) as Omit<Payload, 'PayloadContent'> & { readonly PayloadContent: readonly Payload[] };
  expect(profile).toMatchObject({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: `countersign.trust.${issuingId}`,
    PayloadDisplayName: 'Trust in Issuing & Co',
    PayloadOrganization: ORGANIZATION,
    PayloadScope: 'System',
    PayloadRemovalDisallowed: false,
  });
  const { directory } = office.deps;
  const current = directory.currentGeneration(issuingId);
  expect(profile.PayloadContent).toMatchObject([
    { PayloadType: 'com.apple.security.root', PayloadVersion: 1, PayloadDisplayName: 'Root <1>', PayloadContent: Buffer.from(current?.chain[0] ?? []).toString('hex') },
    { PayloadType: 'com.apple.security.pkcs1', PayloadVersion: 1, PayloadDisplayName: 'Issuing & Co', PayloadContent: Buffer.from(current?.certificate ?? []).toString('hex') },
  ]);
  const uuids = [profile.PayloadUUID, ...profile.PayloadContent.map(({ PayloadUUID }) => PayloadUUID)];
  expect(new Set(uuids).size).toBe(3);
  for (const uuid of uuids) expect(uuid).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
});

const openssl = needs('openssl');

openssl.it('OpenSSL finds in each file what the text names', async () => {
  const { kit, paths } = await saved('trust-der');
  expect(paths).toHaveLength(2);
  for (const path of paths) expect(kit.text).toContain(sha256('-inform', 'DER', '-in', path));

  const pem = await saved('trust-pem');
  const [chain = '', root = '', issuing = ''] = pem.paths;
  expect(execFileSync('openssl', ['verify', '-CAfile', root, issuing], { encoding: 'utf8' })).toContain('OK');
  expect(execFileSync('openssl', ['verify', '-CAfile', chain, issuing], { encoding: 'utf8' })).toContain('OK');
  expect(pem.kit.text).toContain(sha256('-in', root));

  const p7b = await saved('trust-p7b');
  const printed = execFileSync('openssl', ['pkcs7', '-inform', 'DER', '-print_certs', '-in', p7b.paths[0] ?? ''], { encoding: 'utf8' });
  expect(printed.match(/^subject=/gm)).toHaveLength(2);
});
