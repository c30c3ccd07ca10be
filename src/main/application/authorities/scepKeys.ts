/**
 * The SCEP key beside a CA's own: made from combined mode and given up again, renewed by itself before it ends, forgotten long after.
 * Whatever is given out next, the former key still opens what devices enveloped to it, and signs the answer: they know no other yet.
 */
import { equalBytes } from '../../core/lib/bytes.ts';
import { type Instant, toIso } from '../../core/lib/instant.ts';
import { err, ok } from '../../core/lib/result.ts';
import { type Authority, type Generation, type ScepIdentity, algorithmOf, needsSplit } from '../../core/ca/authority.ts';
import type { Actor, AuditEvent } from '../../core/ca/audit.ts';
import { constraintsAbove } from '../../core/ca/nameRules.ts';
import { isForgotten, scepRenewalDue } from '../../core/ca/scepKey.ts';
import { parseCertificate } from '../../core/pki/certificate.ts';
import type { Deps, Outcome, Refusal } from '../deps.ts';
import { type IssuingDeps, issuedChanges, newId, plannedIssuer, signIntent } from '../issue.ts';
import { listenerOf, signerOf } from '../pairings.ts';
import type { Change, Expectation } from '../ports/store.ts';
import { reserving } from './establish.ts';
import { mintScepKey, siblingProblem } from './mint.ts';
import { refuseWithoutVault } from './naming.ts';
import { AWAITS_CERTIFICATE } from './signingRequest.ts';

export interface ModeInput {
  readonly id: string;
  /** The one that was shown. */
  readonly version: number;
}

interface Place {
  readonly authority: Authority;
  readonly generation: Generation & { readonly certificate: Uint8Array };
  readonly active: ScepIdentity;
}

const STALE: Refusal = { code: 'stale-version', message: 'The authority was changed meanwhile.', hint: 'Look at it again.' };

function placeOf(deps: Deps, id: string): Place | Refusal {
  const authority = deps.directory.authority(id);
  if (authority === undefined) return { code: 'not-found', message: 'There is no such authority.' };
  const generation = deps.directory.currentGeneration(id);
  const active = deps.directory.activeScepIdentity(id);
  if (!generation?.certificate || active === undefined) return AWAITS_CERTIFICATE;
  return { authority, generation: { ...generation, certificate: generation.certificate }, active };
}

const isRefusal = (place: Place | Refusal): place is Refusal => 'code' in place;

/** A staged successor has SCEP keys of the mode that was chosen when it was staged. */
const refuseDuringRollover = (deps: Deps, { authority }: Place): Refusal | undefined =>
  deps.directory.generations(authority.id).some(({ state }) => state === 'next')
    ? { code: 'wrong-state', message: 'A rollover of this authority is under way, and its successor was staged with the SCEP keys of today.', hint: 'Finish the rollover, or withdraw it, then change the mode.' }
    : undefined;

/** A listener's SCEP key is its own, and the courier brings its successors. */
function refuseOnListener(deps: Deps, { authority }: Place): Refusal | undefined {
  const signer = signerOf(deps, authority.id);
  return signer === undefined ? undefined : { code: 'courier-decides', message: `The SCEP key that devices talk to is this machine’s own, and “${signer}” certifies it: it is never joined with the CA key there.`, hint: 'It is renewed by itself, well before its end: run the courier.' };
}

const refuseWithoutKey = (deps: IssuingDeps, { generation }: Place): Refusal | undefined =>
  deps.signers.has(generation.keyId) ? undefined : { code: 'locked', message: 'The key of this authority is not at hand, and it must certify the SCEP key.', hint: 'Unlock the vault, or do it on the machine that has the CA key.' };

/** From combined to split. Refused: not-found, courier-decides, awaiting-certificate, stale-version, wrong-state, empty, locked, name-constraints. */
export async function splitScepKey(deps: IssuingDeps, input: ModeInput, actor: Actor): Outcome<Authority> {
  const place = placeOf(deps, input.id);
  if (isRefusal(place)) return err(place);
  const { authority } = place;
  if (authority.version !== input.version) return err(STALE);
  const onListener = refuseOnListener(deps, place);
  if (onListener !== undefined) return err(onListener);
  if (authority.scepKey === 'split') return err({ code: 'wrong-state', message: 'This authority has a SCEP key of its own already.', hint: 'To get a new one, renew it.' });
  const refused = refuseDuringRollover(deps, place) ?? refuseWithoutVault(deps) ?? refuseWithoutKey(deps, place);
  if (refused !== undefined) return err(refused);
  const after: Authority = { ...authority, scepKey: 'split', version: authority.version + 1 };
  return giveOutNewKey(deps, place, after, { action: 'authority.split', code: 'split' }, actor);
}

