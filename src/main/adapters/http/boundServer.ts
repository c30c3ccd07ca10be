/**
 * One node:http server bound to one address: the settings that SCEP clients need of it, and its orderly end.
 * Which address, and what follows when it cannot be had, is the listener's.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { guardConnections } from './connections.ts';
import type { Handler, HandlerParts } from './handler.ts';

export interface BoundServer {
  readonly host: string;
  readonly port: number;
  /** Frees the address at once, lets answers that are under way out, and resolves when the last connection is gone. */
  stop(): Promise<void>;
}

export interface ServerParts extends HandlerParts {
  readonly handle: Handler;
}

/** Binds; rejects with the system's error when the address cannot be had. */
export async function bindServer(host: string, port: number, { door, log, limits, handle }: ServerParts): Promise<BoundServer> {
  const server = createServer({
    // Cisco IOS speaks HTTP/1.0, strongSwan sends HTTP/1.1 without Host (SCEP.md A2.9).
    requireHostHeader: false,
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersMs,
    // The body has its own, earlier limit; this one is behind it for whatever slips through.
    requestTimeout: limits.headersMs + limits.bodyMs + limits.lingerMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headersMs / 2),
    keepAliveTimeout: limits.idleMs,
  });
  server.timeout = limits.stallMs;
  const connections = guardConnections(server, handle, limits, (noise) => door.noise(noise));

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // A connection that could not be accepted (no file descriptor left) is no reason to stop serving the others.
  server.on('error', (error) => log('warn', 'http.accept-failed', { error: String(error) }));

  return {
    host,
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), limits.drainMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        connections.leave();
      }),
  };
}
