/**
 * A whole office in one process: the application over a store (memory or SQLite), real cryptography, a clock that the test moves,
 * and a device that speaks SCEP to it, straight to the door or through the real listener. Nothing of the product is replaced but clock and workers.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeCrypto } from '../../src/main/adapters/crypto/nodeCrypto.ts';
import { createDeviceListener } from '../../src/main/adapters/http/listener.ts';
import { lookIntoKeyFiles } from '../../src/main/adapters/crypto/keyFileLook.ts';
import { readXcaDatabase } from '../../src/main/adapters/sqlite/xcaDatabase.ts';
import type { MigrationDeps } from '../../src/main/application/migration/decide.ts';
import { openSqliteStore } from '../../src/main/adapters/sqlite/openSqliteStore.ts';
import { createEvents } from '../../src/main/adapters/system/events.ts';
import { approveRequest } from '../../src/main/application/approve.ts';
import { type CreateAuthorityInput, createAuthority } from '../../src/main/application/authorities.ts';
import { type ChallengeWish, createChallenge } from '../../src/main/application/challenges.ts';
import type { DeviceDoor, DeviceReply, DeviceRequest } from '../../src/main/application/deviceDoor.ts';
import type { Refusal } from '../../src/main/application/deps.ts';
import type { CourierDeps } from '../../src/main/application/courier/deps.ts';
import type { BackupDeps } from '../../src/main/application/backups/records.ts';
import { createDirectory } from '../../src/main/application/directory.ts';
import { type DesktopDeps, noDesktop } from '../../src/main/application/desktop.ts';
import { type EndpointWish, saveEndpoint } from '../../src/main/application/endpoints.ts';
import { type HousekeepingDeps, runHousekeeping } from '../../src/main/application/housekeeping.ts';
import { createOcspResponder } from '../../src/main/application/ocsp/responder.ts';
import { refuseRequest } from '../../src/main/application/requests.ts';
import type { Signers } from '../../src/main/application/ports/signers.ts';
import type { Store } from '../../src/main/application/ports/store.ts';
import { createContacts } from '../../src/main/application/scep/contacts.ts';
import { createDeviceDoor, type DoorDeps } from '../../src/main/application/scep/door.ts';
import { createNoiseCounter } from '../../src/main/application/scep/noise.ts';
import { createSeenMessages } from '../../src/main/application/scep/seenMessages.ts';
import { createBackups } from '../../src/main/hosts/backups/createBackups.ts';
import type { Actor, AuditEntry } from '../../src/main/core/ca/audit.ts';
import type { CertificateRecord } from '../../src/main/core/ca/certificateRecord.ts';
import type { Endpoint } from '../../src/main/core/ca/endpoint.ts';
import type { EnrolmentRequest, RequestState } from '../../src/main/core/ca/enrolment.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src/main/core/ca/settings.ts';
import type { TransactionRecord } from '../../src/main/core/ca/transaction.ts';
import type { Result } from '../../src/main/core/lib/result.ts';
import { DAY } from '../../src/main/core/lib/instant.ts';
import type { SentMessage } from './forge.ts';
import { memoryBackups } from './memoryBackups.ts';
import { memoryStore } from './memoryStore.ts';
import { type OpenReplyOptions, type OpenedReply, openReply } from './replies.ts';
import { type TestKeysOptions, TEST_PASSPHRASE, openTestKeys } from './testKeys.ts';

export const ADMIN: Actor = { kind: 'admin', name: 'test' };

export interface OfficeOptions {
  readonly store?: 'memory' | 'sqlite';
  /** Real HTTP on a free port, as devices meet it. */
  readonly listener?: boolean;
  readonly authority?: Partial<CreateAuthorityInput> | 'none';
  readonly keys?: TestKeysOptions;
  readonly settings?: Partial<Settings>;
}

