/**
 * A CA that was made elsewhere moves in, key and all: devices that trust it go on trusting it. The key goes from the file into the vault
 * without being a value here. Serials need no care (ours have 126 random bits), CRL numbers and earlier revocations do.
 */
import { equalBytes, toHex } from '../../core/lib/bytes.ts';
import { err } from '../../core/lib/result.ts';
import { type Authority, needsSplit } from '../../core/ca/authority.ts';
import type { Actor } from '../../core/ca/audit.ts';
import type { JudgedCaCertificate } from '../../core/ca/caCertificate.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { readCertificates } from '../../core/pki/certificateFiles.ts';
import { crlNumberAt } from '../crls.ts';
import type { Deps, Outcome, Refusal } from '../deps.ts';
import { type IssuingDeps, newId } from '../issue.ts';
import type { KeyFileProblem } from '../ports/keyFiles.ts';
import type { AdoptedKey } from '../ports/signers.ts';
import { type ArrivedAuthority, STALE, arrivalDetail, arrived, generationFrom, judgeArrival, namesFrom, refuseArrival, scepModeFor, unreadableFiles } from './arrival.ts';
import { type NewAuthority, establishArrived } from './establish.ts';
import { nextNumber, refuseTakenName, refuseWithoutVault } from './naming.ts';

export interface ImportInput {
  /** One PKCS #12, or key, certificate and chain as PEM or DER. */
  readonly files: readonly Uint8Array[];
  /** Of the files, not of the vault. */
  readonly passphrase?: string | undefined;
}

const HINTS: Readonly<Partial<Record<KeyFileProblem['code'], string>>> = {
  'wrong-file-passphrase': 'It is the passphrase that was set when the file was exported, not the vault’s.',
  'file-passphrase-needed': 'Give the passphrase that was set when the file was exported.',
  'file-unreadable': 'Give one PKCS #12 file (.p12, .pfx), or the key and its certificates as PEM.',
  'no-key': 'Export the CA with its private key: as PKCS #12, or the key as PEM beside the certificate.',
  'file-encryption-unsupported': 'openssl pkcs12 -export, or openssl pkcs8 -topk8, write files that can be read.',
};

const EARLIER_REVOCATIONS: Finding = {
  code: 'earlier-revocations-unknown',
  severity: 'warning',
  text: 'Certificates that this CA revoked before it was imported are not on the revocation lists that are published here. Keep publishing the last list of the former product until they have expired.',
};

/** Takes a CA over. Refused: empty, locked, name-taken, already-here, and what the file or its certificates do not give. */
export async function importAuthority(deps: IssuingDeps, input: ImportInput, actor: Actor): Outcome<ArrivedAuthority> {
  const early = refuseWithoutVault(deps);
  if (early !== undefined) return err(early);
  const adopted = await deps.signers.adopt(input.files, input.passphrase);
  const result = adopted.ok ? await takeOver(deps, adopted.value, actor) : err(keyFileRefusal(adopted.error));
  return result.ok ? result : refuseArrival(deps, 'authority.import', 'authority', result.error, actor);
}

export function keyFileRefusal({ code, text }: KeyFileProblem): Refusal {
  const hint = HINTS[code];
  return hint === undefined ? { code, message: text } : { code, message: text, hint };
}

function refuseKnownKey(deps: Deps, spki: Uint8Array): Refusal | undefined {
  const known = deps.directory.authorities().find((a) => deps.directory.generations(a.id).some((g) => equalBytes(g.spki, spki)));
  return known === undefined ? undefined : { code: 'already-here', message: `This key is here already: it is that of “${known.commonName}”.` };
}

async function takeOver(deps: IssuingDeps, { key, certificates }: AdoptedKey, actor: Actor): Outcome<ArrivedAuthority> {
  const offered = readCertificates(certificates);
  if (!offered.ok) return err(unreadableFiles(offered.error));
  const judged = judgeArrival(deps, { spki: key.spki, offered: offered.value, standing: 'existing' });
  if (!judged.ok) return judged;
  const refused = refuseKnownKey(deps, key.spki) ?? refuseTakenName(deps, judged.value.certificate.subject);
  if (refused !== undefined) return err(refused);
  // How far the former product had counted is not in the files.
  return establishExisting(deps, { key, judged: judged.value, crlNumber: crlNumberAt(deps.clock.now()), findings: [EARLIER_REVOCATIONS], bring: () => undefined }, actor);
}

export interface ExistingAuthority {
  readonly key: AdoptedKey['key'];
  readonly judged: JudgedCaCertificate;
  readonly crlNumber: number;
  readonly findings: readonly Finding[];
  /** What comes along with it, once it has its id. */
  readonly bring: (authority: Authority) => NewAuthority['brought'];
}

/** Takes over a CA whose key and certificate were found good. */
export async function establishExisting(deps: IssuingDeps, { key, judged, crlNumber, findings: known, bring }: ExistingAuthority, actor: Actor): Outcome<ArrivedAuthority> {
  const { certificate } = judged;
  const mode = scepModeFor(needsSplit(key.algorithm) ? 'split' : 'combined', judged);
  const findings = [...known, ...mode.findings];
  const now = deps.clock.now();
  const authority: Authority = { id: newId(deps), number: nextNumber(deps), ...namesFrom(certificate), keyAlgorithm: key.algorithm, scepKey: mode.scepKey, parentId: null, createdAt: now, version: 1 };
  await deps.signers.hold(key);
  const brought = bring(authority);
  const established = await establishArrived(
    deps,
    {
      authority,
      generation: generationFrom(deps, { authorityId: authority.id, number: 1, keyId: key.id, version: 1 }, judged),
      keys: [key],
      crlNumber,
      expect: [{ kind: 'absent', table: 'authority', id: authority.id }],
      event: { action: 'authority.import', subject: `authority:${authority.id}`, outcome: 'ok', code: 'imported', detail: arrivalDetail(authority, judged, findings, toHex(deps.crypto.digest('sha256', certificate.der))) },
      ...(brought === undefined ? {} : { brought }),
    },
    actor,
  );
  return established.ok ? arrived(authority, findings) : err(STALE);
}
