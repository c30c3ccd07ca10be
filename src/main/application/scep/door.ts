/** The device door: SCEP's four operations, CRLs and CA certificates by URL, OCSP, health and info. GetCACaps and GetCACert are bytes kept ready. */
import { toHex, utf8 } from '../../core/lib/bytes.ts';
import { DAY, toIso } from '../../core/lib/instant.ts';
import type { Endpoint } from '../../core/ca/endpoint.ts';
import { capabilitiesText } from '../../core/scep/capabilities.ts';
import { decodeOperation } from '../../core/scep/operation.ts';
import { readDeadlines } from '../deadlines.ts';
import type { DeviceDoor, DeviceReply, DeviceRequest } from '../deviceDoor.ts';
import { httpDate } from '../httpDate.ts';
import type { OcspResponder } from '../ocsp/responder.ts';
import { Busy, VaultLocked } from '../ports/outages.ts';
import { type AnswerDeps, answer } from './answer.ts';
import { caCertReply, caCertificateFile } from './caCertificates.ts';
import type { Contacts } from './contacts.ts';
import { createNextCaWatch, nextCaReply } from './nextCa.ts';
import type { NoiseCounter } from './noise.ts';
import { operationsOf } from '../scepConfiguration.ts';
import { resolveEndpoint } from './route.ts';

const NO_STORE = { 'Cache-Control': 'no-store' } as const;

const text = (status: number, words: string, headers: DeviceReply['headers'] = {}): DeviceReply => ({ status, contentType: 'text/plain', body: utf8(`${words}\n`), headers });
const json = (value: unknown): DeviceReply => ({ status: 200, contentType: 'application/json', body: utf8(JSON.stringify(value)), headers: NO_STORE });
const notFound = text(404, 'Not found.');

// What a client without anything to wait for should do: the vault is unlocked by a person.
const LOCKED_RETRY_SECONDS = '120';

const BUSY_RETRY_SECONDS = '5';

export interface DoorDeps extends AnswerDeps {
  readonly noise: NoiseCounter;
  readonly contacts: Contacts;
  readonly ocsp: Pick<OcspResponder, 'answer'>;
}

interface Ready {
  readonly caps: DeviceReply;
  readonly caCert: DeviceReply | undefined;
  readonly nextCa: DeviceReply | undefined;
}

/** The door that the device listener is given. */
export function createDeviceDoor(deps: DoorDeps): DeviceDoor {
  // jscep asks for both many times per operation (SCEP.md J.17): made once per configuration.
  let ready = new Map<string, Ready>();
  let madeFrom = 0;
  const watch = createNextCaWatch(deps);

  function readyFor(endpoint: Endpoint): Ready {
    if (madeFrom !== deps.directory.revision()) {
      ready = new Map();
      madeFrom = deps.directory.revision();
    }
    const known = ready.get(endpoint.id);
    if (known !== undefined) return known;
    const certificates = caCertReply(deps.directory, endpoint);
    const nextCa = nextCaReply(deps.directory, endpoint.authorityId);
    const made: Ready = {
      caps: capsReply(endpoint, nextCa !== undefined),
      nextCa: nextCa === undefined ? undefined : { status: 200, headers: {}, ...nextCa },
      caCert: certificates === undefined ? undefined : { status: 200, headers: {}, ...certificates },
    };
    ready.set(endpoint.id, made);
    return made;
  }

  async function scep(request: DeviceRequest): Promise<DeviceReply> {
    const operation = decodeOperation(request);
    if (operation.kind === 'refused') {
      deps.noise.add({ source: request.source, path: request.path, status: operation.status, code: `http-${operation.status}` });
      return text(operation.status, operation.text, operation.status === 405 ? { Allow: 'GET, POST' } : {});
    }
    deps.contacts.add({ at: deps.clock.now(), source: request.source, path: request.path, operation: operation.kind === 'pki-operation' ? 'PKIOperation' : operation.operation });
    const endpoint = resolveEndpoint(deps.directory, request.target);
    if (endpoint === undefined) return withoutEndpoint(deps, operation, request);
    if (operation.kind === 'pki-operation') return pkiOperation(deps, endpoint, operation, request);
    if (!endpoint.enabled) return notFound;
    watch.add(endpoint.authorityId, request.source, operation.operation === 'GetNextCACert' && readyFor(endpoint).nextCa !== undefined);
    switch (operation.operation) {
      case 'GetCACaps':
        return readyFor(endpoint).caps;
      case 'GetCACert':
        return readyFor(endpoint).caCert ?? text(404, 'There is no CA certificate yet.');
      case 'GetNextCACert':
        return readyFor(endpoint).nextCa ?? text(404, 'There is no next CA certificate.');
      case 'GetCACertChain':
        return text(404, 'GetCACertChain is not part of RFC 8894; use GetCACert.');
    }
  }

  return {
    scep,
    crl: (authorityNumber, generation) => crl(deps, authorityNumber, generation),
    caCertificate: async (authorityNumber, generation, form) => {
      const file = caCertificateFile(deps.directory, authorityNumber, generation, form);
      if (file === undefined) return notFound;
      const { since, ...reply } = file;
      return { status: 200, headers: { 'Last-Modified': httpDate(since), ETag: `"${toHex(deps.crypto.digest('sha256', file.body)).slice(0, 32)}"`, 'Cache-Control': 'public, max-age=3600' }, ...reply };
    },
    ocsp: (question) => deps.ocsp.answer(question),
    health: () => health(deps),
    info: () => info(deps),
    noise: (noise) => deps.noise.add(noise),
  };
}

