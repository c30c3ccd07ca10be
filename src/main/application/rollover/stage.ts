/**
 * Stage: the next generation's key and certificate, under the same name, with a serial and a CRL of its own; in split mode its SCEP key too.
 * Nobody is told yet. A root signs itself, an authority under a parent that is here is signed by that, and under an offline root a signing request is made.
 */
import { equalBytes, toBase64, toHex } from '../../core/lib/bytes.ts';
import { type Instant, toIso } from '../../core/lib/instant.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Actor } from '../../core/ca/audit.ts';
import { type Authority, type Generation, type KeyAlgorithm, NOT_NEXT, type ScepIdentity, algorithmOf } from '../../core/ca/authority.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { planAuthority } from '../../core/ca/identity.ts';
import { type IssuerConstraints, constraintsOf } from '../../core/ca/nameRules.ts';
import type { CertificatePlan, PlannedIssuer } from '../../core/ca/plan.ts';
import { type Proposal, propose } from '../../core/ca/rollover.ts';
import { type Certificate, keyIdentifierOf, parseCertificate, verifySignedBy } from '../../core/pki/certificate.ts';
import type { NameConstraints } from '../../core/pki/nameConstraints.ts';
import { nameToText } from '../../core/pki/names.ts';
import { reserving } from '../authorities/establish.ts';
import { type Minted, mint, mintScepKey, publicKeyOf } from '../authorities/mint.ts';
import { refuseKeyMode } from '../authorities/naming.ts';
import { csrName, requestSetting, signRequest } from '../authorities/signingRequest.ts';
import { makeCrl } from '../crls.ts';
import type { Deps, Outcome, Refusal } from '../deps.ts';
import { NO_URLS, type SigningKey, issuedChanges, newId, plannedIssuer, revocationUrls, signIntent } from '../issue.ts';
import type { Certified } from './announce.ts';
import { type RolloverDeps, STALE, type Situation, type StepInput, type Stepped, backUp, beginStep, commitStep, refuseStep, renewalWindowOf, unchanged, withDates } from './steps.ts';

export interface NextWish {
  readonly notBefore?: Instant | undefined;
  readonly activateAt?: Instant | undefined;
  readonly years?: number | undefined;
  readonly key?: KeyAlgorithm | undefined;
}

export interface StageInput extends StepInput, NextWish {}

export interface Staged extends Stepped {
  /** Where the certificate has to come from elsewhere. */
  readonly signingRequest: { readonly name: string; readonly der: Uint8Array; readonly sha256: string } | null;
}

/** Who signs the next certificate: itself, a generation that is here, or somebody elsewhere. */
export type NextIssuer = { readonly kind: 'itself' } | { readonly kind: 'parent'; readonly parent: Authority; readonly generation: Certified } | { readonly kind: 'elsewhere' };

export interface NextPlan {
  readonly key: KeyAlgorithm;
  readonly issuer: NextIssuer;
  readonly dates: Proposal;
  readonly number: number;
}

export function readOwn(generation: Pick<Generation, 'certificate'>): Certificate {
  const parsed = generation.certificate === null ? undefined : parseCertificate(generation.certificate);
  if (parsed?.ok !== true) throw new Error('the certificate of a generation cannot be read');
  return parsed.value;
}

function issuerOf(deps: Deps, authority: Authority, current: Generation): NextIssuer {
  const own = readOwn(current);
  if (equalBytes(own.issuer, own.subject) && verifySignedBy(own, own.spki, deps.crypto)) return { kind: 'itself' };
  const parent = authority.parentId === null ? undefined : deps.directory.authority(authority.parentId);
  const generation = parent === undefined ? undefined : deps.directory.currentGeneration(parent.id);
  return parent !== undefined && generation?.certificate ? { kind: 'parent', parent, generation: { ...generation, certificate: generation.certificate } } : { kind: 'elsewhere' };
}

