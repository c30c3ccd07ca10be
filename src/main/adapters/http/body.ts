/**
 * Reads a request's body as raw octets, whatever Content-Type it claims: sscep sends none, strongSwan an empty one, jscep the wrong one
 * (SCEP.md A2.5, J.5). Bounded in size, time and in what all bodies together may hold.
 */
import type { IncomingMessage } from 'node:http';
import type { DeviceListenerLimits } from './limits.ts';

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'too-slow' }
  /** All bodies together hold as much as they may. */
  | { readonly kind: 'no-room' }
  /** The peer went away. */
  | { readonly kind: 'gone' };

export interface BodyReader {
  /** `proceed` is called when the body is wanted: it sends the 100 that some peers wait for. */
  read(request: IncomingMessage, proceed: () => void): Promise<Body>;
}

/** Whether a request brings a body at all. */
export function carriesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0');
}

const EMPTY: Body = { kind: 'whole', bytes: new Uint8Array(0) };

/** One reader for the whole listener, for it knows how much is held altogether. */
export function createBodyReader({ maxBodyBytes, maxHeldBytes, bodyMs }: DeviceListenerLimits): BodyReader {
  let heldBytes = 0;

  function read(request: IncomingMessage, proceed: () => void): Promise<Body> {
    if (!carriesBody(request)) return Promise.resolve(EMPTY);
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return Promise.resolve({ kind: 'too-large' });
    proceed();
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const timer = setTimeout(() => finish({ kind: 'too-slow' }), bodyMs);
      const onData = (chunk: Buffer): void => {
        length += chunk.length;
        heldBytes += chunk.length;
        chunks.push(chunk);
        if (length > maxBodyBytes) finish({ kind: 'too-large' });
        else if (heldBytes > maxHeldBytes) finish({ kind: 'no-room' });
      };
      const onEnd = (): void => finish({ kind: 'whole', bytes: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length) });
      const onGone = (): void => finish({ kind: 'gone' });
      function finish(body: Body): void {
        clearTimeout(timer);
        heldBytes -= length;
        request.off('data', onData).off('end', onEnd).off('close', onGone);
        resolve(body);
      }
      request.on('data', onData).on('end', onEnd).on('close', onGone);
    });
  }

  return { read };
}

/** Throws away what is left of a request, for a while and up to a measure: a connection closed on unread octets is reset, and the reply with it. */
export function discardRest(request: IncomingMessage, { lingerMs, maxBodyBytes }: DeviceListenerLimits): Promise<void> {
  return new Promise((resolve) => {
    let left = 4 * maxBodyBytes;
    const timer = setTimeout(finish, lingerMs);
    const onData = (chunk: Buffer): void => {
      left -= chunk.length;
      if (left < 0) finish();
    };
    function finish(): void {
      clearTimeout(timer);
      request.off('data', onData).off('end', finish).off('close', finish);
      resolve();
    }
    if (request.readableEnded || request.destroyed) finish();
    else request.on('data', onData).on('end', finish).on('close', finish);
  });
}
