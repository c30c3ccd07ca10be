/**
 * The one composition root: opens the store, the keyring and the listeners, and joins them into the dependencies that use cases are given.
 * Both hosts start here; what a host adds (a window, a command line) it adds to the doors that come out.
 */
import { lookIntoKeyFiles } from '../adapters/crypto/keyFileLook.ts';
import { createNodeCrypto } from '../adapters/crypto/nodeCrypto.ts';
import { createDeviceListener } from '../adapters/http/listener.ts';
import { openSqliteStore } from '../adapters/sqlite/openSqliteStore.ts';
import { readXcaDatabase } from '../adapters/sqlite/xcaDatabase.ts';
import { createClock } from '../adapters/system/clock.ts';
import { createEvents } from '../adapters/system/events.ts';
import { createTokens, makeToken } from '../adapters/web/tokens.ts';
import { type WebDoor, openWebDoor } from '../adapters/web/webDoor.ts';
import { type AdminDoor, createAdminDoor } from '../admin/door.ts';
import type { AdminDeps } from '../admin/handlers.ts';
import { noDesktop } from '../application/desktop.ts';
import type { DeviceDoor } from '../application/deviceDoor.ts';
import { makeDueBackup } from '../application/backups/schedule.ts';
import type { BackupDeps } from '../application/backups/records.ts';
import { createDirectory } from '../application/directory.ts';
import { type HousekeepingDeps, runHousekeeping } from '../application/housekeeping.ts';
import { createOcspResponder } from '../application/ocsp/responder.ts';
import type { Desktop } from '../application/ports/desktop.ts';
import type { ListenerState } from '../application/ports/listener.ts';
import type { Log } from '../application/ports/system.ts';
import type { VaultRecord } from '../application/ports/vault.ts';
import { createContacts } from '../application/scep/contacts.ts';
import { createDeviceDoor } from '../application/scep/door.ts';
import { createNoiseCounter } from '../application/scep/noise.ts';
import { createSeenMessages } from '../application/scep/seenMessages.ts';
import { VAULT_SETTING } from '../application/vault.ts';
import type { Result } from '../core/lib/result.ts';
import { MINUTE } from '../core/lib/instant.ts';
import { createBackups } from './backups/createBackups.ts';
import { createKeyring } from './keyring.ts';
import type { Product } from './product.ts';

export interface ComposeOptions {
  readonly dataDir: string;
  readonly product: Product;
  readonly log: Log;
  /** PKIOperations a minute and source; undefined: the listener's default. */
  readonly rateLimit?: number | 'off' | undefined;
  /** Left out by a host that has no desktop shell. */
  readonly desktop?: Desktop;
}

export interface OpenedWeb {
  readonly web: WebDoor;
  /** The standing token for the command line. */
  readonly token: string;
  /** A fresh admin URL: its token works once, for ten minutes. */
  readonly adminUrl: () => string;
}

/** The running CA, without a face. */
export interface Composition {
  readonly deps: AdminDeps;
  readonly door: AdminDoor;
  /** Starts or moves the device listener without keeping the address; the sentence says why it cannot. */
  listen(host: string, port: number): Promise<Result<ListenerState, string>>;
  openWeb(port: number): Promise<OpenedWeb>;
  /** Lets out what is under way, forgets the keys, releases the data folder. */
  stop(): Promise<void>;
}

/** Clients that are still being answered get this long when the program stops. */
const DRAIN_MS = 3_000;
const BURST = 30;

