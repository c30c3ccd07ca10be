/**
 * The loopback admin listener: calls, events and the window's files over HTTP, for a browser and the command line on this machine.
 * Checks Host, Origin and token and hands the rest to the admin door; binds nothing but loopback, sets no cookie, answers no other origin.
 */
import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AdminDoor, type Caller, WINDOW_LOCKED } from '../../admin/door.ts';
import { type ErrorCode, failed, httpStatusOf } from '../../admin/errors.ts';
import type { Log } from '../../application/ports/system.ts';
import type { Reply } from '../../../preload/contract/reply.ts';
import { refuseRequest } from './isRequestAllowed.ts';
import { NOTHING_POLICY, contentSecurityPolicy, withNonce } from './page.ts';
import { readStaticFile } from './staticFiles.ts';
import type { Tokens } from './tokens.ts';

export interface WebDoorParts {
  readonly door: AdminDoor;
  readonly tokens: Tokens;
  /** Where the built window lies. */
  readonly rendererDir: string;
  readonly log: Log;
}

export interface WebDoor {
  /** `http://127.0.0.1:8081` */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const MAX_BODY = 1024 * 1024;
/** Channels to which files come: as much as their contracts take, and the JSON around it. */
const MAX_FILES_BODY = 128 * 1024 * 1024;
const TAKES_FILES: readonly string[] = ['migration.preview', 'migration.import', 'backups.restore', 'backups.verify'];
const takesFiles = (channel: string): boolean => TAKES_FILES.includes(channel) || channel.startsWith('courier.');
const HEARTBEAT_MS = 15_000;
const DRAIN_MS = 1_000;
// A page that sleeps for hours reads nothing meanwhile; it asks anew when it is back, so what it missed need not be kept for it.
const MOST_UNREAD = 256 * 1024;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

const SECURITY_HEADERS = {
  'Content-Security-Policy': NOTHING_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

/** Starts listening; port 0 takes a free one. Rejects with Node's error where the port is taken, and at any host that is not loopback. */
export async function openWebDoor(parts: WebDoorParts, host: string, port: number): Promise<WebDoor> {
  if (!LOOPBACK.includes(host)) throw new Error(`the admin listener binds loopback only, not ${host}`);
  const streams = new Set<ServerResponse>();
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    handle(parts, server, streams, request, response).catch((error: unknown) => {
      parts.log('error', 'web.bug', { error: error instanceof Error ? error.message : String(error), stack: error instanceof Error ? error.stack : undefined });
      if (response.headersSent) response.destroy();
      else say(response, 'internal', 'Something went wrong inside the product.');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: async () => {
      for (const stream of streams) stream.end();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // A window keeps its connection open for the next call; it must not hold the stop up until that times out.
      const impatient = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(impatient);
    },
  };
}

async function handle(parts: WebDoorParts, server: Server, streams: Set<ServerResponse>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const refusal = refuseRequest({ host: request.headers.host, origin: request.headers.origin, port });
  if (refusal !== undefined) return say(response, 'forbidden', refusal);
  const path = (request.url ?? '/').replace(/[?#].*$/s, '');
  if (path !== '/api' && !path.startsWith('/api/')) return sendFile(parts, request, response, path);
  if (path === '/api/session') return openSession(parts, request, response);
  const caller = authenticate(parts.tokens, request);
  if (caller === undefined) {
    response.setHeader('WWW-Authenticate', 'Bearer');
    return say(response, 'unauthorized', 'A valid token is needed.', 'The admin URL carries a fresh one: countersign open prints it.');
  }
  if (path.startsWith('/api/call/')) return call(parts.door, request, response, path.slice('/api/call/'.length), caller);
  switch (path) {
    case '/api/events':
      return request.method === 'GET' ? sendEvents(parts.door, streams, request, response, caller) : say(response, 'method-not-allowed', 'Events are read with GET.');
    case '/api/open':
      if (request.method !== 'POST') return say(response, 'method-not-allowed', 'This is called with POST.');
      // A window must not be able to make tokens for other windows: only whoever can read the data folder may.
      if (caller.name !== 'command-line') return say(response, 'forbidden', 'Only the command line opens a new window.');
      return send(response, { ok: true, value: { token: parts.tokens.issueOneTime() } });
    case '/api/v1/scep/configuration':
      if (caller.window?.locked === true) return send(response, failed(WINDOW_LOCKED));
      return request.method === 'GET' ? sendJson(response, 200, parts.door.scepConfiguration()) : say(response, 'method-not-allowed', 'The configuration is read with GET.');
    default:
      return say(response, 'not-found', 'There is nothing at this address.');
  }
}

function authenticate(tokens: Tokens, request: IncomingMessage): Caller | undefined {
  const bearer = /^Bearer ([A-Za-z0-9_-]{20,200})$/.exec(request.headers.authorization ?? '')?.[1];
  return bearer === undefined ? undefined : tokens.whoHolds(bearer);
}

/** The fragment's one-time token for a session token. */
async function openSession({ tokens, log }: WebDoorParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readJson(request, response);
  if (body === undefined) return;
  const { token } = typeof body.value === 'object' && body.value !== null ? (body.value as { readonly token?: unknown }) : {};
  const session = typeof token === 'string' ? tokens.redeem(token) : undefined;
  if (session === undefined) {
    log('warn', 'web.session-refused');
    return say(response, 'unauthorized', 'This link was used already or is older than ten minutes.', 'countersign open prints a new one.');
  }
  sendJson(response, 200, { token: session });
}

async function call(door: AdminDoor, request: IncomingMessage, response: ServerResponse, channel: string, caller: Caller): Promise<void> {
  const body = await readJson(request, response, takesFiles(channel) ? MAX_FILES_BODY : MAX_BODY);
  if (body === undefined) return;
  send(response, await door.call(channel, body.value, caller));
}

/** Server-sent events, read by fetch (EventSource cannot send a token). The heartbeat shows both ends that the other is there. */
function sendEvents(door: AdminDoor, streams: Set<ServerResponse>, request: IncomingMessage, response: ServerResponse, { window }: Caller): void {
  response.writeHead(200, { ...SECURITY_HEADERS, 'Content-Type': 'text/event-stream; charset=utf-8' });
  response.write(': open\n\n');
  const write = (text: string): void => {
    if (response.writableLength > MOST_UNREAD) response.destroy();
    else response.write(text);
  };
  const unsubscribe = door.subscribe((name, detail) => {
    write(`event: ${name}\ndata: ${JSON.stringify(detail)}\n\n`);
  }, window);
  const heartbeat = setInterval(() => {
    write(': beat\n\n');
  }, HEARTBEAT_MS);
  streams.add(response);
  response.on('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
    streams.delete(response);
  });
  request.resume();
}

async function sendFile({ rendererDir }: WebDoorParts, request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return say(response, 'method-not-allowed', 'Files are read with GET.');
  const file = await readStaticFile(rendererDir, path);
  if (file === undefined) return say(response, 'not-found', 'There is nothing at this address.');
  const { body, policy } = file.mediaType.startsWith('text/html') ? pageOf(file.body) : { body: file.body, policy: contentSecurityPolicy({ connect: 'self' }) };
  response.writeHead(200, { ...SECURITY_HEADERS, 'Content-Security-Policy': policy, 'Content-Type': file.mediaType, 'Content-Length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function pageOf(html: Buffer): { readonly body: Buffer; readonly policy: string } {
  const nonce = randomBytes(18).toString('base64');
  return { body: Buffer.from(withNonce(html.toString('utf8'), nonce)), policy: contentSecurityPolicy({ nonce, connect: 'self' }) };
}

/** The posted JSON; undefined where the refusal has been sent already. A form cannot post application/json without asking first (CORS). */
async function readJson(request: IncomingMessage, response: ServerResponse, most = MAX_BODY): Promise<{ readonly value: unknown } | undefined> {
  const refuse = (code: ErrorCode, message: string): undefined => void say(response, code, message);
  if (request.method !== 'POST') return refuse('method-not-allowed', 'This is called with POST.');
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return refuse('unsupported-media-type', 'The body must be application/json.');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) {
      response.setHeader('Connection', 'close');
      return refuse('too-large', `The body is larger than ${most / (1024 * 1024)} MiB.`);
    }
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return refuse('invalid-input', 'input: is no JSON.');
  }
}

const say = (response: ServerResponse, code: ErrorCode, message: string, hint?: string): void => send(response, failed(hint === undefined ? { code, message } : { code, message, hint }));

const send = (response: ServerResponse, reply: Reply): void => sendJson(response, reply.ok ? 200 : httpStatusOf(reply.error.code), reply);

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { ...SECURITY_HEADERS, 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': body.length });
  response.end(body);
}
