/**
 * From a request target to what it means: the URLs of the device listener, every one of them (SCEP.md A2.2).
 * Routes say which door is asked, never whether it answers: whether an endpoint, authority or profile exists is the application's to know.
 */
import type { RouteTarget } from '../../application/deviceDoor.ts';

export type Route =
  | { readonly kind: 'scep'; readonly target: RouteTarget }
  /** `generation` null: the current one. */
  | { readonly kind: 'crl'; readonly authority: number; readonly generation: number | null }
  | { readonly kind: 'ca-certificate'; readonly authority: number; readonly generation: number | null; readonly form: 'cer' | 'pem' | 'p7c' }
  /** `encoded`: what follows `/ocsp/` as it came, the request of a GET; empty with POST. */
  | { readonly kind: 'ocsp'; readonly encoded: string }
  | { readonly kind: 'health' }
  | { readonly kind: 'info' }
  /** Answered by the admin listener only. */
  | { readonly kind: 'configuration' }
  /** `OPTIONS *` asks about the listener and no resource of it. */
  | { readonly kind: 'server' }
  | { readonly kind: 'unknown' };

export interface RequestTarget {
  /** Without query, as it came. */
  readonly path: string;
  /** What follows the first question mark, as it came: the `+` of base64 must not become a space (SCEP.md A2.6). */
  readonly rawQuery: string;
}

/** Splits a request target; of the absolute form (`GET http://host/scep`, sent through proxies) only the path counts. */
export function splitTarget(target: string): RequestTarget {
  const at = target.indexOf('?');
  const whole = at < 0 ? target : target.slice(0, at);
  const rawQuery = at < 0 ? '' : target.slice(at + 1);
  return { path: whole.startsWith('/') ? whole : whole.replace(/^https?:\/\/[^/]*/i, ''), rawQuery };
}

// Before the path is cut into segments: base64 has slashes, two of them in a row too.
const OCSP_PATH = /^\/+ocsp(?:\/(.*))?$/is;

const UNKNOWN: Route = { kind: 'unknown' };

/**
 * Finds the door. Fixed words match in any case (NDES ran on IIS, where `/CertSrv/MSCEP/mscep.dll` is the same path), empty segments
 * vanish (`//scep//pkiclient.exe`), and what follows a SCEP path is ignored: Cisco IOS appends `/pkiclient.exe` to any URL it is given.
 */
export function routeOf({ path, rawQuery }: RequestTarget): Route {
  if (path === '*') return { kind: 'server' };
  const ocsp = OCSP_PATH.exec(path);
  if (ocsp !== null) return { kind: 'ocsp', encoded: ocsp[1] ?? '' };
  const segments = path.split('/').filter((segment) => segment !== '').map(unescapeOctets);
  const words = segments.map((segment) => segment.toLowerCase());
  switch (words[0]) {
    case 'scep':
      return { kind: 'scep', target: { kind: 'path', path: ['/scep', ...segments.slice(1)].join('/') } };
    case 'cgi-bin':
      return words[1] === 'pkiclient.exe' ? { kind: 'scep', target: { kind: 'alias', caId: null } } : UNKNOWN;
    case 'certsrv':
      return words[1] === 'mscep' && words[2] === 'mscep.dll' ? { kind: 'scep', target: { kind: 'alias', caId: null } } : UNKNOWN;
    case 'api':
      return words[1] === 'v1' ? apiRouteOf(segments, words, rawQuery) : UNKNOWN;
    case 'crl':
      return crlRouteOf(words);
    case 'ca':
      return caCertificateRouteOf(words);
    default:
      return UNKNOWN;
  }
}

function apiRouteOf(segments: readonly string[], words: readonly string[], rawQuery: string): Route {
  const [, , area, word] = words;
  if (area === 'scep-info' && words.length === 3) return { kind: 'info' };
  if (area === 'protocols' && word === 'scep') return protocolRouteOf(segments.slice(4), words.slice(4));
  if (area !== 'scep') return UNKNOWN;
  if (words.length === 4 && (word === 'health' || word === 'info' || word === 'configuration')) return { kind: word };
  return { kind: 'scep', target: { kind: 'alias', caId: caIdOf(rawQuery) } };
}

function protocolRouteOf(names: readonly string[], words: readonly string[]): Route {
  const [name, profile] = names;
  if (words[0] === 'raprofile') {
    return profile === undefined ? UNKNOWN : { kind: 'scep', target: { kind: 'profile', profile } };
  }
  return name === undefined ? UNKNOWN : { kind: 'scep', target: { kind: 'endpoint-name', name } };
}

function caIdOf(rawQuery: string): string | null {
  const value = /(?:^|&)ca_id=([^&]*)/i.exec(rawQuery)?.[1];
  return value === undefined || value === '' ? null : unescapeOctets(value);
}

/** `/crl/<authority>/<generation>.crl` or `/crl/<authority>.crl`. */
function crlRouteOf(words: readonly string[]): Route {
  const found = /^crl\/(\d{1,9})(?:\/(\d{1,9}))?\.crl$/.exec(words.join('/'));
  return found === null ? UNKNOWN : { kind: 'crl', authority: Number(found[1]), generation: numberOrNull(found[2]) };
}

/** `/ca/<authority>/<generation>.cer` or `/ca/<authority>.cer`, and so with `.pem` and `.p7c`. */
function caCertificateRouteOf(words: readonly string[]): Route {
  const found = /^ca\/(\d{1,9})(?:\/(\d{1,9}))?\.(cer|pem|p7c)$/.exec(words.join('/'));
  if (found === null) return UNKNOWN;
  return { kind: 'ca-certificate', authority: Number(found[1]), generation: numberOrNull(found[2]), form: found[3] as 'cer' | 'pem' | 'p7c' };
}

const numberOrNull = (digits: string | undefined): number | null => (digits === undefined ? null : Number(digits));

/** Percent escapes of a segment undone; one that is none leaves the segment as it is. */
function unescapeOctets(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const CHEAP = /^(?:getcacaps|getcacert|getcacertchain|getnextcacert)$/i;

/**
 * Whether a SCEP request may cost private-key operations, and so counts against its source's rate. Everything does that is not plainly one
 * of the cheap operations: an escaped or repeated `operation` must not be a way around the rate.
 */
export function isMessage(method: string, rawQuery: string): boolean {
  if (method === 'POST') return true;
  let operation: string | undefined;
  for (const pair of rawQuery.split('&')) {
    const at = pair.indexOf('=');
    const name = at < 0 ? pair : pair.slice(0, at);
    if (name.includes('%')) return true;
    if (name.toLowerCase() !== 'operation') continue;
    if (operation !== undefined) return true;
    operation = at < 0 ? '' : pair.slice(at + 1);
  }
  return operation === undefined || !CHEAP.test(operation);
}

/** A path fit for a log: control characters and whatever is not ASCII escaped, cut at 200 characters. */
export function printable(path: string): string {
  return path
    .slice(0, 200)
    .replace(/[^\x20-\x7e]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .slice(0, 200);
}
