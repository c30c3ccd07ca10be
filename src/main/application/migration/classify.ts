/** Every certificate of the files against the CA that comes in: its own, another's, one that is here already, one whose signature is not the CA's. */
import { equalBytes, toHex } from '../../core/lib/bytes.ts';
import type { Instant } from '../../core/lib/instant.ts';
import type { CertificateRecord, RevokedSerial } from '../../core/ca/certificateRecord.ts';
import type { LeftOut, Revocation } from '../../core/ca/migration/material.ts';
import { type MergedRecords, stricter } from '../../core/ca/migration/revocations.ts';
import { type Certificate, parseCertificate, verifySignedBy } from '../../core/pki/certificate.ts';
import { generalNameToText } from '../../core/pki/generalNames.ts';
import { nameToText, namesEqual } from '../../core/pki/names.ts';
import { plainText } from '../../core/pki/text.ts';
import type { Deps } from '../deps.ts';
import { issuerHashOf } from '../issue.ts';
import type { SortedCertificate } from './candidates.ts';

/** A certificate of the CA, as its row will be, and its row as it is where there is one. */
export interface PlannedCertificate {
  readonly facts: Pick<CertificateRecord, 'serial' | 'issuerHash' | 'subject' | 'subjectAltNames' | 'der' | 'sha256' | 'spkiSha256' | 'notBefore' | 'notAfter'>;
  readonly revocation: Revocation | null;
  /** A CA below: it comes along to be revocable, and renews nothing. */
  readonly isCa: boolean;
  readonly here: CertificateRecord | undefined;
  /** Its revocation as an earlier import knew it, by its serial only: the row goes when the certificate comes. */
  readonly replaces: RevokedSerial | undefined;
}

export interface Classified {
  readonly planned: readonly PlannedCertificate[];
  readonly foreign: number;
  readonly left: readonly LeftOut[];
  /** Names of the issuers of foreign ones, with how many each has. */
  readonly foreignIssuers: ReadonlyMap<string, number>;
}

/** Read from the store at a time; between two slices devices are answered. */
const SLICE = 200;

export interface ClassifyInput {
  readonly ca: Certificate;
  readonly certificates: readonly SortedCertificate[];
  /** Of the chain above, and other CAs of the files: neither ours nor foreign. */
  readonly passedOver: ReadonlySet<string>;
  readonly records: MergedRecords;
}

export async function classify(deps: Deps, { ca, certificates, passedOver, records }: ClassifyInput): Promise<Classified> {
  const planned: PlannedCertificate[] = [];
  const left: LeftOut[] = [];
  const foreignIssuers = new Map<string, number>();
  const serials = new Map<string, string>();
  let foreign = 0;

  const judge = (sorted: SortedCertificate): Omit<PlannedCertificate, 'here' | 'replaces'> | undefined => {
    const { file, line, der, sha256 } = sorted;
    const parsed = parseCertificate(der);
    if (!parsed.ok) throw new Error(`a certificate that was read before cannot be read: ${parsed.error}`);
    const certificate = parsed.value;
    const about = `“${plainText(nameToText(certificate.subject))}” (serial ${certificate.serialHex})`;
    if (equalBytes(certificate.spki, ca.spki)) return undefined;
    if (!namesEqual(certificate.issuer, ca.subject)) {
      if (passedOver.has(sha256)) return undefined;
      foreign += 1;
      const issuer = plainText(nameToText(certificate.issuer));
      foreignIssuers.set(issuer, (foreignIssuers.get(issuer) ?? 0) + 1);
      left.push({ code: 'foreign-issuer', file, line, text: `${about} was issued by “${issuer}”.` });
      return undefined;
    }
    if (!verifySignedBy(certificate, ca.spki, deps.crypto)) {
      foreign += 1;
      left.push({ code: 'signature-wrong', file, line, text: `${about} bears the CA’s name, and its signature is not of the CA’s key.` });
      return undefined;
    }
    const issuerHash = issuerHashOf(deps, certificate.issuer);
    const key = `${issuerHash} ${certificate.serialHex}`;
    if (serials.has(key)) {
      left.push({ code: 'serial-conflict', file, line, text: `${about} has the serial of another certificate of the same CA (${serials.get(key) ?? ''}), which is taken.` });
      return undefined;
    }
    serials.set(key, file);
    return {
      facts: {
        serial: certificate.serialHex,
        issuerHash,
        subject: nameToText(certificate.subject),
        subjectAltNames: (certificate.subjectAltNames ?? []).map(generalNameToText),
        der,
        sha256,
        spkiSha256: toHex(deps.crypto.digest('sha256', certificate.spki)),
        notBefore: certificate.notBefore,
        notAfter: certificate.notAfter,
      },
      revocation: records.bySerial.get(certificate.serialHex)?.revocation ?? null,
      isCa: certificate.basicConstraints?.ca === true,
    };
  };

  for (let from = 0; from < certificates.length; from += SLICE) {
    const slice = certificates.slice(from, from + SLICE);
    const judged = slice.flatMap((sorted) => {
      const ours = judge(sorted);
      return ours === undefined ? [] : [{ ...ours, place: sorted }];
    });
    const rows = await Promise.all(judged.map(({ facts }) => Promise.all([deps.store.read.certificateBySerial(facts.issuerHash, facts.serial), deps.store.read.revokedSerial(facts.issuerHash, facts.serial)])));
    // What lets the event loop turn, where a slice has nothing to look up.
    if (judged.length === 0) await deps.store.read.auditHead();
    for (const [i, { place, ...ours }] of judged.entries()) {
      const [here, replaces] = rows[i] ?? [];
      if (here !== undefined && here.sha256 !== ours.facts.sha256) left.push({ code: 'serial-conflict', file: place.file, line: place.line, text: `Serial ${ours.facts.serial} is here already, with another certificate.` });
      else planned.push({ ...ours, revocation: stricter(ours.revocation, replaces ?? null), here, replaces });
    }
  }
  return { planned, foreign, left, foreignIssuers };
}

/** As lists show it. */
export const shownState = ({ facts, revocation }: Pick<PlannedCertificate, 'facts' | 'revocation'>, now: Instant): 'valid' | 'held' | 'revoked' | 'expired' => revocation?.state ?? (facts.notAfter <= now ? 'expired' : 'valid');
