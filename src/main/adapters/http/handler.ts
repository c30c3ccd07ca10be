/**
 * One request in, one reply out: limits, route, body, the device door, and a reply written exactly as clients need it (SCEP.md A2).
 * Knows no SCEP beyond which requests may be costly; every decision about a message is behind the door.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import Koa, { type Context } from 'koa';
import type { DeviceDoor, DeviceReply, RouteTarget } from '../../application/deviceDoor.ts';
import type { Log } from '../../application/ports/system.ts';
import { carriesBody, createBodyReader, discardRest } from './body.ts';
import type { DeviceListenerLimits } from './limits.ts';
import { ocspRequestOf } from './ocspRequestOf.ts';
import { refusalOf, type RefusalCode } from './refusals.ts';
import { isMessage, printable, routeOf, splitTarget, type RequestTarget } from './route.ts';
import { limitKeyOf, sourceOf } from './source.ts';
import { createTraffic } from './traffic.ts';

export interface HandlerParts {
  readonly door: DeviceDoor;
  readonly log: Log;
  readonly limits: DeviceListenerLimits;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

interface Exchange {
  readonly request: IncomingMessage;
  readonly url: RequestTarget;
  readonly method: string;
  readonly source: string;
  /** Sends `100 Continue` to a peer that waits for it. */
  readonly proceed: () => void;
}

const READ = ['GET', 'HEAD'] as const;
const NO_BODY = new Uint8Array(0);

