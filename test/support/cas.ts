/** CA certificates for tests, each bent in one way: what an offline root may send back, and what an admin may bring along. */
import * as der from '../../src/main/core/pki/der.ts';
import { type CertificateOptions, type TestCa, certificate, extension, keyIdOf } from './certificates.ts';
import type { TestKey } from './keys.ts';

export interface CaOptions extends Omit<CertificateOptions, 'extensions'> {
  readonly key: TestKey;
  readonly ca?: boolean;
  readonly pathLength?: number;
  /** First octet of the keyUsage BIT STRING; null leaves the extension out. Without it: all that a combined CA needs. */
  readonly usage?: number | null;
  readonly more?: readonly Uint8Array[];
}

export const COMBINED_USAGE = 0xa6;
export const SIGN_ONLY_USAGE = 0x06;

// One moment for all of a file's CAs: none ends a second before another.
const FIVE_YEARS_ON = Date.now() + 5 * 365 * 86_400_000;

/** A CA certificate, self-signed unless an issuer is given. */
export function caCertificate({ key, ca = true, pathLength, usage = COMBINED_USAGE, more = [], ...options }: CaOptions): Uint8Array {
  const constraints = der.writeSequence(...(ca ? [der.writeTrue()] : []), ...(pathLength === undefined ? [] : [der.writeInteger(pathLength)]));
  return certificate({
    key,
    notAfter: FIVE_YEARS_ON,
    ...options,
    extensions: [
      extension('2.5.29.19', constraints, true),
      ...(usage === null ? [] : [extension('2.5.29.15', der.writeBitString(Uint8Array.of(usage), 1), true)]),
      extension('2.5.29.14', der.writeOctetString(keyIdOf(key))),
      ...more,
    ],
  });
}

/** A CA to sign others with. */
export const aCa = (options: CaOptions): TestCa => ({ key: options.key, certificate: caCertificate(options) });
