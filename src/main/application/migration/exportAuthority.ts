/**
 * Out again: an authority as openssl's `ca` lays it out, so that nobody is locked in. The CA key goes along only for somebody who proves the
 * vault's passphrase (or this computer's keychain) anew, and only as bytes that are encrypted under a passphrase given for this.
 */
import { equalBytes, toHex, toPem, utf8 } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Actor } from '../../core/ca/audit.ts';
import type { Authority, Generation } from '../../core/ca/authority.ts';
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import { CRL_FILE, onelineOf, opensslConfiguration, plainOctets, writeIndexLine } from '../../core/ca/migration/opensslLayout.ts';
import { type TarFile, writeTar } from '../../core/ca/migration/tar.ts';
import { serialFrom } from '../../core/ca/serial.ts';
import { parseCertificate } from '../../core/pki/certificate.ts';
import { fileNameOf } from '../authorities/naming.ts';
import type { Outcome, Refusal } from '../deps.ts';
import { type IssuingDeps, schemeFor } from '../issue.ts';
import type { VaultRecord } from '../ports/vault.ts';
import { VAULT_SETTING, describeVaultRefusal } from '../vault.ts';

export interface ExportInput {
  readonly id: string;
  /** Of the key's file; without one the key stays. */
  readonly keyPassphrase?: string | undefined;
  /** The vault's. */
  readonly passphrase?: string | undefined;
}

export interface ExportedAuthority {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly certificates: number;
  readonly revoked: number;
  readonly serialsOnly: number;
  readonly withKey: boolean;
}

const PAGE = 500;

/** Refused: not-found, awaiting-certificate, no-key, and where the vault is not proven. */
export async function exportAuthority(deps: IssuingDeps, input: ExportInput, actor: Actor): Outcome<ExportedAuthority> {
  const authority = deps.directory.authority(input.id);
  const generation = deps.directory.currentGeneration(input.id);
  if (authority === undefined || generation === undefined) return err({ code: 'not-found', message: 'There is no such authority.' });
  const { certificate } = generation;
  if (certificate === null) return err({ code: 'awaiting-certificate', message: 'This authority still waits for its certificate.', hint: 'Install it first.' });
  const key = input.keyPassphrase === undefined ? ok(undefined) : await sealKey(deps, generation, input.keyPassphrase, input.passphrase);
  if (!key.ok) {
    await audit(deps, authority, actor, 'refused', key.error.code, {});
    return key;
  }
  const written = await writeFolder(deps, authority, { ...generation, certificate }, key.value);
  const bytes = writeTar(written.files, deps.clock.now());
  const sha256 = toHex(deps.crypto.digest('sha256', bytes));
  const withKey = key.value !== undefined;
  // Before the bytes leave: whoever has them may act as this CA.
  await audit(deps, authority, actor, 'ok', withKey ? 'exported-with-key' : 'exported', { sha256, ...written.counts });
  return ok({ name: `${fileNameOf(authority)}-openssl.tar`, bytes, sha256, ...written.counts, withKey });
}

async function audit(deps: IssuingDeps, authority: Authority, actor: Actor, outcome: 'ok' | 'refused', code: string, detail: Readonly<Record<string, string | number>>): Promise<void> {
  const done = await deps.store.commit({ actor, at: deps.clock.now(), expect: [], changes: [], audit: [{ action: 'migration.export', subject: `authority:${authority.id}`, outcome, code, detail: { commonName: authority.commonName, ...detail } }] });
  if (!done.ok) throw new Error('a change-set without expectations came back as a conflict');
}

/** The key encrypted, for whoever proves that the vault is theirs. */
async function sealKey(deps: IssuingDeps, { keyId }: Generation, keyPassphrase: string, passphrase: string | undefined): Promise<Result<Uint8Array, Refusal>> {
  const record = (await deps.store.read.setting(VAULT_SETTING)) as VaultRecord | undefined;
  if (record === undefined) return err({ code: 'empty', message: 'There is no vault yet, so there is no key.' });
  const proven = await deps.vault.prove(record, passphrase);
  if (!proven.ok) return err(describeVaultRefusal(proven.error, 'existing'));
  const stored = (await deps.store.read.keys()).find(({ id }) => id === keyId);
  if (stored === undefined) return err({ code: 'no-key', message: 'The key of this authority is not on this machine.', hint: 'Export where it lies, or leave the key’s passphrase out.' });
  return ok(await deps.signers.seal(stored, keyPassphrase));
}

