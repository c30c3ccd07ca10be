/** The request in the path of an OCSP question by GET: base64, then percent-escaped, says RFC 6960 A.1; clients and proxies do as they like. */
import { fromBase64 } from '../../core/lib/bytes.ts';

/**
 * What follows `/ocsp/`, decoded; no octets where it is no base64, which the responder then calls malformed. Escapes may stand or be missing:
 * many clients send `/` and `+` bare, and a proxy that takes the path for a form makes a space of the `+`.
 */
export function ocspRequestOf(encoded: string): Uint8Array {
  let text: string;
  try {
    text = decodeURIComponent(encoded);
  } catch {
    text = '';
  }
  // A client that joins its URL with a slash too many: no request begins with one, for 0x30 is an M.
  return fromBase64(text.replace(/^\/+/, '').replaceAll(' ', '+')) ?? new Uint8Array(0);
}
