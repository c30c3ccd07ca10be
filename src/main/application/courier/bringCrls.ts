/** The CRLs that a file brought: signed by the generation that they name, and never older than the one that is served (RFC 5280 5.2.3). */
import { equalBytes } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import { toIso } from '../../core/lib/instant.ts';
import type { CrlRecord } from '../../core/ca/certificateRecord.ts';
import type { CertificatesPayload } from '../../core/ca/courierPayload.ts';
import { parseCrl, verifyCrl } from '../../core/pki/crl.ts';
import type { BringProblem, Bringing, BroughtAuthority } from './bringing.ts';
import type { CourierDeps } from './deps.ts';
import { listedOn } from './wishes.ts';

export interface BroughtCrls {
  readonly taken: readonly CrlRecord[];
  /** What the lists until now say, by generation: serial and whether held only. */
  readonly former: ReadonlyMap<number, ReadonlyMap<string, boolean>>;
}

export async function takeCrls(deps: CourierDeps, { authority, generations, gone }: BroughtAuthority, { crls }: CertificatesPayload, bringing: Bringing): Promise<Result<BroughtCrls, BringProblem>> {
  const taken: CrlRecord[] = [];
  const former = new Map<number, ReadonlyMap<string, boolean>>();
  const damaged = (generation: number): { readonly ok: false; readonly error: BringProblem } => err({ code: 'courier-damaged', text: `the revocation list of generation ${generation} in it does not verify` });
  for (const { generation: number, number: stated, der } of crls) {
    // The last list of one that was withdrawn is checked while it is known here, and served on.
    const generation = generations.get(number) ?? gone.find((one) => one.number === number);
    if (generation === undefined) continue;
    const parsed = parseCrl(der);
    if (former.has(number) || !parsed.ok || !equalBytes(parsed.value.issuer, authority.subject) || !verifyCrl(parsed.value, generation.spki, deps.crypto)) return damaged(number);
    const { thisUpdate, nextUpdate } = parsed.value;
    if (parsed.value.number !== BigInt(stated) || nextUpdate === undefined) return damaged(number);
    const latest = await deps.store.read.latestCrl(authority.id, number);
    if (latest !== undefined && stated < latest.number) return err({ code: 'courier-rollback', text: `the revocation list of generation ${number} in it has the number ${stated}, and number ${latest.number} is served already` });
    // RFC 5280 5.2.3: one number is one list. Another under it comes from a machine that was put back, and could lack what this one revokes.
    if (latest !== undefined && stated === latest.number && !equalBytes(der, latest.der)) return err({ code: 'courier-rollback', text: `the revocation list of generation ${number} in it has the number ${stated}, and another list with that number is served already` });
    former.set(number, listedOn(latest));
    const crl: CrlRecord = { authorityId: authority.id, generation: number, number: stated, thisUpdate, nextUpdate, der };
    taken.push(crl);
    bringing.changes.push({ kind: 'put', table: 'crl', value: crl });
    bringing.audit.push({ action: 'crl.publish', subject: `authority:${authority.id}/${number}`, outcome: 'ok', code: 'brought', detail: { number: stated, entries: parsed.value.revoked.length, nextUpdate: toIso(nextUpdate) } });
  }
  return ok({ taken, former });
}
