/** The running server as the command line sees it: calls over the loopback admin listener, with the token from the data folder. */
import { request } from 'node:http';
import { reply as replySchema, type Reply } from '../../../preload/contract/reply.ts';
import { type Access, readAccess } from './accessFile.ts';

export interface Client {
  readonly access: Access;
  call(channel: string, input: unknown): Promise<Reply>;
  /** A one-time token for a new window. */
  openToken(): Promise<Reply>;
}

/** No server answers for this data folder. */
export class NoServer extends Error {
  override readonly name = 'NoServer';
}

/** The server of a data folder. Throws NoServer where none runs. */
export async function connect(dataDir: string): Promise<Client> {
  const access = await readAccess(dataDir);
  if (access === undefined) throw new NoServer(`No server runs on ${dataDir}.`);
  return {
    access,
    call: (channel, input) => post(access, `/api/call/${encodeURIComponent(channel)}`, input),
    openToken: () => post(access, '/api/open', {}),
  };
}

function post({ url, token }: Access, path: string, input: unknown): Promise<Reply> {
  const body = Buffer.from(JSON.stringify(input ?? {}));
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Content-Length': body.length };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { method: 'POST', agent: false, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        try {
          const parsed = replySchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
          resolve(parsed as Reply);
        } catch {
          reject(new NoServer('What answers at the admin address is not this server.'));
        }
      });
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET' ? new NoServer('The server of this data folder does not run any more.') : error);
    });
    sent.end(body);
  });
}