/** The proposal for an authority as it stands. */
export async function proposeFor(deps: Deps, { authority, standings: { current }, facts: { now } }: Situation): Promise<Proposal | undefined> {
  if (current === undefined) return undefined;
  const { lastEnd } = await deps.store.read.surveyDevices(authority.id, { number: current.number + 1, publishedAt: null }, { limit: 1 }, now);
  return propose({ current, lastDeviceEnd: lastEnd, renewalWindowDays: renewalWindowOf(deps, authority.id), now });
}

const impossible = (message: string): { readonly ok: false; readonly error: Refusal } => err({ code: 'dates-impossible', message, hint: 'Leave the dates out to take those that the status proposes.' });

/** The wish completed by the proposal, or why it cannot be. */
export async function planNext(deps: Deps, situation: Situation, wish: NextWish): Promise<Result<NextPlan, Refusal>> {
  const { authority, standings, history, facts } = situation;
  const { current } = standings;
  const proposal = await proposeFor(deps, situation);
  if (current === undefined || proposal === undefined) throw new Error('a step was begun without a current generation');
  if (constraintsOf(readOwn(current)) === 'unreadable') {
    return err({ code: 'name-constraints', message: 'The name constraints of the current CA certificate cannot be read, so that a next one could not carry them on.', hint: 'Make a new authority beside it, and let its endpoints lead there.' });
  }
  const key = wish.key ?? algorithmOf(current);
  const refused = refuseKeyMode(key, authority.scepKey);
  if (refused !== undefined) return err(refused);
  const issuer = issuerOf(deps, authority, current);
  const dates: Proposal = { ...proposal, notBefore: wish.notBefore ?? proposal.notBefore, activateAt: wish.activateAt ?? proposal.activateAt, years: wish.years ?? proposal.years };
  if (dates.activateAt <= facts.now) return impossible('The activation would lie in the past.');
  if (dates.notBefore > dates.activateAt) return impossible('The next CA certificate would begin only after its activation.');
  if (dates.activateAt > current.notAfter) return impossible(`The activation would come after the end of the current CA certificate (${toIso(current.notAfter)}); nothing could be issued in between.`);
  const number = Math.max(history.highest, ...deps.directory.generations(authority.id).map((g) => g.number)) + 1;
  return ok({ key, issuer, dates, number });
}

/** A CA reaches no further for having a new key. Those that cannot be read were refused by `planNext`. */
export function ownConstraints(current: Pick<Generation, 'certificate'>): NameConstraints | undefined {
  const constraints = constraintsOf(readOwn(current));
  return constraints === 'unreadable' ? undefined : constraints;
}

/** What binds whatever a CA of this plan certifies: its own constraints and those above it. */
export const constraintsOfPlan = ({ subject, nameConstraints, selfSigned, issuer }: CertificatePlan): readonly IssuerConstraints[] => [
  ...(nameConstraints === undefined ? [] : [{ by: nameToText(subject), constraints: nameConstraints }]),
  ...(selfSigned ? [] : issuer.constraints),
];

/** The next certificate as it is meant to be, for this public key. */
export function planCertificate(deps: Deps, { authority, standings: { current }, facts: { now } }: Situation, { issuer, dates, number }: NextPlan, spki: Uint8Array): CertificatePlan {
  if (current === undefined) throw new Error('a step was begun without a current generation');
  const parent = issuer.kind === 'parent' ? issuer : undefined;
  return planAuthority({
    authorityId: authority.id,
    generation: number,
    subject: authority.subject,
    spki,
    publicKey: publicKeyOf(spki),
    subjectKeyId: keyIdentifierOf(spki, deps.crypto),
    years: dates.years,
    scepKey: authority.scepKey,
    parent: parent === undefined ? undefined : plannedIssuer(parent.parent, parent.generation),
    pathLength: readOwn(current).basicConstraints?.pathLength,
    nameConstraints: ownConstraints(current),
    ...(parent === undefined ? NO_URLS : revocationUrls(deps, parent.parent.number, parent.generation.number)),
    notBefore: dates.notBefore,
    now,
  });
}