export async function compose({ dataDir, product, log, rateLimit, desktop = noDesktop(process.platform) }: ComposeOptions): Promise<Composition> {
  const clock = createClock();
  const crypto = createNodeCrypto();
  const events = createEvents((error) => log('error', 'event.listener-failed', { error: error.message }));
  // The database's worker and the crypto workers start side by side.
  const opening = openSqliteStore({ dataDir, log });
  let auditProblem: string | null = null;
  const keyring = createKeyring({
    clock,
    log,
    onAuditKey: async (key, spki) => {
      const fault = await (await opening).setAuditKey(key, spki);
      auditProblem = fault === undefined ? null : fault.problem;
    },
  });
  const store = await opening.catch(async (error: unknown) => {
    await keyring.close();
    throw error;
  });
  const directory = await createDirectory(store);
  keyring.vault.load((await store.read.setting(VAULT_SETTING)) as VaultRecord | undefined, await store.read.keys());

  const limits = { drainMs: DRAIN_MS, ...(rateLimit === undefined ? {} : { rate: rateLimit === 'off' ? ('off' as const) : { perMinute: rateLimit, burst: BURST } }) };
  // The listener asks the door, the door's dependencies hold the listener: the knot is tied when the first request comes.
  const lateDoor: DeviceDoor = {
    scep: (request) => deviceDoor.scep(request),
    crl: (authority, generation) => deviceDoor.crl(authority, generation),
    caCertificate: (authority, generation, form) => deviceDoor.caCertificate(authority, generation, form),
    ocsp: (question) => deviceDoor.ocsp(question),
    health: () => deviceDoor.health(),
    info: () => deviceDoor.info(),
    noise: (noise) => deviceDoor.noise(noise),
  };
  const devices = createDeviceListener({ door: lateDoor, log, limits, trustProxy: false });
  const backups = createBackups({ dataDir, store, keyring, productVersion: product.version, clock });
  const base = {
    clock,
    crypto,
    log,
    events,
    productVersion: product.version,
    store,
    directory,
    vault: keyring.vault,
    secrets: keyring.secrets,
    signers: keyring.signers,
    courierKeys: keyring.courierKeys,
    listener: devices.control,
    contacts: createContacts(),
    desktop,
    backups,
    migrationFiles: { look: lookIntoKeyFiles, readXca: readXcaDatabase },
    auditProblem: () => auditProblem,
    inFlight: new Set<string>(),
  };
  const noise = createNoiseCounter(base);
  const ocsp = createOcspResponder({ ...base, ocspKeys: keyring.ocspKeys });
  const deviceDoor = createDeviceDoor({ ...base, scepKeys: keyring.scepKeys, seen: createSeenMessages(), noise, ocsp });
  const door = createAdminDoor(base);
  const housekeeping = keepHouse({ ...base, noise, ocsp });
  let web: WebDoor | undefined;

  return {
    deps: base,
    door,
    listen: devices.control.configure,
    openWeb: async (port) => {
      const token = makeToken();
      const tokens = createTokens({ clock, standing: token });
      const opened = await openWebDoor({ door, tokens, rendererDir: product.rendererDir, log }, '127.0.0.1', port);
      web = opened;
      return { web: opened, token, adminUrl: () => `${opened.url}/#token=${tokens.issueOneTime()}` };
    },
    stop: async () => {
      await Promise.all([web?.close(), devices.close()]);
      await housekeeping.stop();
      await backups.idle();
      await keyring.close();
      await store.close();
    },
  };
}

/** A round at start, one whenever the vault opens, and one a minute; never two at once. */
function keepHouse(deps: HousekeepingDeps & BackupDeps): { stop(): Promise<void> } {
  let round: Promise<void> = runHousekeeping(deps);
  let backup: Promise<void> = Promise.resolve();
  const backUp = async (): Promise<void> => {
    try {
      await makeDueBackup(deps);
    } catch (error) {
      deps.log('error', 'housekeeping.failed', { part: 'backup', error: error instanceof Error ? error.message : 'unknown' });
    }
  };
  // Beside the round, for it takes seconds, and not at the stop.
  const again = (stopping = false): void => {
    round = round.then(() => runHousekeeping(deps));
    if (!stopping) backup = backup.then(backUp);
  };
  let state = deps.vault.state();
  const unsubscribe = deps.events.subscribe((name) => {
    if (name !== 'status.changed' || deps.vault.state() === state) return;
    state = deps.vault.state();
    if (state === 'open') again();
  });
  const timer = setInterval(() => again(), MINUTE);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      unsubscribe();
      again(true);
      await Promise.all([round, backup]);
    },
  };
}
