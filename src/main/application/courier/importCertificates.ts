/**
 * The listener takes the signer's file, all of it in one change-set: a kill before it leaves everything as it was, and the same file completes it.
 * Each thing in it is proven anew where it can be: CA certificates belong to the pairing's authority, certificates and CRLs are signed by the generation
 * that they name, no CRL is older than the one that is served, a certificate fits the key of the request that it answers.
 */
import { err, ok } from '../../core/lib/result.ts';
import type { Actor } from '../../core/ca/audit.ts';
import type { CrlRecord } from '../../core/ca/certificateRecord.ts';
import { type CourierLink, resumeAfter } from '../../core/ca/courier.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { plainText } from '../../core/pki/text.ts';
import type { Outcome } from '../deps.ts';
import type { Bringing } from './bringing.ts';
import { takeAnswers } from './bringAnswers.ts';
import { takeAuthority } from './bringAuthority.ts';
import { takeCertificates } from './bringCertificates.ts';
import { takeCrls } from './bringCrls.ts';
import { takeOwnKeys } from './bringOwnKeys.ts';
import { type CourierDeps, STALE } from './deps.ts';
import type { CarriedCrl } from './exportCertificates.ts';
import { openRequests } from './exportRequests.ts';
import { courierRefusal, missingFiles, openSealed, refuseFile } from './files.ts';

export interface ImportedCertificates {
  readonly link: CourierLink;
  readonly sequence: number;
  readonly already: boolean;
  readonly issued: number;
  readonly refused: number;
  readonly undecided: number;
  readonly revoked: number;
  readonly released: number;
  readonly crls: readonly CarriedCrl[];
  readonly certificates: number;
  readonly findings: readonly Finding[];
}

const shown = ({ generation, number, nextUpdate }: CrlRecord): CarriedCrl => ({ generation, number, nextUpdate });

// Polls do not count, but an admin may refuse or revoke something meanwhile: then it is judged again.
const MAX_ATTEMPTS = 3;

/** Takes a file of certificates in. Refused: what is wrong with the file, courier-rollback, locked. */
export async function importCertificates(deps: CourierDeps, input: { readonly bytes: Uint8Array }, actor: Actor): Outcome<ImportedCertificates> {
  for (let attempt = 1; ; attempt++) {
    const taken = await takeIn(deps, input.bytes, actor);
    if (taken.ok || taken.error.code !== STALE.code || attempt === MAX_ATTEMPTS) return taken;
  }
}

async function takeIn(deps: CourierDeps, bytes: Uint8Array, actor: Actor): Outcome<ImportedCertificates> {
  const opened = openSealed(deps, 'certificates', bytes);
  if (!opened.ok) return refuseFile(deps, bytes, opened.error, actor);
  const { link, mark, payload, already } = opened.value;
  if (already) {
    const waiting = await openRequests(deps, link.authorityId);
    return ok({ link, sequence: mark.sequence, already, issued: 0, refused: 0, undecided: waiting.length, revoked: 0, released: 0, crls: [], certificates: 0, findings: [] });
  }
  const bringing: Bringing = { changes: [], expect: [], audit: [], findings: missingFiles(opened.value) };
  const authority = await takeAuthority(deps, link, payload, bringing);
  if (!authority.ok) return refuseFile(deps, bytes, courierRefusal(authority.error.code, authority.error.text), actor);
  const crls = await takeCrls(deps, authority.value, payload, bringing);
  if (!crls.ok) return refuseFile(deps, bytes, courierRefusal(crls.error.code, crls.error.text), actor);
  const answers = await takeAnswers(deps, link, payload, bringing);
  const certificates = await takeCertificates(deps, authority.value, payload, { requests: answers.requests, formerCrls: crls.value.former }, bringing);
  if (!certificates.ok) return refuseFile(deps, bytes, courierRefusal('courier-damaged', certificates.error), actor);
  const own = await takeOwnKeys(deps, link, authority.value, certificates.value.brought, bringing);

  const { sent, putBack } = resumeAfter(link.sent, payload.ack, mark.at);
  if (putBack) bringing.findings.push({ code: 'courier-put-back', severity: 'warning', text: `“${plainText(link.peer.name)}” has seen later files than this machine remembers: was it restored from a backup?` });
  if (payload.more) bringing.findings.push({ code: 'courier-more', severity: 'notice', text: 'Not all certificates found room in this file: the rest comes with the next ones.' });
  const after: CourierLink = { ...link, version: link.version + 1, state: 'paired', pairedAt: link.pairedAt ?? mark.at, received: mark, sent, peerGot: payload.ack?.sequence ?? 0, wanted: own.wanted };
  const counts = { issued: answers.issued, refused: answers.refused, revoked: certificates.value.revoked, released: certificates.value.released, certificates: own.certified };
  const committed = await deps.store.commit({
    actor,
    at: mark.at,
    expect: [{ kind: 'version', table: 'courierLink', id: link.id, version: link.version }, ...bringing.expect],
    changes: [{ kind: 'put', table: 'courierLink', value: after }, ...bringing.changes],
    audit: [{ action: 'courier.import', subject: `courier:${link.id}`, outcome: 'ok', code: 'certificates', detail: { sequence: mark.sequence, sha256: mark.sha256, ...counts } }, ...bringing.audit],
  });
  if (!committed.ok) return err(STALE);
  await deps.directory.refresh();
  for (const name of ['authorities.changed', 'certificates.changed', 'requests.changed', 'status.changed'] as const) deps.events.publish(name, name === 'certificates.changed' ? { kind: 'ocsp' } : {});
  return ok({ link: after, sequence: mark.sequence, already, ...counts, undecided: (await openRequests(deps, link.authorityId)).length, crls: crls.value.taken.map(shown), findings: bringing.findings });
}
