/** Somebody else's web site: serves whatever page a test gives it, on a port of its own. Chromium knows it by a name that is no loopback one. */
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export const FOREIGN_HOST = 'evil.example';

export interface ForeignSite {
  readonly url: string;
  /** What its pages are from here on. */
  show(html: string): void;
  /** Every path that it was asked for. */
  asked(): readonly string[];
  close(): Promise<void>;
}

/** Chromium's switch that leads the foreign name, whatever its port, to this machine: a stranger's DNS can do just that. */
export const FOREIGN_DNS = `--host-resolver-rules=MAP ${FOREIGN_HOST} 127.0.0.1`;

export async function openForeignSite(): Promise<ForeignSite> {
  let page = '';
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://${FOREIGN_HOST}:${(server.address() as AddressInfo).port}/`,
    show: (html) => void (page = html),
    asked: () => asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
