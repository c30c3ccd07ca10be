/** An authority's certificate as it comes from outside: judged, turned into a generation, and its refusals put into words. */
import { toHex } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import { type Authority, type Generation, NOT_NEXT, type ScepKeyMode } from '../../core/ca/authority.ts';
import type { Actor, AuditEvent } from '../../core/ca/audit.ts';
import { type CaCertificateProblem, type JudgedCaCertificate, judgeCaCertificate } from '../../core/ca/caCertificate.ts';
import { constraintsAbove } from '../../core/ca/nameRules.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { type Certificate, keyIdentifierOf } from '../../core/pki/certificate.ts';
import { commonNameOf, nameToText, organizationNameOf } from '../../core/pki/names.ts';
import { plainText } from '../../core/pki/text.ts';
import type { Deps, Refusal } from '../deps.ts';
import { siblingProblem } from './mint.ts';

export interface ArrivedAuthority {
  readonly authority: Authority;
  /** What is worth knowing about its certificate and chain, worst first. */
  readonly findings: readonly Finding[];
}

export type CertifiedGeneration = Generation & { readonly certificate: Uint8Array };

const HINTS: Readonly<Partial<Record<CaCertificateProblem['code'], string>>> = {
  'no-certificate': 'Give the certificate as PEM, DER or PKCS #7.',
  'certificate-key-differs': 'Was another request signed? Export the signing request again and compare its fingerprint with what the CA above signed.',
  'not-a-ca': 'Have it signed as a subordinate CA (with OpenSSL: -extensions with basicConstraints=critical,CA:TRUE, or copy_extensions=copy).',
  'ca-usage-missing': 'Have it signed with keyUsage=critical,keyCertSign,cRLSign (and digitalSignature,keyEncipherment, where one key is to do all).',
  'chain-broken': 'Give the certificates of the CAs above it as they are now.',
  'path-length-exceeded': 'Only the CA with that limit can lift it, with a certificate of its own.',
};

/** The certificate for this key among those offered, or the refusal. */
export function judgeArrival(deps: Deps, input: { readonly spki: Uint8Array; readonly offered: readonly Certificate[]; readonly standing: 'new' | 'existing' }): Result<JudgedCaCertificate, Refusal> {
  const judged = judgeCaCertificate({ ...input, now: deps.clock.now() }, deps.crypto);
  if (judged.ok) return withinConstraints(judged.value, input.standing);
  const { code, text } = judged.error;
  const hint = input.standing === 'existing' && code === 'certificate-key-differs' ? 'Give the certificate that belongs to this key.' : HINTS[code];
  return err(hint === undefined ? { code, message: text } : { code, message: text, hint });
}

/** What a CA certifies beside devices, its SCEP key and OCSP signer, must be within the constraints as well. */
function withinConstraints(judged: JudgedCaCertificate, standing: 'new' | 'existing'): Result<JudgedCaCertificate, Refusal> {
  const { certificate, above, servesScep } = judged;
  const outside = siblingProblem(certificate.subject, constraintsAbove([certificate.der, ...above.map(({ der }) => der)]));
  if (outside === undefined) return ok(judged);
  if (standing === 'new' || !servesScep) {
    return err({ code: 'name-constraints', message: `The authority could not work under its name constraints: ${outside}.`, hint: 'Have it signed with constraints that permit the directory name that its own name begins with.' });
  }
  return ok({ ...judged, findings: [...judged.findings, { code: 'name-constraints-own', severity: 'warning', text: `There can be no OCSP signer, and no SCEP key of its own, for this authority: ${outside}.` }] });
}

export const unreadableFiles = (detail: string): Refusal => ({ code: 'certificate-unreadable', message: `The files cannot be read: ${detail}.`, hint: 'Give the certificate and its chain as PEM, DER or PKCS #7.' });

const shown = (name: string | undefined): string | undefined => (name === undefined ? undefined : plainText(name));

/**
 * What an authority takes over from its certificate: byte for byte its subject, for that is the issuer of all it will issue. The names beside it
 * are what people see, so nothing in them hides, reorders or ends a line.
 */
export const namesFrom = ({ subject }: Pick<Certificate, 'subject'>): Pick<Authority, 'subject' | 'commonName' | 'organization'> => ({
  subject,
  commonName: shown(commonNameOf(subject) ?? organizationNameOf(subject)) ?? nameToText(subject),
  organization: shown(organizationNameOf(subject)) ?? null,
});

/** The current generation with this certificate; relying parties look for the key identifier that stands in it, whoever computed it. */
export const generationFrom = (deps: Deps, place: Pick<Generation, 'authorityId' | 'number' | 'keyId' | 'version'>, { certificate, above }: JudgedCaCertificate): CertifiedGeneration => ({
  ...place,
  state: 'current',
  spki: certificate.spki,
  certificate: certificate.der,
  chain: above.map(({ der }) => der),
  subjectKeyId: toHex(certificate.subjectKeyId ?? keyIdentifierOf(certificate.spki, deps.crypto)),
  notBefore: certificate.notBefore,
  notAfter: certificate.notAfter,
  ...NOT_NEXT,
});

/** One key for all only where the certificate says that it may: devices look at its KU before they encrypt to it (SCEP.md A4.2, A4.5). */
export function scepModeFor(wished: ScepKeyMode, judged: JudgedCaCertificate): { readonly scepKey: ScepKeyMode; readonly findings: readonly Finding[] } {
  if (wished === 'split' || judged.servesScep) return { scepKey: wished, findings: judged.findings };
  const text = 'The certificate does not allow its key to open SCEP messages (key usage digitalSignature and keyEncipherment), so the authority gets an RSA key of its own for SCEP beside it.';
  return { scepKey: 'split', findings: [...judged.findings, { code: 'made-split', severity: 'notice', text }] };
}

/** What the audit log keeps of a certificate that arrived. */
export const arrivalDetail = (authority: Authority, { certificate, above, complete }: JudgedCaCertificate, findings: readonly Finding[], sha256: string): AuditEvent['detail'] => ({
  commonName: authority.commonName,
  number: authority.number,
  key: authority.keyAlgorithm,
  scepKey: authority.scepKey,
  sha256,
  serial: certificate.serialHex,
  issuer: nameToText(certificate.issuer),
  chain: above.length,
  complete,
  findings: findings.map(({ code }) => code).join(' '),
});

/** Says no, and leaves that in the audit log. */
export async function refuseArrival(deps: Deps, action: 'authority.install' | 'authority.import', subject: string, refusal: Refusal, actor: Actor): Promise<{ readonly ok: false; readonly error: Refusal }> {
  const noted = await deps.store.commit({ actor, at: deps.clock.now(), expect: [], changes: [], audit: [{ action, subject, outcome: 'refused', code: refusal.code, detail: {} }] });
  if (!noted.ok) throw new Error('a change-set without expectations came back as a conflict');
  return err(refusal);
}

export const STALE: Refusal = { code: 'stale-version', message: 'The authority was changed meanwhile.', hint: 'Look at it again.' };

export const arrived = (authority: Authority, findings: readonly Finding[]): Result<ArrivedAuthority, never> => ok({ authority, findings });
