/** A CA to enrol at: a server in a scratch folder, with the few verbs of an admin that the interop tests need over and over. */
import { writeFileSync } from 'node:fs';
import type { Input, Output } from '../../src/preload/contract/contract.ts';
import { makeFolder, waitFor } from './interopPrograms.ts';
import { type ServerOptions, type TestServer, startServer } from './server.ts';

type Authority = Output<'authorities.create'>;
type Certificate = Output<'certificates.list'>['items'][number];
type Transaction = Output<'transactions.list'>['items'][number];
type QueuedRequest = Output<'requests.list'>['items'][number];

export interface LabAuthority extends Authority {
  /** The CA certificate in PEM. */
  readonly caFile: string;
}

export interface Lab {
  readonly server: TestServer;
  /** `http://127.0.0.1:port` of the device listener. */
  readonly baseUrl: string;
  readonly folder: ReturnType<typeof makeFolder>;
  /** Makes an authority and saves its certificate. */
  createAuthority(wish: Input<'authorities.create'>): Promise<LabAuthority>;
  /** Makes an endpoint with the profile `device`, or changes the one with this path; gives its URL. */
  saveEndpoint(wish: Input<'endpoints.save'> & { readonly path: string }): Promise<string>;
  createChallenge(wish?: Input<'challenges.create'>): Promise<string>;
  /** The request that waits with this common name, as soon as it is there. */
  waitingRequest(commonName: string): Promise<QueuedRequest>;
  approve(request: QueuedRequest): Promise<QueuedRequest>;
  refuse(request: QueuedRequest, reason: string): Promise<QueuedRequest>;
  /** Device certificates with this text in them, newest first. */
  certificates(query: string): Promise<readonly Certificate[]>;
  /** The explained messages of this kind, newest first, as soon as there are `count`: those that change nothing are written down a moment later. */
  transactions(count: number, isWanted: (transaction: Transaction) => boolean): Promise<readonly Transaction[]>;
  close(): Promise<void>;
}

/** Starts a server on an empty data folder. */
export async function openLab(options: Omit<ServerOptions, 'dataDir'> = {}): Promise<Lab> {
  const folder = makeFolder();
  let server: TestServer;
  try {
    server = await startServer({ ...options, dataDir: folder.at('data') });
  } catch (error) {
    folder.remove();
    throw error;
  }
  const { call } = server;
  return {
    server,
    baseUrl: new URL(server.scepUrl).origin,
    folder,
    createAuthority: async (wish) => {
      const authority = await call('authorities.create', wish);
      const caFile = folder.at(`ca-${authority.number}.pem`);
      writeFileSync(caFile, authority.certificatePem ?? '');
      return { ...authority, caFile };
    },
    saveEndpoint: async (wish) => {
      const before = (await call('endpoints.list', { limit: 500 })).items.find(({ path }) => path === wish.path);
      const saved = await call('endpoints.save', before === undefined ? { profileId: 'device', ...wish } : { id: before.id, version: before.version, ...wish });
      return saved.url ?? '';
    },
    createChallenge: async (wish = {}) => (await call('challenges.create', wish)).password,
    waitingRequest: (commonName) =>
      waitFor(`a waiting request of ${commonName}`, async () => (await call('requests.list', { state: 'pending' })).items.find(({ subject }) => subject.includes(`CN=${commonName}`))),
    approve: ({ id, version, spkiSha256 }) => call('requests.approve', { id, version, spkiSha256 }),
    refuse: ({ id, version, spkiSha256 }, reason) => call('requests.refuse', { id, version, spkiSha256, reason }),
    certificates: async (query) => (await call('certificates.list', { query, limit: 500 })).items.filter(({ kind }) => kind === 'device'),
    transactions: (count, isWanted) =>
      waitFor(`${count} transactions`, async () => {
        const wanted = (await call('transactions.list', { limit: 500 })).items.filter(isWanted);
        return wanted.length >= count ? wanted : undefined;
      }),
    close: async () => {
      await server.stop();
      folder.remove();
    },
  };
}