/**
 * Stages the next generation. Refused: not-found, locked, rollover-not-now, dates-impossible, ec-needs-split, parent-unusable,
 * backup-before-step-failed, stale-version.
 */
export async function stageGeneration(deps: RolloverDeps, input: StageInput, actor: Actor): Outcome<Staged> {
  const begun = await beginStep(deps, 'stage', input.authorityId, actor);
  if (!begun.ok) return begun;
  const { authority } = begun.value;
  const refuse = (refusal: Refusal) => refuseStep(deps, 'stage', authority, refusal, actor);
  const planned = await planNext(deps, begun.value, input);
  if (!planned.ok) return refuse(planned.error);
  const { issuer, dates } = planned.value;
  if (issuer.kind === 'parent') {
    if (!deps.signers.has(issuer.generation.keyId)) return refuse({ code: 'parent-unusable', message: `The key of “${issuer.parent.commonName}”, which signs this authority, is not at hand.` });
    if (issuer.generation.notAfter <= dates.activateAt) return refuse({ code: 'parent-unusable', message: `“${issuer.parent.commonName}”, which signs this authority, ends at ${toIso(issuer.generation.notAfter)}, before the activation.`, hint: 'Roll the authority above over first.' });
  }
  const backed = await backUp(deps, 'stage', input, authority, actor);
  if (!backed.ok) return backed;
  const made = issuer.kind === 'elsewhere' ? await stageRequest(deps, begun.value, planned.value, actor) : await stageSigned(deps, begun.value, planned.value, issuer, actor);
  if (!made.ok) return made;
  return ok({ authority, ...backed.value, findings: [...backed.value.findings, ...made.value.findings], signingRequest: made.value.signingRequest });
}

interface Made {
  readonly findings: readonly Finding[];
  readonly signingRequest: Staged['signingRequest'];
}

async function stageSigned(deps: RolloverDeps, situation: Situation, plan: NextPlan, issuer: Exclude<NextIssuer, { kind: 'elsewhere' }>, actor: Actor): Outcome<Made> {
  const { authority, standings, history } = situation;
  const { current } = standings;
  if (current === undefined) throw new Error('a step was begun without a current generation');
  const now = deps.clock.now();
  const key = await deps.signers.generate('authority', plan.key);
  const signing: SigningKey = issuer.kind === 'parent' ? { keyId: issuer.generation.keyId, algorithm: algorithmOf(issuer.generation), spki: issuer.generation.spki } : { keyId: key.id, algorithm: plan.key, spki: key.spki };
  const ca = mint(deps, planCertificate(deps, situation, plan, key.spki), key, signing.algorithm, now);
  const own: PlannedIssuer = { authorityId: authority.id, generation: plan.number, subject: authority.subject, subjectKeyId: ca.plan.subjectKeyId, notBefore: ca.plan.notBefore, notAfter: ca.plan.notAfter, constraints: constraintsOfPlan(ca.plan) };
  const scep = authority.scepKey === 'split' ? await mintScepKey(deps, authority, own, plan.key, now, plan.dates.activateAt) : undefined;
  const minted = scep === undefined ? [ca] : [ca, scep];
  const detail = { commonName: authority.commonName, key: plan.key, generation: plan.number };
  const done = await reserving(deps, minted, { authorityId: authority.id, detail, expect: [], actor }, async () => {
    const record = await signIntent(deps, ca.prepared.intent, signing);
    const scepRecord = scep === undefined ? undefined : await signIntent(deps, scep.prepared.intent, { keyId: key.id, algorithm: plan.key, spki: key.spki });
    const generation: Certified = {
      authorityId: authority.id,
      number: plan.number,
      state: 'next',
      keyId: key.id,
      spki: key.spki,
      certificate: record.der,
      chain: issuer.kind === 'parent' ? [issuer.generation.certificate, ...issuer.generation.chain] : [],
      subjectKeyId: toHex(ca.plan.subjectKeyId),
      notBefore: ca.plan.notBefore,
      notAfter: ca.plan.notAfter,
      ...NOT_NEXT,
      activateAt: plan.dates.activateAt,
      version: 1,
    };
    const identity: ScepIdentity = { id: newId(deps), authorityId: authority.id, generation: plan.number, keyId: scep?.key.id ?? key.id, certificate: (scepRecord ?? record).der, active: false, notAfter: (scepRecord ?? record).notAfter, version: 1 };
    const crl = await makeCrl(deps, authority, generation, [], 1);
    const signed: readonly (readonly [Minted, typeof record])[] = [[ca, record], ...(scep !== undefined && scepRecord !== undefined ? [[scep, scepRecord] as const] : [])];
    const issued = signed.map(([one, issuedRecord]) => issuedChanges(one.prepared.intent, issuedRecord));
    return commitStep(
      deps,
      {
        authority,
        expect: [unchanged(current), { kind: 'absent', table: 'generation', id: `${authority.id}/${plan.number}` }],
        changes: [
          { kind: 'put', table: 'generation', value: generation },
          { kind: 'put', table: 'scepIdentity', value: identity },
          ...issued.flatMap(({ changes }) => changes),
          { kind: 'put', table: 'crl', value: crl.record },
          withDates(authority.id, history, plan.number, { stagedAt: now }),
        ],
        audit: [
          { action: 'rollover.stage', subject: `authority:${authority.id}/${plan.number}`, outcome: 'ok', code: 'staged', detail: { ...detail, activateAt: toIso(plan.dates.activateAt), notAfter: toIso(generation.notAfter), sha256: record.sha256 } },
          ...issued.map(({ audit }) => audit),
          crl.audit,
        ],
      },
      actor,
    );
  });
  if (!done) return err(STALE);
  const ends = deps.directory.generation(authority.id, plan.number);
  const short: readonly Finding[] =
    ends !== undefined && ends.notAfter <= current.notAfter
      ? [{ code: 'next-ends-first', severity: 'warning', text: `The next CA certificate ends at ${toIso(ends.notAfter)}, no later than the current one: the authority above has to be rolled over first.` }]
      : [];
  return ok({ findings: short, signingRequest: null });
}

