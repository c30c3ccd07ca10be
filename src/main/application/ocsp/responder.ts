/**
 * The OCSP responder (RFC 6960, RFC 5019): finds the issuer, looks the certificates up, and has the answer signed by the issuer's delegated signer.
 * Whoever asks gets an answer or the reason why there is none; while the vault is locked nothing is guessed: tryLater.
 */
import { equalBytes, toHex } from '../../core/lib/bytes.ts';
import { SECOND, type Instant } from '../../core/lib/instant.ts';
import { ocspDates, statusOf } from '../../core/ca/ocsp.ts';
import { type CertId, type OcspFailure, type OcspRequest, assembleOcspResponse, parseOcspRequest, writeOcspFailure, writeTbsOcspResponse } from '../../core/pki/ocsp.ts';
import { keyIdentifierOf } from '../../core/pki/certificate.ts';
import type { DeviceReply, OcspQuestion } from '../deviceDoor.ts';
import { httpDate } from '../httpDate.ts';
import { issuerHashOf, schemeFor } from '../issue.ts';
import { Busy, DiskTrouble, VaultLocked } from '../ports/outages.ts';
import { type KeptAnswer, createKeptAnswers } from './answers.ts';
import { type Issuer, createIssuerFinder } from './issuers.ts';
import { type OcspDeps, type OcspSigner, createOcspSigners } from './signers.ts';

export interface OcspResponder {
  answer(question: OcspQuestion): Promise<DeviceReply>;
  /** Renews signers in time; called by housekeeping. */
  keep(): Promise<void>;
}

// Signatures come before waiting enrolments in the workers' queue: strangers who ask must not fill it.
const MAX_AT_ONCE = 64;
// A request with a signer's chain in it has a few kilobytes.
const MAX_REQUEST_BYTES = 64 * 1024;
// What a cache between here and the client may keep at most; CRLs have the same.
const MAX_AGE_SECONDS = 300;

/** One for the whole program. */
export function createOcspResponder(deps: OcspDeps): OcspResponder {
  const signers = createOcspSigners(deps);
  const findIssuer = createIssuerFinder(deps);
  const kept = createKeptAnswers(deps);
  let underWay = 0;

  async function judge(request: Uint8Array): Promise<KeptAnswer | OcspFailure> {
    if (request.length > MAX_REQUEST_BYTES) return 'malformedRequest';
    const asked = parseOcspRequest(request);
    if (!asked.ok) return 'malformedRequest';
    const issuer = findIssuer(asked.value.certIds);
    // A CA that has expired cannot vouch for anything any more, its signers included.
    if (issuer === undefined || issuer.generation.notAfter <= deps.clock.now()) return 'unauthorized';
    const signer = await signers.signerFor(issuer);
    if (signer === undefined || !deps.ocspKeys.has(signer.keyId)) return 'tryLater';
    const about = asked.value.nonce === undefined ? `${signer.keyId} ${asked.value.certIds.map(({ der }) => toHex(der)).join(' ')}` : undefined;
    const known = about === undefined ? undefined : kept.find(about);
    if (known !== undefined) return known;
    if (underWay >= MAX_AT_ONCE) return 'tryLater';
    underWay += 1;
    try {
      // What was revoked while the answer is made must not be kept as it was before.
      const keep = kept.begin();
      const answer = await makeAnswer(deps, issuer, signer, asked.value);
      if (about !== undefined && answer.cacheable) keep(about, answer);
      return answer;
    } finally {
      underWay -= 1;
    }
  }

  return {
    answer: async ({ request, byGet }) => {
      const judged = await judge(request).catch((error: unknown): OcspFailure => {
        if (error instanceof VaultLocked || error instanceof Busy || error instanceof DiskTrouble) return 'tryLater';
        throw error;
      });
      if (typeof judged === 'string') return replyOf(writeOcspFailure(judged), { 'Cache-Control': 'no-store' });
      return replyOf(judged.der, byGet && judged.cacheable ? cachingHeaders(judged, deps.clock.now()) : { 'Cache-Control': 'no-store' });
    },
    keep: signers.keep,
  };
}

async function makeAnswer(deps: OcspDeps, issuer: Issuer, signer: OcspSigner, { certIds, nonce }: OcspRequest): Promise<KeptAnswer> {
  const issuerHash = issuerHashOf(deps, issuer.authority.subject);
  const answers = await Promise.all(certIds.map(async (certId) => ({ certId, status: statusOf(await recordOf(deps, issuer, issuerHash, certId)) })));
  const producedAt = deps.clock.now();
  const dates = ocspDates(producedAt, signer.certificate);
  const scheme = schemeFor(signer.algorithm);
  const tbs = writeTbsOcspResponse({ responderKeyHash: keyIdentifierOf(signer.spki, deps.crypto), producedAt, ...dates, answers, nonce });
  const signature = await deps.ocspKeys.sign(signer.keyId, scheme, tbs);
  // A signature that went wrong in a faulty machine must not leave it: an RSA-CRT fault would give the key away (Boneh et al. 1997).
  if (!deps.crypto.verify(signer.spki, scheme, tbs, signature)) throw new Error('the signature on the OCSP answer does not verify');
  const der = assembleOcspResponse(tbs, scheme, signature, [signer.certificate.der]);
  // Nothing of a nonce's answer is another one's, and a serial that nobody knows may be issued any moment.
  const cacheable = nonce === undefined && answers.every(({ status }) => status.kind !== 'unknown');
  return { der, producedAt, nextUpdate: dates.nextUpdate, cacheable, digest: toHex(deps.crypto.digest('sha256', der)) };
}

/** Serials are unique per issuer name, and two generations share the name: only what this one's key signed is its own. */
async function recordOf(deps: OcspDeps, { generation }: Issuer, issuerHash: string, { serialHex }: CertId) {
  // Of some certificates only the revocation is known.
  const record = (await deps.store.read.certificateBySerial(issuerHash, serialHex)) ?? (await deps.store.read.revokedSerial(issuerHash, serialHex));
  const signedBy = record === undefined ? undefined : deps.directory.generation(record.authorityId, record.generation);
  return signedBy !== undefined && equalBytes(signedBy.spki, generation.spki) ? record : undefined;
}

const replyOf = (body: Uint8Array, headers: DeviceReply['headers']): DeviceReply => ({ status: 200, contentType: 'application/ocsp-response', body, headers });

/** RFC 5019 6.2. */
function cachingHeaders({ producedAt, nextUpdate, digest }: KeptAnswer, now: Instant): DeviceReply['headers'] {
  const maxAge = Math.max(0, Math.min(MAX_AGE_SECONDS, Math.floor((nextUpdate - now) / SECOND)));
  return {
    'Cache-Control': `max-age=${maxAge}, public, no-transform, must-revalidate`,
    ETag: `"${digest}"`,
    'Last-Modified': httpDate(producedAt),
    Expires: httpDate(nextUpdate),
  };
}