/** By hand; by itself `keepScepKeys` does the same in time. Refused: as splitting, wrong-state in combined mode. */
export async function renewScepKey(deps: IssuingDeps, input: { readonly id: string; readonly version?: number | undefined }, actor: Actor): Outcome<Authority> {
  const place = placeOf(deps, input.id);
  if (isRefusal(place)) return err(place);
  const { authority } = place;
  if (input.version !== undefined && authority.version !== input.version) return err(STALE);
  const onListener = refuseOnListener(deps, place);
  if (onListener !== undefined) return err(onListener);
  if (authority.scepKey === 'combined') {
    return err({ code: 'wrong-state', message: 'This authority’s own key opens SCEP messages, and its certificate ends with the authority.', hint: 'Split the keys to get a SCEP key that can be renewed, or roll the authority over.' });
  }
  const refused = refuseWithoutVault(deps) ?? refuseWithoutKey(deps, place);
  return refused === undefined ? giveOutNewKey(deps, place, authority, { action: 'authority.renewScepKey', code: 'renewed' }, actor) : err(refused);
}

/** A key, its certificate by the current generation, and in one commit the change of hands. */
async function giveOutNewKey(deps: IssuingDeps, { authority, generation, active }: Place, after: Authority, told: Pick<AuditEvent, 'action' | 'code'>, actor: Actor): Outcome<Authority> {
  const outside = siblingProblem(authority.subject, constraintsAbove([generation.certificate, ...generation.chain]));
  if (outside !== undefined) return err({ code: 'name-constraints', message: `This authority cannot certify a SCEP key of its own: ${outside}.` });
  const minted = await mintScepKey(deps, authority, plannedIssuer(authority, generation), algorithmOf(generation), deps.clock.now());
  const detail = { commonName: authority.commonName, purpose: 'scep', key: 'rsa-2048' };
  return reserving(deps, [minted], { authorityId: authority.id, detail, expect: [], actor }, async () => {
    const record = await signIntent(deps, minted.prepared.intent, { keyId: generation.keyId, algorithm: algorithmOf(generation), spki: generation.spki });
    const issued = issuedChanges(minted.prepared.intent, record);
    const identity: ScepIdentity = { id: newId(deps), authorityId: authority.id, generation: generation.number, keyId: minted.key.id, certificate: record.der, active: true, notAfter: record.notAfter, version: 1 };
    const committed = await changeHands(deps, { authority, after, from: active, to: identity, expect: [{ kind: 'absent', table: 'scepIdentity', id: identity.id }] }, { ...told, detail: { ...detail, notAfter: toIso(identity.notAfter), former: toIso(active.notAfter) } }, issued, actor);
    if (committed) return ok(after);
    // Somebody else changed hands first: the new certificate is nobody's, and its key goes.
    await deps.store.commit({
      actor,
      at: deps.clock.now(),
      expect: [],
      changes: [{ kind: 'remove', table: 'intent', id: minted.prepared.intent.id }, { kind: 'remove', table: 'key', id: minted.key.id }],
      audit: [{ action: 'certificate.issue', subject: `certificate:${record.serial}`, outcome: 'failed', code: 'abandoned', detail: { reason: 'the authority was changed meanwhile', serial: record.serial } }],
    });
    return err(STALE);
  });
}

/** Devices would take a CA certificate that says it opens envelopes for the recipient's, and the listener could not open theirs (SCEP.md A4.5). */
function refuseWhilePaired(deps: Deps, { authority }: Place): Refusal | undefined {
  const listener = listenerOf(deps, authority.id);
  return listener === undefined ? undefined : { code: 'courier-needs-split', message: `Devices talk to “${listener}”, which has a SCEP key of its own and never the CA key.`, hint: 'Keep the SCEP key beside it, or end the pairing first.' };
}

/** From split to combined. Refused: not-found, courier-decides, courier-needs-split, awaiting-certificate, stale-version, wrong-state, ec-needs-split, ca-usage-missing. */
export async function combineScepKey(deps: IssuingDeps, input: ModeInput, actor: Actor): Outcome<Authority> {
  const place = placeOf(deps, input.id);
  if (isRefusal(place)) return err(place);
  const { authority, generation, active } = place;
  if (authority.version !== input.version) return err(STALE);
  const paired = refuseOnListener(deps, place) ?? refuseWhilePaired(deps, place);
  if (paired !== undefined) return err(paired);
  if (authority.scepKey === 'combined') return err({ code: 'wrong-state', message: 'This authority’s own key opens SCEP messages already.' });
  if (needsSplit(algorithmOf(generation))) return err({ code: 'ec-needs-split', message: 'An EC key can sign but not open SCEP envelopes.', hint: 'Keep the RSA key beside it.' });
  const usages = parseCertificate(generation.certificate);
  const lacking = (['digitalSignature', 'keyEncipherment'] as const).filter((usage) => !usages.ok || usages.value.keyUsage?.includes(usage) !== true);
  if (lacking.length > 0) {
    return err({
      code: 'ca-usage-missing',
      message: `The authority’s certificate does not let its key open SCEP messages: its key usage lacks ${lacking.join(' and ')}, and devices look there before they encrypt.`,
      hint: 'Keep the SCEP key beside it, or roll the authority over to a combined certificate.',
    });
  }
  const refused = refuseDuringRollover(deps, place);
  if (refused !== undefined) return err(refused);
  const former = deps.directory.scepIdentities(authority.id).find((s) => s.keyId === generation.keyId && equalBytes(s.certificate, generation.certificate));
  const own: ScepIdentity =
    former === undefined
      ? { id: newId(deps), authorityId: authority.id, generation: generation.number, keyId: generation.keyId, certificate: generation.certificate, active: true, notAfter: generation.notAfter, version: 1 }
      : { ...former, active: true, version: former.version + 1 };
  const after: Authority = { ...authority, scepKey: 'combined', version: authority.version + 1 };
  const expect: Expectation = former === undefined ? { kind: 'absent', table: 'scepIdentity', id: own.id } : unchanged('scepIdentity', former);
  const done = await changeHands(deps, { authority, after, from: active, to: own, expect: [expect] }, { action: 'authority.combine', code: 'combined', detail: { commonName: authority.commonName, former: toIso(active.notAfter) } }, { changes: [], audit: undefined }, actor);
  return done ? ok(after) : err(STALE);
}

