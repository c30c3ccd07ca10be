/**
 * What a CSR may ask for under a profile (SCEP.md F2). Only SANs, KU and EKU are ever taken from it, and only as far as the profile allows;
 * what would make a certificate more powerful than the profile is refused with words, harmless wishes are dropped and told as findings.
 */
import { type Result, err, ok } from '../lib/result.ts';
import { type Csr } from '../pki/csr.ts';
import { type GeneralName, generalNameToText } from '../pki/generalNames.ts';
import { extendedKeyUsageToText, type KeyUsageName } from '../pki/extensions.ts';
import { isEmptyName } from '../pki/names.ts';
import { OID } from '../pki/oids.ts';
import type { Finding } from './enrolment.ts';
import type { CertificateProfile, SanKind } from './profile.ts';

export type CsrProblemCode =
  | 'csr-ca'
  | 'csr-extension'
  | 'csr-sid'
  | 'csr-san'
  | 'csr-extended-key-usage'
  | 'csr-challenge'
  | 'csr-subject';

export interface CsrProblem {
  readonly code: CsrProblemCode;
  readonly text: string;
}

/** What is taken over from a CSR that broke no rule. */
export interface Wishes {
  readonly subjectAltNames: readonly GeneralName[];
  readonly keyUsage: readonly KeyUsageName[] | undefined;
  readonly extendedKeyUsages: readonly string[] | undefined;
  readonly findings: readonly Finding[];
}

const MICROSOFT_SID = '1.3.6.1.4.1.311.25.2';

// A CSR that asks for one of these wants to be more than an end entity, critical or not.
const FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ['2.5.29.30', 'name constraints'],
  ['2.5.29.33', 'policy mappings'],
  ['2.5.29.36', 'policy constraints'],
  ['2.5.29.54', 'inhibitAnyPolicy'],
]);

// Microsoft's template name and id, certificate policies, and what only the CA can say: dropped without harm.
const DROPPED: ReadonlyMap<string, string> = new Map([
  ['2.5.29.14', 'a key identifier'],
  ['2.5.29.35', 'an authority key identifier'],
  ['2.5.29.31', 'CRL distribution points'],
  ['1.3.6.1.5.5.7.1.1', 'authority information access'],
  ['2.5.29.32', 'certificate policies'],
  ['1.3.6.1.4.1.311.20.2', 'a Microsoft template name'],
  ['1.3.6.1.4.1.311.21.7', 'a Microsoft template'],
  ['1.3.6.1.4.1.311.21.10', 'Microsoft application policies'],
  ['2.16.840.1.113730.1.1', 'a Netscape certificate type'],
  ['2.16.840.1.113730.1.13', 'a Netscape comment'],
  ['1.2.840.113549.1.9.15', 'S/MIME capabilities'],
]);

const UNDERSTOOD: ReadonlySet<string> = new Set([OID.subjectAltName, OID.keyUsage, OID.extKeyUsage, OID.basicConstraints]);

const SAN_NAMES: Readonly<Record<SanKind, string>> = { dns: 'DNS', ip: 'IP', email: 'e-mail', uri: 'URI', upn: 'UPN' };

function extensionProblem(csr: Csr): CsrProblem | undefined {
  for (const extension of csr.extensions) {
    if (extension.oid === MICROSOFT_SID) {
      return { code: 'csr-sid', text: 'the request carries a Microsoft security identifier (SID), which would let it act as another account; remove it from the template' };
    }
    const forbidden = FORBIDDEN.get(extension.oid);
    if (forbidden !== undefined) return { code: 'csr-extension', text: `the request asks for ${forbidden}, which only CA certificates have` };
    if (extension.critical && !UNDERSTOOD.has(extension.oid) && !DROPPED.has(extension.oid)) {
      return { code: 'csr-extension', text: `the request asks for the critical extension ${extension.oid}, which this CA does not know` };
    }
    if (csr.unreadable.includes(extension.oid) && UNDERSTOOD.has(extension.oid)) {
      return { code: 'csr-extension', text: `the request's extension ${extension.oid} cannot be read` };
    }
  }
  return undefined;
}

function caProblem(csr: Csr): CsrProblem | undefined {
  if (csr.basicConstraints?.ca === true) return { code: 'csr-ca', text: 'the request asks for a CA certificate (basicConstraints CA:TRUE); devices get none' };
  const power = csr.keyUsage?.find((usage) => usage === 'keyCertSign' || usage === 'cRLSign');
  return power === undefined ? undefined : { code: 'csr-ca', text: `the request asks for the key usage ${power}, which only CA certificates have` };
}

function sanProblem(csr: Csr, profile: CertificateProfile): CsrProblem | undefined {
  const seen = `the profile “${profile.name}” allows ${profile.allowedSans.map((k) => SAN_NAMES[k]).join(', ') || 'none'}`;
  for (const name of csr.subjectAltNames) {
    const text = generalNameToText(name);
    if (!profile.allowedSans.some((kind) => kind === name.kind)) return { code: 'csr-san', text: `the name ${text} is of a kind that is not allowed here: ${seen}` };
    // Intune's SID inside a SAN URI is the same claim as the SID extension (SCEP.md F3).
    if (name.kind === 'uri' && /^tag:microsoft\.com,[^:]*:sid:/i.test(name.value)) {
      return { code: 'csr-sid', text: 'the request carries a Microsoft security identifier (SID) as a URI, which would let it act as another account' };
    }
    if (name.kind === 'dns' && name.value.includes('*')) return { code: 'csr-san', text: `the name ${text} has a wildcard; ask for each name by itself` };
    if (name.kind === 'dns' && !/^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$/.test(name.value)) {
      return { code: 'csr-san', text: `${text} is no host name` };
    }
  }
  return undefined;
}

/** Reads a CSR's wishes under a profile: what will be taken over, or the first rule that it breaks. */
export function readWishes(csr: Csr, profile: CertificateProfile): Result<Wishes, CsrProblem> {
  const problem = caProblem(csr) ?? extensionProblem(csr) ?? sanProblem(csr, profile);
  if (problem !== undefined) return err(problem);
  if (csr.challengeCount > 1) return err({ code: 'csr-challenge', text: 'the request carries more than one challenge password' });
  if (isEmptyName(csr.subject) && csr.subjectAltNames.length === 0 && profile.subjectTemplate === null) {
    return err({ code: 'csr-subject', text: 'the request names nobody: it has neither a subject nor a subject alternative name' });
  }
  const allowed = new Set([...profile.extendedKeyUsages, ...profile.allowedExtendedKeyUsages]);
  const beyond = csr.extendedKeyUsages?.find((oid) => !allowed.has(oid));
  if (beyond !== undefined) {
    return err({ code: 'csr-extended-key-usage', text: `the request asks for the extended key usage ${extendedKeyUsageToText(beyond)}, which the profile “${profile.name}” does not give` });
  }
  const findings: Finding[] = [];
  for (const extension of csr.extensions) {
    const dropped = DROPPED.get(extension.oid) ?? (UNDERSTOOD.has(extension.oid) ? undefined : `the extension ${extension.oid}`);
    if (dropped !== undefined) findings.push({ code: 'extension-dropped', severity: 'info', text: `The request also asks for ${dropped}; the certificate will not have it.` });
  }
  return ok({ subjectAltNames: csr.subjectAltNames, keyUsage: csr.keyUsage, extendedKeyUsages: csr.extendedKeyUsages?.length ? csr.extendedKeyUsages : undefined, findings });
}