async function stageRequest(deps: RolloverDeps, { authority, standings, history }: Situation, plan: NextPlan, actor: Actor): Outcome<Made> {
  const { current } = standings;
  if (current === undefined) throw new Error('a step was begun without a current generation');
  const now = deps.clock.now();
  const key = await deps.signers.generate('authority', plan.key);
  const subjectKeyId = keyIdentifierOf(key.spki, deps.crypto);
  // No certificate, no dates: what is stored for them is never shown.
  const generation: Generation = { authorityId: authority.id, number: plan.number, state: 'awaiting-certificate', keyId: key.id, spki: key.spki, certificate: null, chain: [], subjectKeyId: toHex(subjectKeyId), notBefore: now, notAfter: now, ...NOT_NEXT, activateAt: plan.dates.activateAt, version: 1 };
  const der = await signRequest(deps, authority, generation, subjectKeyId);
  const sha256 = toHex(deps.crypto.digest('sha256', der));
  const done = await commitStep(
    deps,
    {
      authority,
      expect: [unchanged(current), { kind: 'absent', table: 'generation', id: `${authority.id}/${plan.number}` }],
      changes: [
        { kind: 'put', table: 'key', value: key },
        { kind: 'put', table: 'generation', value: generation },
        { kind: 'setting', key: requestSetting(authority.id, plan.number), value: toBase64(der) },
        withDates(authority.id, history, plan.number, { stagedAt: now }),
      ],
      audit: [{ action: 'rollover.stage', subject: `authority:${authority.id}/${plan.number}`, outcome: 'ok', code: 'awaiting-certificate', detail: { commonName: authority.commonName, key: plan.key, generation: plan.number, activateAt: toIso(plan.dates.activateAt), csrSha256: sha256 } }],
    },
    actor,
  );
  return done ? ok({ findings: [], signingRequest: { name: csrName(authority), der, sha256 } }) : err(STALE);
}
