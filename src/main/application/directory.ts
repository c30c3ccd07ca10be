/**
 * The configuration as use cases read it, held in memory: authorities with their generations and SCEP keys, endpoints, profiles, settings.
 * The store stays the truth; whoever commits a change to one of these calls `refresh` before answering.
 */
import type { Authority, Generation, ScepIdentity } from '../core/ca/authority.ts';
import type { CourierLink } from '../core/ca/courier.ts';
import type { Endpoint } from '../core/ca/endpoint.ts';
import type { CertificateProfile } from '../core/ca/profile.ts';
import { DEFAULT_SETTINGS, type Settings } from '../core/ca/settings.ts';
import { toHex } from '../core/lib/bytes.ts';
import { parseCertificate } from '../core/pki/certificate.ts';
import type { Recipient } from '../core/scep/message.ts';
import type { Store } from './ports/store.ts';

export interface Directory {
  /** Counts up with each refresh: what was made from an older one is stale. */
  revision(): number;
  authorities(): readonly Authority[];
  authority(id: string): Authority | undefined;
  authorityByNumber(number: number): Authority | undefined;
  /** Oldest first. */
  generations(authorityId: string): readonly Generation[];
  generation(authorityId: string, number: number): Generation | undefined;
  currentGeneration(authorityId: string): Generation | undefined;
  /** Every SCEP key that opens envelopes for this authority, the active one first. */
  scepIdentities(authorityId: string): readonly ScepIdentity[];
  activeScepIdentity(authorityId: string): ScepIdentity | undefined;
  /** The same keys as envelopes name them; ready made, for every message needs them. */
  recipients(authorityId: string): readonly Recipient[];
  endpoints(): readonly Endpoint[];
  endpoint(id: string): Endpoint | undefined;
  endpointByPath(path: string): Endpoint | undefined;
  profiles(): readonly CertificateProfile[];
  profile(id: string): CertificateProfile | undefined;
  settings(): Settings;
  /** Pairings with another machine. */
  courierLinks(): readonly CourierLink[];
  refresh(): Promise<void>;
}

interface Snapshot {
  readonly authorities: readonly Authority[];
  readonly generations: readonly Generation[];
  readonly scepIdentities: readonly ScepIdentity[];
  readonly recipients: ReadonlyMap<string, readonly Recipient[]>;
  readonly endpoints: readonly Endpoint[];
  readonly profiles: readonly CertificateProfile[];
  readonly settings: Settings;
  readonly courierLinks: readonly CourierLink[];
}

function recipientOf({ id, keyId, certificate }: ScepIdentity): readonly Recipient[] {
  const parsed = parseCertificate(certificate);
  if (!parsed.ok) return [];
  const { issuer, serialHex, subjectKeyId } = parsed.value;
  return [{ id, keyId, issuer, serial: serialHex, subjectKeyId: subjectKeyId === undefined ? '' : toHex(subjectKeyId) }];
}

async function readSnapshot(store: Store): Promise<Snapshot> {
  const [authorities, generations, scepIdentities, endpoints, profiles, stored, courierLinks] = await Promise.all([
    store.read.authorities(),
    store.read.generations(),
    store.read.scepIdentities(),
    store.read.endpoints(),
    store.read.profiles(),
    store.read.setting('settings'),
    store.read.courierLinks(),
  ]);
  const identities = [...scepIdentities].sort((a, b) => Number(b.active) - Number(a.active) || b.generation - a.generation || b.notAfter - a.notAfter);
  return {
    authorities: [...authorities].sort((a, b) => a.number - b.number),
    generations: [...generations].sort((a, b) => a.number - b.number),
    scepIdentities: identities,
    recipients: new Map(authorities.map(({ id }) => [id, identities.filter((s) => s.authorityId === id).flatMap(recipientOf)])),
    endpoints,
    profiles,
    settings: { ...DEFAULT_SETTINGS, ...(stored as Partial<Settings> | undefined) },
    courierLinks,
  };
}

/** Reads everything once; `refresh` reads it again. */
export async function createDirectory(store: Store): Promise<Directory> {
  let now = await readSnapshot(store);
  let revision = 1;
  return {
    revision: () => revision,
    authorities: () => now.authorities,
    authority: (id) => now.authorities.find((a) => a.id === id),
    authorityByNumber: (number) => now.authorities.find((a) => a.number === number),
    generations: (authorityId) => now.generations.filter((g) => g.authorityId === authorityId),
    generation: (authorityId, number) => now.generations.find((g) => g.authorityId === authorityId && g.number === number),
    currentGeneration: (authorityId) => now.generations.find((g) => g.authorityId === authorityId && g.state === 'current'),
    scepIdentities: (authorityId) => now.scepIdentities.filter((s) => s.authorityId === authorityId),
    activeScepIdentity: (authorityId) => now.scepIdentities.find((s) => s.authorityId === authorityId && s.active),
    recipients: (authorityId) => now.recipients.get(authorityId) ?? [],
    endpoints: () => now.endpoints,
    endpoint: (id) => now.endpoints.find((e) => e.id === id),
    endpointByPath: (path) => now.endpoints.find((e) => e.path === path),
    profiles: () => now.profiles,
    profile: (id) => now.profiles.find((p) => p.id === id),
    settings: () => now.settings,
    courierLinks: () => now.courierLinks,
    refresh: async () => {
      now = await readSnapshot(store);
      revision += 1;
    },
  };
}
