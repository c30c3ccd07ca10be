/**
 * A request that no device sent: what a profile would make of it can be shown before anything is saved.
 * The private halves of its two keys were never kept, and its signature is none: it can be planned for and never be received.
 */
import { fromBase64 } from '../lib/bytes.ts';
import { type Csr, parseCsr, writeCsr } from '../pki/csr.ts';
import { subjectAltNameExtension } from '../pki/extensions.ts';
import type { GeneralName } from '../pki/generalNames.ts';
import { isEmptyName } from '../pki/names.ts';

export type SampleKey = 'rsa-2048' | 'p256';

const SPKI: Readonly<Record<SampleKey, string>> = {
  'rsa-2048':
    'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArTm6RdnYR6FehkcLqA/6snGE/8oL5NgCYSc0t8HPVYw6jVE7QAYJfE3xM/R1cZkXES+4yXLE3e0MyU1aNxhrJRJIcWEsKBB1i8DCiBLz' +
    'lAGIJpbiHJ1hzzW7JaVxcqJylXNiiiNh85mHVn133ZMyAQhevlZ4P0RJhSx5pXKFWP+dgPZBSa3bPw/hZJGA5SC45C3QF5vzBvSajNRn15OnJhiRmE5RIuHobXp2DBbHWdb6z9Rkg2GcBzPu6sQL' +
    'MTxwKHfb2dQYoj8IaytjzpgBOmirWEZesf7PeccHGiaVJk+7ASPek6pQn+XN3bH2QfgqLz66l+W0o4gAKOM62uC/UwIDAQAB',
  p256: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEnv3j648mywvyssAhS8tkC1gktslEnbUF7Ta1BJ+3sH/LAZBy5AV7fHu2tg0kojS5Umd2whpHHrijenZwYas+vg==',
};

export interface SampleWishes {
  readonly key: SampleKey;
  /** DER Name. */
  readonly subject: Uint8Array;
  readonly subjectAltNames: readonly GeneralName[];
}

/** The request as a device with such a key would have written it. */
export function sampleCsr({ key, subject, subjectAltNames }: SampleWishes): Csr {
  const spki = fromBase64(SPKI[key]);
  if (spki === undefined) throw new Error('the sample keys are base64');
  const extensions = subjectAltNames.length === 0 ? [] : [subjectAltNameExtension(subjectAltNames, isEmptyName(subject))];
  const csr = parseCsr(writeCsr({ subject, spki, extensions }, { kind: key === 'p256' ? 'ecdsa' : 'rsa-pkcs1', digest: 'sha256' }, () => new Uint8Array(1)));
  if (!csr.ok) throw new Error(`the sample request cannot be read: ${csr.error}`);
  return csr.value;
}