export interface Office {
  readonly deps: DoorDeps & HousekeepingDeps & DesktopDeps & BackupDeps & MigrationDeps & CourierDeps;
  readonly door: DeviceDoor;
  readonly store: Store;
  /** `http://127.0.0.1:port`; throws without a listener. */
  readonly baseUrl: string;
  readonly endpoint: Endpoint;
  /** The certificate that envelopes are addressed to. */
  readonly scepCertificate: Uint8Array;
  readonly caCertificate: Uint8Array;
  now(): number;
  advance(milliseconds: number): void;
  /** What the vault holds of CA keys may be taken away, as on a courier's listener. */
  setCaKeyPresent(present: boolean): void;
  challenge(wish?: ChallengeWish): Promise<string>;
  change(wish: EndpointWish): Promise<Endpoint>;
  request(overrides: Partial<DeviceRequest>): Promise<DeviceReply>;
  /** Sends a message to a path and opens the CertRep. */
  ask(sent: SentMessage, options?: OpenReplyOptions & { readonly path?: string; readonly source?: string; readonly method?: 'GET' | 'POST' }): Promise<OpenedReply>;
  approve(id: string): Promise<EnrolmentRequest>;
  refuse(id: string, reason?: string): Promise<EnrolmentRequest>;
  requests(state?: RequestState): Promise<readonly EnrolmentRequest[]>;
  certificates(): Promise<readonly CertificateRecord[]>;
  audit(): Promise<readonly AuditEntry[]>;
  transactions(): Promise<readonly TransactionRecord[]>;
  settle(): Promise<void>;
  lock(): Promise<void>;
  unlock(): Promise<void>;
  close(): Promise<void>;
}

