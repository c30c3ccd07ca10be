/**
 * A SCEP client for tests over fetch: asks for capabilities and CA certificates, sends messages by GET or POST, opens the replies.
 * Messages come from forge.ts; a HTTP refusal comes back as it is, so that tests can look at it.
 */
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
  /** Sends bytes as a PKIOperation. */
  send(bytes: Uint8Array, method?: 'GET' | 'POST'): Promise<HttpAnswer>;
  /** Sends a message and opens its CertRep; throws where the answer is none. */
  ask(sent: SentMessage, options?: OpenReplyOptions & { readonly method?: 'GET' | 'POST' }): Promise<OpenedReply>;
}

/** A client of the endpoint at this URL. */
export function createScepClient(url: string): ScepClient {
  const get = async (query: string): Promise<HttpAnswer> => answerOf(await fetch(`${url}?${query}`));
  const send: ScepClient['send'] = async (bytes, method = 'POST') =>
    method === 'POST'
      ? answerOf(await fetch(`${url}?operation=PKIOperation`, { method, body: Buffer.from(bytes) }))
      : get(`operation=PKIOperation&message=${encodeURIComponent(Buffer.from(bytes).toString('base64'))}`);
  return {
    url,
    send,
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

async function answerOf(response: Response): Promise<HttpAnswer> {
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    headers: response.headers,
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}