const capsReply = (options: Pick<Endpoint, 'compatibility' | 'announceSha384'>, nextCa: boolean): DeviceReply => ({
  status: 200,
  contentType: 'text/plain',
  body: utf8(capabilitiesText({ ...options, nextCa })),
  headers: {},
});

const hasWorkingAuthority = ({ directory }: DoorDeps): boolean => directory.authorities().some((a) => directory.currentGeneration(a.id)?.certificate);

/** Before first run (or while the only CA waits for its certificate) there is no endpoint: the listener says what it can do, so that a newcomer sees that it lives. */
function withoutEndpoint(deps: DoorDeps, operation: Exclude<ReturnType<typeof decodeOperation>, { kind: 'refused' }>, request: DeviceRequest): DeviceReply {
  const fresh = !hasWorkingAuthority(deps);
  if (fresh && operation.kind === 'ca-query' && operation.operation === 'GetCACaps') return capsReply({ compatibility: 'standard', announceSha384: false }, false);
  deps.noise.add({ source: request.source, path: request.path, status: fresh ? 503 : 404, code: fresh ? 'no-authority' : 'http-404' });
  if (fresh && operation.kind === 'pki-operation') return text(503, 'There is no certificate authority yet.', { 'Retry-After': LOCKED_RETRY_SECONDS });
  return fresh ? text(404, 'There is no certificate authority yet.') : notFound;
}

async function pkiOperation(deps: DoorDeps, endpoint: Endpoint, operation: { readonly message: Uint8Array; readonly emptyContent: boolean }, request: DeviceRequest): Promise<DeviceReply> {
  const { method, path, source, userAgent } = request;
  const answered = await answer(deps, { endpoint, message: operation.message, emptyContent: operation.emptyContent, method, path, source, userAgent }).catch(explainOutage);
  switch (answered.kind) {
    case 'sealed':
      return { status: 200, contentType: 'application/x-pki-message', body: answered.body, headers: NO_STORE };
    case 'unanswerable':
      deps.noise.add({ source, path, status: 400, code: 'unreadable-message' });
      return text(400, 'The message could not be read.', NO_STORE);
    case 'awaiting-certificate':
      deps.noise.add({ source, path, status: 503, code: 'no-authority' });
      return text(503, 'The CA has no certificate yet. Try again later.', { ...NO_STORE, 'Retry-After': LOCKED_RETRY_SECONDS });
    case 'locked':
      deps.noise.add({ source, path, status: 503, code: 'locked' });
      return text(503, 'The CA is locked. Try again later.', { ...NO_STORE, 'Retry-After': LOCKED_RETRY_SECONDS });
    case 'busy':
      deps.noise.add({ source, path, status: 503, code: 'busy' });
      return text(503, 'The CA is busy. Try again.', { ...NO_STORE, 'Retry-After': BUSY_RETRY_SECONDS });
  }
}

/** The vault may be locked, or the workers be full, while a message is on its way: what is committed by then is finished by the sweep or told at the next poll. */
function explainOutage(error: unknown): { readonly kind: 'locked' | 'busy' } {
  if (error instanceof VaultLocked) return { kind: 'locked' };
  if (error instanceof Busy) return { kind: 'busy' };
  throw error;
}

async function crl(deps: DoorDeps, authorityNumber: number, generation: number | null): Promise<DeviceReply> {
  const authority = deps.directory.authorityByNumber(authorityNumber);
  const wanted = generation ?? (authority === undefined ? undefined : deps.directory.currentGeneration(authority.id)?.number);
  const record = authority === undefined || wanted === undefined ? undefined : await deps.store.read.latestCrl(authority.id, wanted);
  if (record === undefined) return notFound;
  return {
    status: 200,
    contentType: 'application/pkix-crl',
    body: record.der,
    headers: { 'Last-Modified': httpDate(record.thisUpdate), ETag: `"${authorityNumber}-${record.generation}-${record.number}"`, 'Cache-Control': 'public, max-age=300' },
  };
}