/** The value of an outcome that the test needs to be good. */
export function must<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** Opens an office with a vault, and (unless told otherwise) an RSA-2048 combined authority with its endpoint `/scep`. */
export async function openOffice(options: OfficeOptions = {}): Promise<Office> {
  let skew = 0;
  let caKeyPresent = true;
  const clock = { now: () => Date.now() + skew };
  const folder = options.store === 'sqlite' ? mkdtempSync(join(tmpdir(), 'office-')) : undefined;
  const sqlite = folder === undefined ? undefined : await openSqliteStore({ dataDir: folder });
  const store: Store = sqlite ?? memoryStore();
  const keys = await openTestKeys({ clock, ...options.keys, ...(sqlite === undefined ? {} : { onAuditKey: async (key, spki) => void (await sqlite.setAuditKey(key, spki)) }) });
  const initialised = keys.initialised;
  if (initialised === undefined) throw new Error('the test vault is empty');
  await store.commit({
    actor: ADMIN,
    at: clock.now(),
    expect: [],
    changes: [
      { kind: 'setting', key: 'vault', value: initialised.record },
      { kind: 'setting', key: 'settings', value: { ...DEFAULT_SETTINGS, ...options.settings } },
      ...initialised.keys.map((value) => ({ kind: 'put', table: 'key', value }) as const),
    ],
    audit: [],
  });
  const directory = await createDirectory(store);
  const signers: Signers = { ...keys.signers, has: (id) => caKeyPresent && keys.signers.has(id) };
  const base = {
    clock,
    crypto: createNodeCrypto(),
    log: () => undefined,
    events: createEvents((error) => {
      throw error;
    }),
    productVersion: 'test',
    auditProblem: () => null,
    store,
    directory,
    vault: keys.vault,
    secrets: keys.secrets,
    signers,
    courierKeys: keys.courierKeys,
    scepKeys: keys.scepKeys,
    inFlight: new Set<string>(),
    seen: createSeenMessages(),
    listener: {
      state: () => ({ host: '127.0.0.1', port: 0, listening: false, baseUrl: null, problem: null }),
      interfaces: () => [],
      configure: () => Promise.reject(new Error('this office has no listener to move')),
      probe: () => Promise.reject(new Error('this office has no listener to move')),
    },
    contacts: createContacts(),
    desktop: noDesktop('linux'),
    migrationFiles: { look: lookIntoKeyFiles, readXca: readXcaDatabase },
    backups: folder === undefined || sqlite === undefined ? memoryBackups(store, keys.vault) : createBackups({ dataDir: folder, store: sqlite, keyring: keys, productVersion: 'test', clock, scryptCost: 2 ** 10 }),
  };
  const deps = { ...base, noise: createNoiseCounter(base), ocsp: createOcspResponder({ ...base, ocspKeys: keys.ocspKeys }) };
  const door = createDeviceDoor(deps);
  if (options.authority !== 'none') {
    must(await createAuthority(deps, { commonName: 'Office CA', organization: 'Test', key: 'rsa-2048', years: 10, scepKey: 'combined', ...options.authority }, ADMIN));
  }
  const listener = options.listener === true ? createDeviceListener({ door, log: () => undefined, limits: { rate: 'off' }, trustProxy: false }) : undefined;
  const port = (await listener?.listen('127.0.0.1', 0))?.port;

  const endpointAt = (path: string): Endpoint => {
    const found = directory.endpointByPath(path);
    if (found === undefined) throw new Error(`no endpoint ${path}`);
    return found;
  };
  const request = (overrides: Partial<DeviceRequest>): Promise<DeviceReply> => {
    const path = overrides.path ?? '/scep';
    return door.scep({ method: 'POST', target: { kind: 'path', path }, path, rawQuery: 'operation=PKIOperation', body: new Uint8Array(0), source: '192.0.2.1', userAgent: null, ...overrides });
  };
  const versionOf = async (id: string): Promise<EnrolmentRequest> => {
    const found = await store.read.request(id);
    if (found === undefined) throw new Error(`no request ${id}`);
    return found;
  };

  const office: Office = {
    deps,
    door,
    store,
    get baseUrl() {
      if (port === undefined) throw new Error('this office has no listener');
      return `http://127.0.0.1:${port}`;
    },
    get endpoint() {
      return endpointAt('/scep');
    },
    get scepCertificate() {
      const identity = directory.activeScepIdentity(endpointAt('/scep').authorityId);
      if (identity === undefined) throw new Error('no SCEP key');
      return identity.certificate;
    },
    get caCertificate() {
      const certificate = directory.currentGeneration(endpointAt('/scep').authorityId)?.certificate;
      if (!certificate) throw new Error('no CA certificate');
      return certificate;
    },
    now: () => clock.now(),
    advance: (milliseconds) => void (skew += milliseconds),
    setCaKeyPresent: (present) => void (caKeyPresent = present),
    challenge: async (wish = {}) => must(await createChallenge(deps, wish, ADMIN)).password,
    change: async (wish) => must(await saveEndpoint(deps, wish.id === undefined && wish.path === undefined ? { id: endpointAt('/scep').id, ...wish } : wish, ADMIN)),
    request,
    ask: async (sent, { path = '/scep', source = '192.0.2.1', method = 'POST', ...opening } = {}) => {
      const answer =
        port === undefined
          ? await request(
              method === 'POST'
                ? { path, source, body: sent.bytes }
                : { path, source, method, rawQuery: `operation=PKIOperation&message=${encodeURIComponent(Buffer.from(sent.bytes).toString('base64'))}` },
            )
          : await overHttp(`http://127.0.0.1:${port}${path}`, sent.bytes, method);
      if (answer.status !== 200) throw new Error(`HTTP ${answer.status}: ${Buffer.from(answer.body).toString()}`);
      return openReply(answer.body, sent, opening);
    },
    approve: async (id) => must(await approveRequest(deps, { id, version: (await versionOf(id)).version }, ADMIN)),
    refuse: async (id, reason) => must(await refuseRequest(deps, { id, version: (await versionOf(id)).version, reason }, ADMIN)),
    requests: async (state) => (await store.read.requests({ state, limit: 500 })).items,
    certificates: async () => (await store.read.certificates({ limit: 500 }, clock.now())).items,
    audit: async () => (await store.read.audit({ limit: 500 })).items,
    transactions: async () => (await store.read.transactions({ limit: 500 })).items,
    settle: () => runHousekeeping(deps),
    lock: () => keys.vault.lock(),
    unlock: async () => {
      const opened = await keys.vault.unlock(initialised.record, await store.read.keys(), TEST_PASSPHRASE);
      if (!opened.ok) throw new Error(opened.error.code);
    },
    close: async () => {
      await listener?.close();
      await keys.close();
      await sqlite?.close();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
  return office;
}

async function overHttp(url: string, bytes: Uint8Array, method: 'GET' | 'POST'): Promise<{ readonly status: number; readonly body: Uint8Array }> {
  const response =
    method === 'POST'
      ? await fetch(`${url}?operation=PKIOperation`, { method, body: Buffer.from(bytes) })
      : await fetch(`${url}?operation=PKIOperation&message=${encodeURIComponent(Buffer.from(bytes).toString('base64'))}`);
  return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
}

/** 24 hours and a second: past the window in which an identical request gets the same certificate. */
export const PAST_THE_WINDOW = DAY + 1000;
