/**
 * What GetCACaps says (RFC 8894 section 3.5.2): one registered keyword a line, in the registry's spelling.
 * What an endpoint really accepts is decided in algorithmPolicy.ts: this text is unauthenticated and binds nobody (RFC 8894 7.5).
 */
import type { Compatibility } from '../pki/compatibility.ts';

export interface CapabilityOptions {
  readonly compatibility: Compatibility;
  /** strongSwan 5.9.8 uses AES only with a server that lists this unregistered word (SCEP.md J.15). */
  readonly announceSha384: boolean;
  /** A successor certificate can be served now: clients poll for it once they see the word (MikroTik, AudioCodes). */
  readonly nextCa: boolean;
}

/**
 * The body of GetCACaps. The single words stand beside SCEPStandard because clients that only compare strings fall back to DES and MD5
 * without them. Lines end with LF and the last one does not: strongSwan takes an empty line for every capability (SCEP.md A3.5).
 */
export function capabilitiesText({ compatibility, announceSha384, nextCa }: CapabilityOptions): string {
  const old = compatibility !== 'strict';
  return [
    'AES',
    // certmonger silently takes single DES where DES3 is missing.
    ...(old ? ['DES3'] : []),
    ...(nextCa ? ['GetNextCACert'] : []),
    'POSTPKIOperation',
    'Renewal',
    'SCEPStandard',
    ...(old ? ['SHA-1'] : []),
    'SHA-256',
    ...(announceSha384 ? ['SHA-384'] : []),
    'SHA-512',
  ].join('\n');
}
