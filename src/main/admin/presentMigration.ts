/** Migrations in the contract's written form. */
import { toIso } from '../core/lib/instant.ts';
import { keyAlgorithmOf } from '../core/ca/authority.ts';
import { isSelfIssued } from '../core/pki/chain.ts';
import { commonNameOf, nameToText } from '../core/pki/names.ts';
import { plainText } from '../core/pki/text.ts';
import type { Deps } from '../application/deps.ts';
import type { Decision } from '../application/migration/decide.ts';
import type { Migrated } from '../application/migration/importMigration.ts';
import { type Shown, presentAuthority } from './present.ts';

const MOST_LEFT = 200;

export function presentPreview(decision: Decision): Shown<'migration.preview'> {
  const { kind, recognised, candidates, certificate, plan, refusal, counts, findings, left, digest } = decision;
  return {
    kind,
    recognised,
    ready: plan !== null,
    refusal,
    candidates: candidates.map(({ certificate: c, sha256, key, issued }) => ({ subject: plainText(nameToText(c.subject)), sha256, notBefore: toIso(c.notBefore), notAfter: toIso(c.notAfter), selfSigned: isSelfIssued(c), key, issued })),
    authority:
      certificate === null
        ? null
        : {
            commonName: plainText(commonNameOf(certificate.subject) ?? nameToText(certificate.subject)),
            subject: plainText(nameToText(certificate.subject)),
            sha256: candidates.find((c) => c.certificate.der === certificate.der)?.sha256 ?? plan?.sha256 ?? '',
            key: keyAlgorithmOf(certificate.publicKey) ?? null,
            notBefore: toIso(certificate.notBefore),
            notAfter: toIso(certificate.notAfter),
            selfSigned: isSelfIssued(certificate),
            chain: plan?.judged.above.length ?? 0,
            standing: plan?.here === undefined ? 'new' : 'here',
            authorityId: plan?.here?.authority.id ?? null,
            crlNumber: plan?.crlNumber?.toString() ?? null,
          },
    counts,
    findings,
    left: left.slice(0, MOST_LEFT),
    leftTotal: left.length,
    digest,
  };
}

export const presentMigrated = (deps: Deps, { authority, decision, findings, backup }: Migrated): Shown<'migration.import'> => ({
  authority: presentAuthority(deps, authority),
  counts: decision.counts,
  findings,
  left: decision.left.slice(0, MOST_LEFT),
  leftTotal: decision.left.length,
  backup: backup === null ? null : { name: backup.name, path: backup.path, sha256: backup.sha256 },
});
