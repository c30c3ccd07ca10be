/**
 * One kept-alive HTTP/1.1 connection that sends octets made beforehand and reads no more of an answer than it must: the generator
 * shares the machine with the server that it measures, so every cycle here is one that the server lacks.
 */
import { type Socket, connect } from 'node:net';

export interface Answer {
  readonly status: number;
  /** Lies in the connection's buffer: valid until the callback returns. */
  readonly body: Buffer;
}

export type Receive = (answer: Answer | Error) => void;

const HEAD_END = Buffer.from('\r\n\r\n');
const BUFFER_SIZE = 64 * 1024;

/** A request as octets. */
export function requestOf(method: 'GET' | 'POST', url: URL, body?: Uint8Array, headers: Readonly<Record<string, string>> = {}): Buffer {
  const lines = [
    `${method} ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    ...(body === undefined ? [] : [`Content-Length: ${body.length}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body ?? Buffer.alloc(0)]);
}

/** One request at a time. */
export class Connection {
  readonly #host: string;
  readonly #port: number;
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_SIZE);
  #socket: Socket | undefined;
  #held: Buffer | undefined;
  #request: Buffer | undefined;
  #receive: Receive | undefined;
  /** Whether an answer came on this socket before: then the server may have closed it while a request was on its way. */
  #used = false;

  constructor(url: URL) {
    this.#host = url.hostname;
    this.#port = Number(url.port === '' ? 80 : url.port);
  }

  send(request: Buffer, receive: Receive): void {
    this.#request = request;
    this.#receive = receive;
    (this.#socket ?? this.#open()).write(request);
  }

  ask(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.send(request, (answer) => (answer instanceof Error ? reject(answer) : resolve({ status: answer.status, body: Buffer.from(answer.body) })));
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Socket {
    const socket = connect({
      host: this.#host,
      port: this.#port,
      noDelay: true,
      onread: { buffer: this.#buffer, callback: (length) => (this.#read(length), true) },
    });
    let reason = new Error('the server closed the connection');
    socket.on('error', (error) => (reason = error));
    socket.on('close', () => this.#lost(socket, reason));
    this.#used = false;
    this.#socket = socket;
    return socket;
  }

  #read(length: number): void {
    const fresh = this.#buffer.subarray(0, length);
    const octets = this.#held === undefined ? fresh : Buffer.concat([this.#held, fresh]);
    const answer = readAnswer(octets);
    if (answer === undefined) {
      this.#held = this.#held === undefined ? Buffer.from(octets) : octets;
      return;
    }
    this.#held = undefined;
    this.#used = true;
    const receive = this.#receive;
    this.#receive = undefined;
    receive?.(answer);
  }

  #lost(socket: Socket, reason: Error): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    const request = this.#request;
    const receive = this.#receive;
    if (request === undefined || receive === undefined) return;
    if (this.#used && this.#held === undefined) {
      // Closed while at rest, and the request crossed that: said once more.
      this.#open().write(request);
      return;
    }
    this.#held = undefined;
    this.#receive = undefined;
    receive(reason);
  }
}

/** The answer, once it is complete. */
function readAnswer(octets: Buffer): Answer | undefined {
  const headEnd = octets.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = octets.toString('latin1', 0, headEnd);
  const status = Number(head.slice(9, 12));
  const start = headEnd + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return end > octets.length ? undefined : { status, body: octets.subarray(start, end) };
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return readChunked(status, octets, start);
  return { status, body: octets.subarray(start, start) };
}

/** Go's servers send what is longer than 2 KiB in chunks. */
function readChunked(status: number, octets: Buffer, start: number): Answer | undefined {
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = octets.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(octets.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (next > octets.length) return undefined;
    if (size === 0) return { status, body: Buffer.concat(parts) };
    parts.push(octets.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}