interface Condition {
  readonly status: 'healthy' | 'locked' | 'degraded';
  readonly message: string;
  /** What is about to end: said while everything still works, so that it goes on working. */
  readonly warnings: readonly { readonly code: string; readonly severity: 'warning' | 'danger'; readonly message: string }[];
}

/** What a monitor should wake somebody for. */
async function condition(deps: DoorDeps): Promise<Condition> {
  const now = await conditionNow(deps);
  const warnings = (await readDeadlines(deps)).flatMap(({ code, severity, text }) => (severity === 'warning' || severity === 'danger' ? [{ code, severity, message: text }] : []));
  const [worst] = warnings;
  return now.status === 'healthy' && worst !== undefined ? { status: 'degraded', message: worst.message, warnings } : { ...now, warnings };
}

async function conditionNow(deps: DoorDeps): Promise<Omit<Condition, 'warnings'>> {
  const now = deps.clock.now();
  const authorities = deps.directory.authorities();
  if (authorities.length === 0) return { status: 'degraded', message: 'There is no certificate authority yet.' };
  if (!hasWorkingAuthority(deps)) return { status: 'degraded', message: 'The certificate authority waits for its certificate.' };
  if (deps.vault.state() !== 'open') return { status: 'locked', message: 'The vault is locked: certificates and CRLs are served, requests are asked to come back.' };
  for (const authority of authorities) {
    const generation = deps.directory.currentGeneration(authority.id);
    if (generation === undefined) continue;
    const identity = deps.directory.activeScepIdentity(authority.id);
    if (identity !== undefined && !deps.scepKeys.has(identity.keyId)) return { status: 'locked', message: `The SCEP key of ${authority.commonName} is locked.` };
    if (generation.notAfter <= now) return { status: 'degraded', message: `The certificate of ${authority.commonName} has expired.` };
    if (identity !== undefined && identity.notAfter <= now) return { status: 'degraded', message: `The SCEP certificate of ${authority.commonName} has expired.` };
    const latest = await deps.store.read.latestCrl(authority.id, generation.number);
    if (latest !== undefined && latest.nextUpdate <= now) return { status: 'degraded', message: `The CRL of ${authority.commonName} has expired.` };
  }
  return { status: 'healthy', message: 'Ready for enrolments.' };
}

function announcedCapabilities(deps: DoorDeps): readonly string[] {
  const endpoint = deps.directory.endpointByPath('/scep') ?? deps.directory.endpoints().find((e) => e.enabled);
  return capabilitiesText({ compatibility: endpoint?.compatibility ?? 'standard', announceSha384: endpoint?.announceSha384 ?? false, nextCa: endpoint !== undefined && nextCaReply(deps.directory, endpoint.authorityId) !== undefined }).split('\n');
}

async function health(deps: DoorDeps): Promise<DeviceReply> {
  return json({ ...(await condition(deps)), capabilities: announcedCapabilities(deps), timestamp: toIso(deps.clock.now()) });
}

async function info(deps: DoorDeps): Promise<DeviceReply> {
  const now = deps.clock.now();
  const [{ status }, requests, recent, certificates, ever] = await Promise.all([
    condition(deps),
    deps.store.read.countRequests(),
    deps.store.read.countIssued(now - DAY),
    deps.store.read.countCertificates(now),
    deps.store.read.countIssued(0),
  ]);
  const current = deps.directory.authorities().flatMap((authority) => {
    const generation = deps.directory.currentGeneration(authority.id);
    return generation === undefined ? [] : [{ name: authority.commonName, number: authority.number, generation: generation.number, not_after: toIso(generation.notAfter) }];
  });
  return json({
    service: 'SCEP',
    version: 'RFC 8894',
    status,
    operations: operationsOf(deps.directory),
    capabilities: announcedCapabilities(deps),
    features: ['PENDING and polling', 'renewal by certificate', 'one-time challenges', 'GetCert', 'GetCRL', 'CRL by HTTP', 'OCSP', 'CA rollover'],
    security: { default_deny: true, message_digests: ['SHA-256', 'SHA-512', 'SHA-1'], certificate_signature: 'SHA-256 or better', https_needed: false },
    compatibility: [...new Set(deps.directory.endpoints().map((e) => e.compatibility))],
    ca: current[0] ?? null,
    ca_certificates: current,
    active_enrollments: requests.pending + requests.approved,
    recent_enrollments_24h: recent.issued,
    certificates_issued: ever.issued,
    certificates_valid: certificates.valid,
    renewals: ever.renewals,
  });
}
