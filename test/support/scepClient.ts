/**
 * A SCEP client for tests over fetch: asks for capabilities and CA certificates, sends messages by GET or POST, opens the replies.
 * Messages come from forge.ts; a HTTP refusal comes back as it is, so that tests can look at it.
 */
import { request as httpRequest } from 'node:http';
import { readCertsOnly, type OpenReplyOptions, type OpenedReply, openReply } from './replies.ts';
import type { SentMessage } from './forge.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

export interface ScepClient {
  readonly url: string;
  capabilities(): Promise<readonly string[]>;
  /** The certificates of GetCACert, in order. */
  caCertificates(caIdentifier?: string): Promise<readonly Uint8Array[]>;
  /** The answer to `operation=…`, as it is. */
  query(operation: string): Promise<HttpAnswer>;
  /** Sends bytes as a PKIOperation. */
  send(bytes: Uint8Array, method?: 'GET' | 'POST'): Promise<HttpAnswer>;
  /** Sends a message and opens its CertRep; throws where the answer is none. */
  ask(sent: SentMessage, options?: OpenReplyOptions & { readonly method?: 'GET' | 'POST' }): Promise<OpenedReply>;
}

/** Who a client says it is, and the address of this machine that it comes from. */
export interface ClientIdentity {
  readonly userAgent?: string;
  /** `127.0.0.21`: on Linux all of 127/8 is this machine's own. */
  readonly address?: string;
}

/** A client of the endpoint at this URL. */
export function createScepClient(url: string, identity?: ClientIdentity): ScepClient {
  const exchange = identity === undefined ? byFetch : from(identity);
  const get = (query: string): Promise<HttpAnswer> => exchange(`${url}?${query}`);
  const send: ScepClient['send'] = async (bytes, method = 'POST') =>
    method === 'POST'
      ? exchange(`${url}?operation=PKIOperation`, bytes)
      : get(`operation=PKIOperation&message=${encodeURIComponent(Buffer.from(bytes).toString('base64'))}`);
  return {
    url,
    send,
    query: (operation) => get(`operation=${operation}`),
    capabilities: async () =>
      Buffer.from((await get('operation=GetCACaps')).bytes)
        .toString()
        .split(/\r?\n/)
        .filter((line) => line !== ''),
    caCertificates: async (caIdentifier) => {
      const answer = await get(`operation=GetCACert${caIdentifier === undefined ? '' : `&message=${encodeURIComponent(caIdentifier)}`}`);
      if (answer.status !== 200) throw new Error(`GetCACert: HTTP ${answer.status}`);
      return answer.contentType === 'application/x-x509-ca-cert' ? [answer.bytes] : readCertsOnly(answer.bytes).certificates;
    },
    ask: async (sent, { method, ...options } = {}) => {
      const answer = await send(sent.bytes, method);
      if (answer.status !== 200) throw new Error(`PKIOperation: HTTP ${answer.status} ${Buffer.from(answer.bytes).toString()}`);
      return openReply(answer.bytes, sent, options);
    },
  };
}

type Exchange = (url: string, body?: Uint8Array) => Promise<HttpAnswer>;

const byFetch: Exchange = async (url, body) => {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', body: Buffer.from(body) });
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    headers: response.headers,
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
};

/** node:http and not fetch, which cannot say where it comes from. */
const from =
  ({ userAgent, address }: ClientIdentity): Exchange =>
  (url, body) =>
    new Promise((resolve, reject) => {
      const options = { method: body === undefined ? 'GET' : 'POST', agent: false, ...(address === undefined ? {} : { localAddress: address }), headers: userAgent === undefined ? {} : { 'User-Agent': userAgent } };
      const sent = httpRequest(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const headers = new Headers(Object.entries(response.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
          resolve({ status: response.statusCode ?? 0, contentType: headers.get('content-type'), headers, bytes: new Uint8Array(Buffer.concat(chunks)) });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
