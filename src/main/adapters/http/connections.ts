/**
 * The connections of one server: how many a source may hold, what is said on one whose octets are no request, and how they end when the
 * server leaves (SCEP.md A12.10). Requests that Node could parse are the handler's.
 */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Noise } from '../../application/deviceDoor.ts';
import type { Handler } from './handler.ts';
import type { DeviceListenerLimits } from './limits.ts';
import { rawRefusalOf, refusalOf, type RefusalCode } from './refusals.ts';
import { printable, splitTarget } from './route.ts';
import { limitKeyOf, sourceOf } from './source.ts';

export interface Connections {
  /** Ends every connection that waits for nothing, and the others with the replies that are under way. */
  leave(): void;
}

interface Connection {
  readonly source: string;
  readonly underWay: Set<ServerResponse>;
  /** Why nothing more is read here, once that is so. */
  refusal: RefusalCode | null;
}

interface ParseError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
}

/** Puts the caps and the last words on a server's connections, and hands on the requests of those in good standing. */
export function guardConnections(server: Server, handle: Handler, limits: DeviceListenerLimits, tell: (noise: Noise) => void): Connections {
  const open = new Map<Duplex, Connection>();
  const perSource = new Map<string, number>();

  server.maxConnections = limits.maxConnections;
  server.on('drop', (data) => tell(noiseOf(sourceOf(data?.remoteAddress), '', 'too-many-connections')));

  server.on('connection', (socket: Socket) => {
    const source = sourceOf(socket.remoteAddress);
    const key = limitKeyOf(source);
    const held = (perSource.get(key) ?? 0) + 1;
    perSource.set(key, held);
    open.set(socket, { source, underWay: new Set(), refusal: null });
    socket.once('close', () => {
      open.delete(socket);
      if (perSource.get(key) === 1) perSource.delete(key);
      else perSource.set(key, (perSource.get(key) ?? 1) - 1);
    });
    if (held > limits.maxConnectionsPerSource) refuse(socket, '', 'too-many-connections');
  });

  // An expectation that we do not know is none that a device depends on: it is a request like any other.
  for (const event of ['request', 'checkContinue', 'checkExpectation'] as const) {
    server.on(event, (request, response) => {
      const connection = open.get(request.socket);
      // Whoever was told to go is not served after all: the answer could not be sent.
      if (connection === undefined || connection.refusal !== null) return;
      connection.underWay.add(response);
      response.once('close', () => {
        connection.underWay.delete(response);
        if (connection.refusal !== null) sayGoodbye(request.socket, connection, connection.refusal);
      });
      handle(request, response);
    });
  }

  // CONNECT is the one method that Node does not hand over as a request.
  server.on('connect', (request, socket) => refuse(socket, pathOf(request.url), 'method-not-allowed'));

  server.on('clientError', (error: ParseError, socket) => {
    const answering = [...(open.get(socket)?.underWay ?? [])].some(({ req, headersSent }) => !req.complete && headersSent);
    // A peer that left, or one whose last request is being refused already: nothing is to be added.
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || answering) socket.destroy();
    else refuse(socket, pathOfPacket(error), codeOf(error));
  });

  function refuse(socket: Duplex, path: string, code: RefusalCode): void {
    const connection = open.get(socket);
    // What a peer goes on sending after the first nonsense is no request either: one answer and one line are enough.
    if (connection === undefined || connection.refusal !== null) return;
    connection.refusal = code;
    tell(noiseOf(connection.source, path, code));
    sayGoodbye(socket, connection, code);
  }

  /**
   * Says it after the answers to earlier, pipelined requests: before them, it would be taken for one of theirs. A request whose body broke
   * off is not waited for: this is its answer.
   */
  function sayGoodbye(socket: Duplex, { underWay }: Connection, code: RefusalCode): void {
    if (socket.destroyed || [...underWay].some(({ req }) => req.complete)) return;
    if (socket.writable) socket.end(rawRefusalOf(code, code === 'method-not-allowed' ? { Allow: 'GET, HEAD, POST' } : {}));
    // Read on for a while and throw it away: a connection closed on unread octets is reset, and the words with it.
    socket.on('error', () => socket.destroy());
    socket.resume();
    const timer = setTimeout(() => socket.destroy(), limits.lingerMs);
    socket.once('close', () => clearTimeout(timer));
  }

  return {
    leave: () => {
      for (const [socket, { underWay }] of open) {
        if (underWay.size === 0) socket.destroy();
        for (const response of underWay) if (!response.headersSent) response.setHeader('Connection', 'close');
      }
    },
  };
}

function codeOf({ code, rawPacket }: ParseError): RefusalCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'header-too-large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
  if (code === 'HPE_INVALID_EOF_STATE') return 'broken-off';
  // A device that was given an https URL: its ClientHello says so, and the admin should read it in those words.
  return rawPacket?.[0] === 0x16 && rawPacket[1] === 3 ? 'tls-on-plain-http' : 'malformed-request';
}

const noiseOf = (source: string, path: string, code: RefusalCode): Noise => ({ source, path, status: refusalOf(code).status, code });

const pathOf = (target: string | undefined): string => printable(splitTarget(target ?? '').path);

/** The path, if the packet begins with the request that went wrong; an earlier, pipelined one is not to be blamed. */
function pathOfPacket({ rawPacket, bytesParsed = 0 }: ParseError): string {
  if (rawPacket === undefined) return '';
  const firstEnds = rawPacket.indexOf('\r\n\r\n');
  if (firstEnds >= 0 && firstEnds + 4 <= bytesParsed) return '';
  const target = /^[A-Z]{3,10} ([^ ]+)/.exec(rawPacket.toString('latin1', 0, 600))?.[1];
  return target === undefined ? '' : pathOf(target);
}
