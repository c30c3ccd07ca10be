/**
 * What the listener itself says no with: one table of codes, each with its status and a short sentence for whoever debugs a device.
 * Nothing in a sentence comes from the request or from an error: an anonymous peer learns nothing about the inside.
 */
import { STATUS_CODES } from 'node:http';
import type { DeviceReply } from '../../application/deviceDoor.ts';

export type RefusalCode =
  | 'malformed-request'
  | 'broken-off'
  | 'tls-on-plain-http'
  | 'header-too-large'
  | 'request-timeout'
  | 'body-too-large'
  | 'body-too-slow'
  | 'unknown-path'
  | 'method-not-allowed'
  | 'admin-only'
  | 'rate-limited'
  | 'too-busy'
  | 'too-many-connections'
  | 'unavailable';

interface Refusal {
  readonly status: number;
  readonly text: string;
  /** For how many seconds a device should stay away, where nothing better is known. */
  readonly retryAfter?: number;
}

const REFUSALS: Readonly<Record<RefusalCode, Refusal>> = {
  'malformed-request': { status: 400, text: 'the request is not HTTP' },
  'broken-off': { status: 400, text: 'the request broke off' },
  'tls-on-plain-http': { status: 400, text: 'this port speaks plain http, not https' },
  'header-too-large': { status: 431, text: 'the request line and headers are longer than 128 KiB' },
  'request-timeout': { status: 408, text: 'the request took too long to arrive' },
  'body-too-large': { status: 413, text: 'the body is longer than 1 MiB' },
  'body-too-slow': { status: 408, text: 'the body took too long to arrive' },
  'unknown-path': { status: 404, text: 'there is nothing at this path' },
  'method-not-allowed': { status: 405, text: 'this method is not answered here' },
  'admin-only': { status: 401, text: 'only the admin listener answers this' },
  'rate-limited': { status: 503, text: 'too many requests from this address, try again later' },
  'too-busy': { status: 503, text: 'too many requests at once, try again later', retryAfter: 5 },
  'too-many-connections': { status: 503, text: 'too many connections, try again later', retryAfter: 5 },
  // 503 and not 500: certmonger takes most other statuses for a rejection and gives up (SCEP.md A2.34).
  unavailable: { status: 503, text: 'the certificate authority cannot answer now, try again later', retryAfter: 30 },
};

/** The reply to a request that the listener turns away. */
export function refusalOf(code: RefusalCode, headers: Readonly<Record<string, string>> = {}): DeviceReply {
  const { status, text, retryAfter } = REFUSALS[code];
  return {
    status,
    contentType: 'text/plain',
    body: Buffer.from(`${text}\n`),
    headers: retryAfter === undefined ? headers : { 'Retry-After': String(retryAfter), ...headers },
  };
}

/** The same as octets, for where no request could be read that Node would answer. */
export function rawRefusalOf(code: RefusalCode, extra: Readonly<Record<string, string>> = {}): string {
  const { status, contentType, headers, body } = refusalOf(code, extra);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${body.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${Buffer.from(body).toString('latin1')}`;
}
