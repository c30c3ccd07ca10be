/**
 * From an HTTP request's method, raw query and body to the SCEP operation it asks for (RFC 8894 section 4.1 to 4.7).
 * The query is read here and not by a URL parser: those turn the `+` of base64 into a space. Owns no HTTP beyond a status for a refusal.
 */
import { fromBase64 } from '../lib/bytes.ts';

/** What is asked about the CA itself, without a message. GetCACertChain is older than RFC 8894: certmonger probes it (SCEP.md A2.3b). */
export type CaQuery = 'GetCACaps' | 'GetCACert' | 'GetCACertChain' | 'GetNextCACert';

export type DecodedOperation =
  /** `caIdentifier` is what older clients put into `message`: a trustpoint name, `default`, a number or nothing (SCEP.md A2.8). */
  | { readonly kind: 'ca-query'; readonly operation: CaQuery; readonly caIdentifier: string | undefined }
  /** `emptyContent`: answers without an envelope carry an empty eContent instead of none (SCEP.md J.1). */
  | { readonly kind: 'pki-operation'; readonly operation: 'PKIOperation'; readonly message: Uint8Array; readonly emptyContent: boolean }
  | { readonly kind: 'refused'; readonly status: 400 | 405; readonly text: string };

export interface OperationInput {
  readonly method: string;
  /** What follows the question mark, exactly as it came, or the empty string. */
  readonly rawQuery: string;
  readonly body: Uint8Array;
}

const OPERATIONS: ReadonlyMap<string, CaQuery | 'PKIOperation'> = new Map(
  (['GetCACaps', 'GetCACert', 'GetCACertChain', 'GetNextCACert', 'PKIOperation'] as const).map((name) => [name.toLowerCase(), name]),
);

/** Reads which operation a request asks for, and the message that it carries. */
export function decodeOperation({ method, rawQuery, body }: OperationInput): DecodedOperation {
  const query = readQuery(rawQuery);
  const named = query.get('operation');
  const carried = query.get('message');
  if (method === 'POST') {
    // RFC 8894 4.3: a POST can only be PKIOperation, and many clients and CAs leave the parameter out.
    if (named !== undefined && named !== '' && operationOf(named) !== 'PKIOperation') return refuse('only PKIOperation can be posted');
    const message = body.length > 0 ? body : decodeMessage(carried ?? '');
    if (message === undefined || message.length === 0) return refuse('the request carries no message');
    return { kind: 'pki-operation', operation: 'PKIOperation', message, emptyContent: carried !== undefined };
  }
  if (method !== 'GET') return { kind: 'refused', status: 405, text: 'only GET and POST are answered here' };
  const operation = operationOf(named ?? '');
  if (operation === undefined) return refuse(named === undefined || named === '' ? 'the operation is missing' : 'the operation is unknown');
  if (operation !== 'PKIOperation') return { kind: 'ca-query', operation, caIdentifier: carried === undefined ? undefined : decodePercent(carried) };
  const message = decodeMessage(carried ?? '');
  if (message === undefined) return refuse('the message is not base64');
  if (message.length === 0) return refuse('the request carries no message');
  return { kind: 'pki-operation', operation: 'PKIOperation', message, emptyContent: true };
}

const refuse = (text: string): DecodedOperation => ({ kind: 'refused', status: 400, text });

const operationOf = (text: string): CaQuery | 'PKIOperation' | undefined => OPERATIONS.get(decodePercent(text).trim().toLowerCase());

/** The first value of each parameter; names in lower case, values still escaped. */
function readQuery(rawQuery: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const pair of rawQuery.split('&')) {
    const at = pair.indexOf('=');
    const name = decodePercent(at < 0 ? pair : pair.slice(0, at)).toLowerCase();
    if (!out.has(name)) out.set(name, at < 0 ? '' : pair.slice(at + 1));
  }
  return out;
}

/** Percent escapes as single characters; what is no escape stays, so that nothing in a query can make this fail. */
function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * Base64 in each of the forms that clients send (SCEP.md A2.6, J.4): escaped, doubly escaped, with a raw `+` or one that a proxy
 * turned into a space (macOS, jscep), with line ends (IOS, sscep, strongSwan), URL-safe (micromdm 2.1), without padding.
 */
function decodeMessage(escaped: string): Uint8Array | undefined {
  let text = escaped;
  for (let pass = 0; pass < 2 && text.includes('%'); pass++) text = decodePercent(text);
  return fromBase64(
    text
      .replace(/[\r\n\t]/g, '')
      .replace(/[ -]/g, '+')
      .replace(/_/g, '/'),
  );
}