/** The one middleware of the listener, between Node's server and the door. */
export function createHandler({ door, log, limits }: HandlerParts): Handler {
  const traffic = createTraffic(limits);
  const bodies = createBodyReader(limits);
  const app = new Koa();
  // What reaches Koa are sockets that broke while a reply was written; what the door throws is caught below.
  app.on('error', (error: unknown) => log('debug', 'http.connection-lost', { error: String(error) }));
  app.use(serve);
  const handle = app.callback();
  return (request, response) => void handle(request, response);

  async function serve(context: Context): Promise<void> {
    const { req: request, res: response } = context;
    const url = splitTarget(request.url ?? '/');
    const proceed = (): void => {
      if (request.headers.expect !== undefined) response.writeContinue();
    };
    try {
      const exchange = { request, url, method: request.method ?? 'GET', source: sourceOf(request.socket.remoteAddress), proceed };
      const reply = await answer(exchange);
      if (reply === undefined) context.respond = false;
      else await write(context, reply, limits);
    } catch (error) {
      log('error', 'http.request-failed', { method: request.method, path: printable(url.path), error: String(error) });
      if (response.headersSent) return;
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      await write(context, refusalOf('unavailable'), limits);
    }
  }

  /** Undefined: the peer is gone, and nobody is there to be answered. */
  async function answer(exchange: Exchange): Promise<DeviceReply | undefined> {
    const { url, method, source } = exchange;
    const route = routeOf(url);
    const costly = route.kind === 'scep' && (method === 'GET' || method === 'POST') && isMessage(method, url.rawQuery);
    const admission = await (costly ? traffic.admitMessage(limitKeyOf(source)) : traffic.admitRead(limitKeyOf(source)));
    if (!admission.admitted) return turnAway(exchange, 'rate-limited', { 'Retry-After': String(admission.retryAfterSeconds) });
    switch (route.kind) {
      case 'scep':
        if (method !== 'GET' && method !== 'POST') return refuseMethod(exchange, ['GET', 'POST']);
        return costly ? answerMessage(exchange, method, route.target) : door.scep(deviceRequestOf(exchange, method, route.target, NO_BODY));
      case 'crl':
        return readable(exchange, () => door.crl(route.authority, route.generation));
      case 'ca-certificate':
        return readable(exchange, () => door.caCertificate(route.authority, route.generation, route.form));
      case 'ocsp':
        return answerOcsp(exchange, route.encoded);
      case 'health':
        return readable(exchange, () => door.health());
      case 'info':
        return readable(exchange, () => door.info());
      case 'configuration':
        // RFC 9110 15.5.2 wants the challenge; what a peer answers to it is never looked at here.
        return turnAway(exchange, 'admin-only', { 'WWW-Authenticate': 'Bearer realm="the admin listener"' });
      case 'server':
        return refuseMethod(exchange, ['GET', 'HEAD', 'POST']);
      case 'unknown':
        return turnAway(exchange, 'unknown-path');
    }
  }

  async function answerMessage(exchange: Exchange, method: 'GET' | 'POST', target: RouteTarget): Promise<DeviceReply | undefined> {
    return answerBody(exchange, async (body) => {
      const reply = await door.scep(deviceRequestOf(exchange, method, target, body));
      // A PKIOperation by GET is not idempotent, whatever caches think of GET (SCEP.md A2.12).
      return { ...reply, headers: { 'Cache-Control': 'no-store', ...reply.headers } };
    });
  }

  /** Counted with the cheap requests, for a RADIUS server asks at each login of everybody; bounded with the messages, for an answer may cost a signature. */
  async function answerOcsp(exchange: Exchange, encoded: string): Promise<DeviceReply | undefined> {
    const byGet = READ.includes(exchange.method as 'GET' | 'HEAD');
    if (!byGet && exchange.method !== 'POST') return refuseMethod(exchange, ['GET', 'HEAD', 'POST']);
    return answerBody(exchange, (body) => door.ocsp({ request: byGet ? ocspRequestOf(encoded) : body, byGet }));
  }

  /** Reads the body of a POST and takes a place among the messages in flight while it is answered. */
  async function answerBody(exchange: Exchange, ask: (body: Uint8Array) => Promise<DeviceReply>): Promise<DeviceReply | undefined> {
    const body = exchange.method === 'POST' ? await bodies.read(exchange.request, exchange.proceed) : { kind: 'whole' as const, bytes: NO_BODY };
    switch (body.kind) {
      case 'gone':
        return undefined;
      case 'too-large':
        return turnAway(exchange, 'body-too-large');
      case 'too-slow':
        return turnAway(exchange, 'body-too-slow');
      case 'no-room':
        return turnAway(exchange, 'too-busy');
      case 'whole': {
        const giveBack = traffic.takePlace();
        if (giveBack === undefined) return turnAway(exchange, 'too-busy');
        try {
          return await ask(body.bytes);
        } finally {
          giveBack();
        }
      }
    }
  }

  function readable(exchange: Exchange, ask: () => Promise<DeviceReply>): Promise<DeviceReply> | DeviceReply {
    return READ.includes(exchange.method as 'GET' | 'HEAD') ? ask() : refuseMethod(exchange, READ);
  }

  function refuseMethod(exchange: Exchange, allowed: readonly string[]): DeviceReply {
    return turnAway(exchange, 'method-not-allowed', { Allow: allowed.join(', ') });
  }

  function turnAway({ source, url }: Exchange, code: RefusalCode, headers: Readonly<Record<string, string>> = {}): DeviceReply {
    const reply = refusalOf(code, headers);
    door.noise({ source, path: printable(url.path), status: reply.status, code });
    return reply;
  }
}

function deviceRequestOf({ request, url, source }: Exchange, method: 'GET' | 'POST', target: RouteTarget, body: Uint8Array) {
  return { method, target, path: printable(url.path), rawQuery: url.rawQuery, body, source, userAgent: request.headers['user-agent'] ?? null };
}

/**
 * Writes a reply: the Content-Type as it stands (Koa's own setter would add a charset, and certmonger compares the whole value) and always
 * a Content-Length (Node leaves it out for HTTP/1.0).
 */
async function write(context: Context, reply: DeviceReply, limits: DeviceListenerLimits): Promise<void> {
  const { req: request, res: response } = context;
  context.status = reply.status;
  response.setHeader('Content-Type', reply.contentType);
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
  const body = Buffer.from(reply.body.buffer, reply.body.byteOffset, reply.body.byteLength);
  context.body = body;
  // Only what carries a validator can match; routers fetch a CRL every hour (SCEP.md F4).
  if (reply.status === 200 && context.fresh) context.status = 304;
  if (!carriesBody(request) || request.complete) return;
  // The rest of the request is not wanted: the reply goes out now, the connection closes.
  context.respond = false;
  response.setHeader('Connection', 'close');
  if (request.method === 'HEAD') response.flushHeaders();
  else response.write(body);
  await discardRest(request, limits);
  response.end();
}