const unchanged = (table: 'authority' | 'scepIdentity', { id, version }: { readonly id: string; readonly version: number }): Expectation => ({ kind: 'version', table, id, version });

interface Handover {
  readonly authority: Authority;
  readonly after: Authority;
  readonly from: ScepIdentity;
  readonly to: ScepIdentity;
  readonly expect: readonly Expectation[];
}

/** One commit; false where something changed meanwhile. */
async function changeHands(deps: Deps, { authority, after, from, to, expect }: Handover, event: Omit<AuditEvent, 'subject' | 'outcome'>, issued: { readonly changes: readonly Change[]; readonly audit: AuditEvent | undefined }, actor: Actor): Promise<boolean> {
  const committed = await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [unchanged('authority', authority), unchanged('scepIdentity', from), ...expect],
    changes: [
      ...(after === authority ? [] : [{ kind: 'put', table: 'authority', value: after } as const]),
      { kind: 'put', table: 'scepIdentity', value: { ...from, active: false, version: from.version + 1 } },
      { kind: 'put', table: 'scepIdentity', value: to },
      ...issued.changes,
    ],
    audit: [{ ...event, subject: `authority:${authority.id}`, outcome: 'ok' }, ...(issued.audit === undefined ? [] : [issued.audit])],
  });
  if (!committed.ok) return false;
  await deps.directory.refresh();
  deps.events.publish('authorities.changed', { id: authority.id });
  deps.events.publish('status.changed');
  return true;
}

const KEEPER: Actor = { kind: 'system', name: 'scep-keys' };

/** Renews every SCEP key that is due and whose CA key is at hand, and forgets those whose end is long past. */
export async function keepScepKeys(deps: IssuingDeps): Promise<void> {
  for (const authority of deps.directory.authorities()) {
    const now = deps.clock.now();
    await forgetOld(deps, authority, now);
    const place = placeOf(deps, authority.id);
    if (authority.scepKey === 'combined' || isRefusal(place) || deps.vault.state() !== 'open' || !deps.signers.has(place.generation.keyId)) continue;
    const life = lifeOf(place.active);
    if (life === undefined || !scepRenewalDue(life, place.generation, now)) continue;
    const renewed = await renewScepKey(deps, { id: authority.id }, KEEPER);
    deps.log(renewed.ok ? 'info' : 'warn', renewed.ok ? 'scep-key.renewed' : 'scep-key.not-renewed', { authority: authority.id, ...(renewed.ok ? {} : { code: renewed.error.code }) });
  }
}

/** When a SCEP certificate begins and ends; undefined where it cannot be read. */
export function lifeOf({ certificate, notAfter }: ScepIdentity): { readonly notBefore: Instant; readonly notAfter: Instant } | undefined {
  const parsed = parseCertificate(certificate);
  return parsed.ok ? { notBefore: parsed.value.notBefore, notAfter } : undefined;
}

async function forgetOld(deps: Deps, authority: Authority, now: Instant): Promise<void> {
  const caKeys = new Set(deps.directory.generations(authority.id).map(({ keyId }) => keyId));
  for (const identity of deps.directory.scepIdentities(authority.id).filter((s) => isForgotten(s, now))) {
    const committed = await deps.store.commit({
      actor: KEEPER,
      at: now,
      expect: [unchanged('scepIdentity', identity)],
      changes: [{ kind: 'remove', table: 'scepIdentity', id: identity.id }, ...(caKeys.has(identity.keyId) ? [] : [{ kind: 'remove', table: 'key', id: identity.keyId } as const])],
      audit: [{ action: 'authority.forgetScepKey', subject: `authority:${authority.id}`, outcome: 'ok', code: 'forgotten', detail: { commonName: authority.commonName, notAfter: toIso(identity.notAfter) } }],
    });
    if (committed.ok) await deps.directory.refresh();
  }
}
