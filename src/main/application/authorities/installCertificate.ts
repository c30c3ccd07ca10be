/**
 * The certificate that an offline CA signed comes back: the authority takes it, gets its SCEP key, first CRL and endpoint, and starts to work.
 * A chain without its root is taken: many roots never leave their safe, and devices trust what they were given, not what a CA sends along.
 * What is missing is told, and may be brought later.
 */
import { equalBytes, toHex } from '../../core/lib/bytes.ts';
import { err } from '../../core/lib/result.ts';
import type { Authority, Generation } from '../../core/ca/authority.ts';
import type { Actor } from '../../core/ca/audit.ts';
import type { JudgedCaCertificate } from '../../core/ca/caCertificate.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { readCertificateFiles } from '../../core/pki/certificateFiles.ts';
import { nameToText, namesEqual } from '../../core/pki/names.ts';
import type { Deps, Outcome, Refusal } from '../deps.ts';
import type { IssuingDeps } from '../issue.ts';
import { type ArrivedAuthority, STALE, arrivalDetail, arrived, generationFrom, judgeArrival, namesFrom, refuseArrival, scepModeFor, unreadableFiles } from './arrival.ts';
import { establishArrived } from './establish.ts';
import { installNext } from '../rollover/installNext.ts';
import { refuseTakenName } from './naming.ts';

export interface InstallInput {
  readonly id: string;
  /** PEM, DER or PKCS #7, in any order. */
  readonly files: readonly Uint8Array[];
}

const NOT_FOUND: Refusal = { code: 'not-found', message: 'There is no such authority.' };
const ALREADY: Refusal = { code: 'already-installed', message: 'This authority has its certificate already, and the files hold no more of its chain.', hint: 'To complete a chain, give the same certificate with the CAs above it.' };

/** Installs a certificate, or completes the chain of the one that is there. Refused: not-found, locked, and what judgeCaCertificate refuses. */
export async function installCertificate(deps: IssuingDeps, input: InstallInput, actor: Actor): Outcome<ArrivedAuthority> {
  const authority = deps.directory.authority(input.id);
  if (authority === undefined) return err(NOT_FOUND);
  const generations = deps.directory.generations(authority.id);
  const awaiting = generations.find((g) => g.state === 'awaiting-certificate');
  const current = deps.directory.currentGeneration(authority.id);
  if (awaiting === undefined && current === undefined) return err(NOT_FOUND);
  const refuse = (refusal: Refusal) => refuseArrival(deps, 'authority.install', `authority:${authority.id}`, refusal, actor);

  const offered = readCertificateFiles(input.files);
  if (!offered.ok) return refuse(unreadableFiles(offered.error));
  // More of a chain may be for the next generation: the one whose certificate is in the files.
  const known = generations.find((g) => g.state === 'next' && offered.value.some(({ der }) => g.certificate !== null && equalBytes(der, g.certificate))) ?? current;
  const generation = awaiting ?? known;
  if (generation === undefined) return err(NOT_FOUND);
  const judged = judgeArrival(deps, { spki: generation.spki, offered: offered.value, standing: awaiting === undefined ? 'existing' : 'new' });
  if (!judged.ok) return refuse(judged.error);
  if (awaiting === undefined) return lengthenChain(deps, authority, generation, judged.value, actor);
  if (!deps.signers.has(awaiting.keyId)) return refuse({ code: 'locked', message: 'The key of this authority is not at hand.', hint: 'Unlock the vault.' });
  if (awaiting.number > 1) {
    const staged = await installNext(deps, authority, awaiting, judged.value, actor);
    return staged.ok ? arrived(authority, staged.value) : staged;
  }
  return install(deps, authority, awaiting, judged.value, actor);
}

async function install(deps: IssuingDeps, before: Authority, awaiting: Generation, judged: JudgedCaCertificate, actor: Actor): Outcome<ArrivedAuthority> {
  const taken = refuseTakenName(deps, judged.certificate.subject, before);
  if (taken !== undefined) return refuseArrival(deps, 'authority.install', `authority:${before.id}`, taken, actor);
  const mode = scepModeFor(before.scepKey, judged);
  const authority: Authority = { ...before, ...namesFrom(judged.certificate), scepKey: mode.scepKey, version: before.version + 1 };
  const findings = [...mode.findings, ...renamed(before, judged)];
  const established = await establishArrived(
    deps,
    {
      authority,
      generation: generationFrom(deps, { authorityId: before.id, number: awaiting.number, keyId: awaiting.keyId, version: awaiting.version + 1 }, judged),
      keys: [],
      crlNumber: 1,
      expect: [
        { kind: 'version', table: 'authority', id: before.id, version: before.version },
        { kind: 'version', table: 'generation', id: `${before.id}/${awaiting.number}`, version: awaiting.version },
      ],
      event: { action: 'authority.install', subject: `authority:${before.id}`, outcome: 'ok', code: 'installed', detail: arrivalDetail(authority, judged, findings, sha256Of(deps, judged)) },
    },
    actor,
  );
  return established.ok ? arrived(authority, findings) : err(STALE);
}

const sha256Of = (deps: Deps, { certificate }: JudgedCaCertificate): string => toHex(deps.crypto.digest('sha256', certificate.der));

/** A CA may give another name than the request asked for; it is the one that counts from then on. */
function renamed(before: Authority, { certificate }: JudgedCaCertificate): readonly Finding[] {
  if (namesEqual(before.subject, certificate.subject)) return [];
  return [{ code: 'subject-changed', severity: 'notice', text: `The CA above gave the name “${nameToText(certificate.subject)}” instead of “${nameToText(before.subject)}”; the authority bears it from now on.` }];
}

/** The same certificate with more above it. Another certificate for the same key would be a new generation's matter. */
async function lengthenChain(deps: IssuingDeps, authority: Authority, current: Generation, judged: JudgedCaCertificate, actor: Actor): Outcome<ArrivedAuthority> {
  const same = current.certificate !== null && equalBytes(current.certificate, judged.certificate.der);
  if (!same || judged.above.length <= current.chain.length) return refuseArrival(deps, 'authority.install', `authority:${authority.id}`, ALREADY, actor);
  const committed = await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [{ kind: 'version', table: 'generation', id: `${authority.id}/${current.number}`, version: current.version }],
    changes: [{ kind: 'put', table: 'generation', value: { ...current, chain: judged.above.map(({ der }) => der), version: current.version + 1 } }],
    audit: [{ action: 'authority.install', subject: `authority:${authority.id}`, outcome: 'ok', code: 'chain-completed', detail: arrivalDetail(authority, judged, judged.findings, sha256Of(deps, judged)) }],
  });
  if (!committed.ok) return err(STALE);
  await deps.directory.refresh();
  deps.events.publish('authorities.changed', { id: authority.id });
  deps.events.publish('status.changed');
  return arrived(authority, judged.findings);
}
