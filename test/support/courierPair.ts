/** Two offices that share one authority by courier: a signer that has the CA key, a listener that has met no CA. Keys are real ones of their own. */
import { generatePrivateKey } from '../../src/main/adapters/crypto/generateKey.ts';
import { exportCertificates } from '../../src/main/application/courier/exportCertificates.ts';
import { exportRequests } from '../../src/main/application/courier/exportRequests.ts';
import { type ImportedCertificates, importCertificates } from '../../src/main/application/courier/importCertificates.ts';
import { type ImportedRequests, importRequests } from '../../src/main/application/courier/importRequests.ts';
import { accept, confirm, invite, readPairing } from '../../src/main/application/courier/pair.ts';
import { ADMIN, type Office, type OfficeOptions, must, openOffice } from './office.ts';

export interface CourierPair {
  readonly signer: Office;
  readonly listener: Office;
  readonly authorityId: string;
  /** Listener writes requests, and their bytes. */
  requests(): Promise<Uint8Array>;
  /** Signer writes certificates, and their bytes. */
  certificates(): Promise<Uint8Array>;
  toSigner(bytes: Uint8Array, acceptGranted?: boolean): Promise<ImportedRequests>;
  toListener(bytes: Uint8Array): Promise<ImportedCertificates>;
  /** One whole run. */
  run(acceptGranted?: boolean): Promise<void>;
  advance(milliseconds: number): void;
  close(): Promise<void>;
}

const keys = { generateKey: generatePrivateKey };

export interface CourierPairOptions {
  readonly store?: 'memory' | 'sqlite';
  readonly authority?: OfficeOptions['authority'];
  readonly signerSettings?: OfficeOptions['settings'];
  readonly listenerSettings?: OfficeOptions['settings'];
}

export async function openUnpaired({ store = 'memory', authority = { commonName: 'Vault CA', key: 'p256', scepKey: 'split' }, signerSettings = {}, listenerSettings = {} }: CourierPairOptions = {}): Promise<{ readonly signer: Office; readonly listener: Office; readonly authorityId: string }> {
  const [signer, listener] = await Promise.all([openOffice({ store, keys, authority, settings: signerSettings }), openOffice({ store, keys, authority: 'none', settings: listenerSettings })]);
  const [made] = signer.deps.directory.authorities();
  if (made === undefined) throw new Error('the signer has no authority');
  return { signer, listener, authorityId: made.id };
}

/** The four steps, the admins comparing what each machine shows; the first certificates are not taken in yet. */
export async function pairOffices({ signer, listener, authorityId }: { readonly signer: Office; readonly listener: Office; readonly authorityId: string }): Promise<void> {
  const invitation = must(await invite(signer.deps, { authorityId, name: 'Safe' }, ADMIN)).file?.bytes ?? new Uint8Array(0);
  const seen = must(await readPairing(listener.deps, invitation));
  const acceptance = must(await accept(listener.deps, { bytes: invitation, fingerprint: seen.from.fingerprint, name: 'Front desk' }, ADMIN)).file?.bytes ?? new Uint8Array(0);
  const back = must(await readPairing(signer.deps, acceptance));
  must(await confirm(signer.deps, { bytes: acceptance, fingerprint: back.from.fingerprint }, ADMIN));
}

export async function openCourierPair(options: CourierPairOptions = {}): Promise<CourierPair> {
  const offices = await openUnpaired(options);
  await pairOffices(offices);
  const pair = pairOf(offices);
  await pair.toListener(await pair.certificates());
  return pair;
}

/** Paired offices with the stick between them. */
export function pairOf({ signer, listener, authorityId }: { readonly signer: Office; readonly listener: Office; readonly authorityId: string }): CourierPair {
  const pair: CourierPair = {
    signer,
    listener,
    authorityId,
    requests: async () => must(await exportRequests(listener.deps, {}, ADMIN)).file.bytes,
    certificates: async () => must(await exportCertificates(signer.deps, { everything: false }, ADMIN)).file.bytes,
    toSigner: async (bytes, acceptGranted = false) => must(await importRequests(signer.deps, { bytes, acceptGranted }, ADMIN)),
    toListener: async (bytes) => must(await importCertificates(listener.deps, { bytes }, ADMIN)),
    run: async (acceptGranted = false) => {
      await pair.toSigner(await pair.requests(), acceptGranted);
      await pair.toListener(await pair.certificates());
    },
    advance: (milliseconds) => {
      signer.advance(milliseconds);
      listener.advance(milliseconds);
    },
    close: async () => void (await Promise.all([signer.close(), listener.close()])),
  };
  return pair;
}
