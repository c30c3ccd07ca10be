/** The contract's written form of what one page shows in full: a certificate, an authority, a message, the days of the overview. */
import { toPem } from '../core/lib/bytes.ts';
import { toIso } from '../core/lib/instant.ts';
import { describePublicKey } from '../core/pki/algorithms.ts';
import { parseCertificate } from '../core/pki/certificate.ts';
import { describeSignature } from '../core/pki/describeSignature.ts';
import { fingerprintsOf } from '../core/pki/fingerprints.ts';
import { nameToText, namesEqual } from '../core/pki/names.ts';
import type { AuthorityDetail } from '../application/authorityDetail.ts';
import type { CertificateDetail } from '../application/certificates.ts';
import type { Deps } from '../application/deps.ts';
import type { DayCount } from '../application/ports/store.ts';
import type { LoggedTransaction, TransactionDetail } from '../application/transactions.ts';
import { type Shown, presentAuthority, presentCertificate } from './present.ts';

function presentLink(deps: Deps, der: Uint8Array): Shown<'certificates.get'>['chain'][number] {
  const parsed = parseCertificate(der);
  if (!parsed.ok) throw new Error(`a certificate of the chain cannot be read: ${parsed.error}`);
  const { subject, issuer, serialHex, notAfter } = parsed.value;
  return { subject: nameToText(subject), serial: serialHex, notAfter: toIso(notAfter), sha256: fingerprintsOf(deps.crypto, der).sha256, pem: toPem('CERTIFICATE', der), selfSigned: namesEqual(subject, issuer) };
}

export function presentCertificateDetail(deps: Deps, { certificate, parsed, chain, extensions, endpoint, profile, renewedBy, history }: CertificateDetail): Shown<'certificates.get'> {
  return {
    ...presentCertificate(deps, certificate),
    key: describePublicKey(parsed.publicKey),
    signature: describeSignature(parsed.signatureAlgorithm),
    issuer: nameToText(parsed.issuer),
    fingerprints: fingerprintsOf(deps.crypto, certificate.der),
    extensions,
    chain: chain.map((der) => presentLink(deps, der)),
    endpoint,
    profile,
    renewedBy,
    history: history.map((entry) => ({ ...entry, at: toIso(entry.at) })),
  };
}

export function presentAuthorityDetail(deps: Deps, { authority, keyPlace, keyReady, crls, scepKeys }: AuthorityDetail): Shown<'authorities.get'> {
  const current = deps.directory.currentGeneration(authority.id);
  return {
    ...presentAuthority(deps, authority),
    chain: current?.certificate ? [current.certificate, ...current.chain].map((der) => presentLink(deps, der)) : [],
    keyPlace,
    keyReady,
    scepKeys: scepKeys.map(({ identity, own, notBefore, renewsAt }) => ({
      id: identity.id,
      generation: identity.generation,
      active: identity.active,
      own,
      sha256: fingerprintsOf(deps.crypto, identity.certificate).sha256,
      notBefore: toIso(notBefore),
      notAfter: toIso(identity.notAfter),
      renewsAt: renewsAt === null ? null : toIso(renewsAt),
    })),
    crls: crls.map(({ crl, entries, url }) => ({ generation: crl.generation, number: crl.number, thisUpdate: toIso(crl.thisUpdate), nextUpdate: toIso(crl.nextUpdate), entries, url })),
  };
}

export const presentTransaction = (transaction: LoggedTransaction): Shown<'transactions.list'>['items'][number] => ({ ...transaction, at: toIso(transaction.at) });

export const presentTransactionDetail = ({ transaction, explanation }: TransactionDetail): Shown<'transactions.get'> => ({ ...presentTransaction(transaction), explanation });

export const presentDays = (days: readonly DayCount[]): Shown<'status.history'> => ({
  days: days.map(({ from, issued, renewed, revoked }) => ({ date: toIso(from).slice(0, 10), issued, renewed, revoked })),
});