interface Folder {
  readonly files: readonly TarFile[];
  readonly counts: { readonly certificates: number; readonly revoked: number; readonly serialsOnly: number };
}

async function writeFolder(deps: IssuingDeps, authority: Authority, generation: Generation & { readonly certificate: Uint8Array }, key: Uint8Array | undefined): Promise<Folder> {
  const now = deps.clock.now();
  const generations = deps.directory.generations(authority.id);
  const own = generations.flatMap(({ certificate }) => certificate ?? []);
  const records = (await allCertificates(deps, authority.id)).filter(({ der }) => !own.some((c) => equalBytes(c, der)));
  const serials = await deps.store.read.revokedSerials(authority.id);
  const crl = await deps.store.read.latestCrl(authority.id, generation.number);
  const text = (name: string, content: string): TarFile => ({ name, bytes: utf8(content), mode: 0o644 });
  const pem = (name: string, der: Uint8Array, label = 'CERTIFICATE'): TarFile => ({ name, bytes: utf8(toPem(label, der)), mode: label === 'ENCRYPTED PRIVATE KEY' ? 0o600 : 0o644 });
  const index = [
    ...records.map((record) => writeIndexLine({ ...record, subject: subjectOf(record) }, now)),
    // openssl wants an end, and nobody knows these: until the CA's own they must stay on the list.
    ...serials.map((row) => writeIndexLine({ ...row, notAfter: row.notAfter ?? generation.notAfter, subject: row.subject?.startsWith('/') === true ? plainOctets(row.subject) : `/CN=${plainOctets(row.subject ?? 'unknown')}` }, now)),
  ];
  const scheme = schemeFor(authority.keyAlgorithm);
  const files: TarFile[] = [
    text('README.txt', README),
    text('openssl.cnf', opensslConfiguration(deps.directory.settings().crlDays, 'digest' in scheme && scheme.digest === 'sha384' ? 'sha384' : 'sha256')),
    text('index.txt', index.join('')),
    text('index.txt.attr', 'unique_subject = no\n'),
    text('serial', `${toHex(serialFrom(deps.crypto.random(16))).toUpperCase()}\n`),
    text('crlnumber', `${evenHex((crl?.number ?? 0) + 1)}\n`),
    pem('cacert.pem', generation.certificate),
    text('chain.pem', generation.chain.map((der) => toPem('CERTIFICATE', der)).join('')),
    ...(crl === undefined ? [] : [pem(CRL_FILE, crl.der, 'X509 CRL')]),
    ...(key === undefined ? [] : [pem('private/cakey.pem', key, 'ENCRYPTED PRIVATE KEY')]),
    ...generations.flatMap(({ number, certificate }) => (certificate === null || number === generation.number ? [] : [pem(`generations/${number}.pem`, certificate)])),
    ...records.map(({ serial, der }) => pem(`newcerts/${serial.slice(0, 80)}.pem`, der)),
  ];
  return { files, counts: { certificates: records.length, revoked: records.filter(({ state }) => state !== 'valid').length, serialsOnly: serials.length } };
}

function subjectOf({ der }: CertificateRecord): string {
  const parsed = parseCertificate(der);
  return parsed.ok ? onelineOf(parsed.value.subject) : '/';
}

function evenHex(value: number): string {
  const hex = value.toString(16).toUpperCase();
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

/** Oldest first. */
async function allCertificates({ store, clock }: IssuingDeps, authorityId: string): Promise<readonly CertificateRecord[]> {
  const found: CertificateRecord[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await store.read.certificates({ authorityId, limit: PAGE, cursor }, clock.now());
    found.push(...page.items);
    if (page.nextCursor === undefined) return found.reverse();
    cursor = page.nextCursor;
  }
}

const README = `A certificate authority in the layout of openssl's ca, as Countersign exported it.

  openssl ca -config openssl.cnf -gencrl -out crl.pem
  openssl ca -config openssl.cnf -revoke newcerts/SERIAL.pem

Run them in this folder. private/cakey.pem, where it is here, is encrypted under the passphrase that was given for the export.
Two products that go on with one CA at the same time contradict each other's revocation lists: stop the one before the other goes on.
`;
