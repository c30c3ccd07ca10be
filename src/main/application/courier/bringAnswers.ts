/** What the signer decided over the requests that wait here: devices hear it at their next poll. */
import { toHex } from '../../core/lib/bytes.ts';
import type { CourierLink } from '../../core/ca/courier.ts';
import type { CarriedAnswer, CertificatesPayload } from '../../core/ca/courierPayload.ts';
import type { EnrolmentRequest } from '../../core/ca/enrolment.ts';
import { parseCertificate } from '../../core/pki/certificate.ts';
import { plainText } from '../../core/pki/text.ts';
import type { Bringing } from './bringing.ts';
import type { CourierDeps } from './deps.ts';

export interface BroughtAnswers {
  readonly issued: number;
  readonly refused: number;
  /** Requests of here that certificates in the file belong to. */
  readonly requests: ReadonlyMap<string, EnrolmentRequest>;
}

export async function takeAnswers(deps: CourierDeps, link: CourierLink & { readonly peer: { readonly name: string } }, payload: CertificatesPayload, bringing: Bringing): Promise<BroughtAnswers> {
  const keyOf = new Map(payload.certificates.map(({ id, der }) => [id, spkiSha256Of(deps, der)]));
  const requests = new Map<string, EnrolmentRequest>();
  let [issued, refused] = [0, 0];
  for (const answer of payload.answers) {
    const request = await deps.store.read.request(answer.id);
    if (request === undefined || request.authorityId !== link.authorityId || requests.has(request.id)) continue;
    const matches = answer.certificateId === null || keyOf.get(answer.certificateId) === request.fingerprints.spkiSha256;
    if (!matches) {
      bringing.findings.push({ code: 'courier-answer-differs', severity: 'danger', text: `The answer to the request of ${request.subject} brings a certificate for another key: it was left out.` });
      continue;
    }
    requests.set(request.id, request);
    if (request.state !== 'pending' && request.state !== 'approved') {
      if (answer.certificateId !== null && request.state !== 'issued') bringing.findings.push({ code: 'courier-issued-anyway', severity: 'warning', text: `A certificate for ${request.subject} was issued, though its request was ${request.state} here meanwhile. Revoke it if nobody should have it.` });
      continue;
    }
    bringing.expect.push({ kind: 'version', table: 'request', id: request.id, version: request.version });
    bringing.changes.push({ kind: 'put', table: 'request', value: answered(request, answer, link.peer.name) });
    if (answer.certificateId === null) {
      refused += 1;
      bringing.audit.push({ action: 'request.refuse', subject: `request:${request.id}`, outcome: 'ok', code: 'refused', detail: { reason: plainText(answer.reason ?? '', 500), csrSha256: request.fingerprints.sha256, by: plainText(answer.decidedBy), courier: link.id } });
    } else {
      issued += 1;
      bringing.audit.push({ action: 'request.approve', subject: `request:${request.id}`, outcome: 'ok', code: 'approved', detail: { subject: request.subject, csrSha256: request.fingerprints.sha256, spkiSha256: request.fingerprints.spkiSha256, by: plainText(answer.decidedBy), courier: link.id } });
    }
  }
  return { issued, refused, requests };
}

function spkiSha256Of(deps: CourierDeps, der: Uint8Array): string | undefined {
  const parsed = parseCertificate(der);
  return parsed.ok ? toHex(deps.crypto.digest('sha256', parsed.value.spki)) : undefined;
}

function answered(request: EnrolmentRequest, { certificateId, reason, decidedAt, decidedBy }: CarriedAnswer, signer: string): EnrolmentRequest {
  const decided: EnrolmentRequest = { ...request, version: request.version + 1, decidedAt, decidedBy: `${plainText(decidedBy)} on ${plainText(signer)}` };
  return certificateId === null
    ? { ...decided, state: 'refused', refusal: { code: 'refused-by-admin', reason: plainText(reason ?? 'refused by the administrator', 500) } }
    : { ...decided, state: 'issued', certificateId };
}
