/**
 * HTTP over a bare socket: says what no well-behaved client library would say (HTTP/1.0, no Host, half a body, garbage)
 * and hands back the octets that came, read as replies.
 */
import { connect, type Socket } from 'node:net';

export interface RawReply {
  readonly version: string;
  readonly status: number;
  /** Names in lower case; a name that came twice holds both values, joined by a line end, so that no test overlooks it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface RawConversation {
  readonly replies: readonly RawReply[];
  /** `end`: the server closed in order; `reset`: it did not; `open`: it left the connection open until we gave up. */
  readonly ending: 'end' | 'reset' | 'open';
  readonly milliseconds: number;
}

export interface RawOptions {
  /** Give up listening after so long without an octet, and report what came. */
  readonly quietMs?: number;
  /** Stop as soon as so many replies are complete. */
  readonly replies?: number;
  /** For HEAD and 304: a Content-Length without a body. */
  readonly bodiless?: boolean;
  readonly host?: string;
}

/** What to say: pieces of octets, and waits in milliseconds between them. */
export type RawScript = readonly (string | Uint8Array | number)[];

/** Speaks the script on one connection and collects what the server answers. */
export function converse(port: number, script: RawScript, options: RawOptions = {}): Promise<RawConversation> {
  const { quietMs = 2_000, host = '127.0.0.1', bodiless = false } = options;
  const started = performance.now();
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const socket = connect(port, host);
    let timer = setTimeout(() => finish('open'), quietMs);
    let finished = false;
    const finish = (ending: RawConversation['ending']): void => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      socket.destroy();
      resolve({ replies: readReplies(Buffer.concat(received), bodiless), ending, milliseconds: performance.now() - started });
    };
    socket.on('data', (chunk) => {
      received.push(chunk);
      clearTimeout(timer);
      timer = setTimeout(() => finish('open'), quietMs);
      if (options.replies !== undefined && readReplies(Buffer.concat(received), bodiless).length >= options.replies) finish('open');
    });
    socket.on('end', () => finish('end'));
    // After a reset the octets that came first are still there to be read: only silence ends the conversation.
    socket.on('error', () => setTimeout(() => finish('reset'), 50));
    socket.on('connect', () => void speak(socket, script));
  });
}

async function speak(socket: Socket, script: RawScript): Promise<void> {
  for (const piece of script) {
    if (typeof piece === 'number') await new Promise((resolve) => setTimeout(resolve, piece));
    else if (!socket.destroyed) socket.write(piece);
  }
}

/** A request in the form of its octets; headers exactly as given, nothing added. */
export function rawRequest(line: string, headers: Readonly<Record<string, string>> = {}, body: string | Uint8Array = ''): Buffer {
  const head = [line, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}

/** The complete replies at the beginning of what came; the `100 Continue` before one is a reply of its own. */
function readReplies(octets: Buffer, bodiless: boolean): readonly RawReply[] {
  const replies: RawReply[] = [];
  let at = 0;
  for (;;) {
    const headEnd = octets.indexOf('\r\n\r\n', at);
    if (headEnd < 0) return replies;
    const [statusLine = '', ...lines] = octets.toString('latin1', at, headEnd).split('\r\n');
    const [, version = '', status = '0'] = /^HTTP\/(\d\.\d) (\d{3})/.exec(statusLine) ?? [];
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon).toLowerCase();
      const value = line.slice(colon + 1).trim();
      headers[name] = headers[name] === undefined ? value : `${headers[name]}\n${value}`;
    }
    const length = bodiless || status === '100' || status === '304' ? 0 : Number(headers['content-length'] ?? octets.length - headEnd - 4);
    const end = headEnd + 4 + length;
    if (end > octets.length) return replies;
    replies.push({ version, status: Number(status), headers, body: octets.subarray(headEnd + 4, end) });
    at = end;
  }
}
