/** Where a certificate would differ from what its CSR asked for. What the CSR does not ask for is the profile's to say, and no difference. */
import type { Csr } from '../pki/csr.ts';
import { describeExtensions } from '../pki/describeExtensions.ts';
import { extendedKeyUsageToText } from '../pki/extensions.ts';
import { type GeneralName, generalNamesEqual, generalNameToText } from '../pki/generalNames.ts';
import { isEmptyName, nameToText, namesEqual } from '../pki/names.ts';
import { OID } from '../pki/oids.ts';
import type { CertificatePlan } from './plan.ts';

export interface Difference {
  readonly field: 'subject' | 'subjectAltNames' | 'keyUsage' | 'extendedKeyUsages' | 'extensions';
  readonly asked: string;
  readonly granted: string;
  /** One sentence. */
  readonly text: string;
}

const list = (items: readonly string[]): string => items.join(', ');

function subjectDifference(csr: Csr, plan: CertificatePlan): readonly Difference[] {
  if (namesEqual(csr.subject, plan.subject)) return [];
  const [asked, granted] = [nameToText(csr.subject), nameToText(plan.subject)];
  return [{ field: 'subject', asked, granted, text: isEmptyName(csr.subject) ? `The profile gives the subject ${granted}; the request has none.` : `The profile writes the subject as ${granted}.` }];
}

/** “Leaves out x. Adds y.” */
function describeChange(asked: readonly string[], granted: readonly string[], isSame: (a: number, g: number) => boolean): string | undefined {
  const left = asked.filter((_, a) => !granted.some((_name, g) => isSame(a, g)));
  const added = granted.filter((_, g) => !asked.some((_name, a) => isSame(a, g)));
  if (left.length === 0 && added.length === 0) return undefined;
  if (left.length === 0) return `The profile adds ${list(added)}.`;
  return added.length === 0 ? `The profile leaves out ${list(left)}.` : `The profile leaves out ${list(left)} and adds ${list(added)}.`;
}

function listDifference(field: Difference['field'], asked: readonly string[], granted: readonly string[], isSame = (a: number, g: number): boolean => asked[a] === granted[g]): readonly Difference[] {
  const text = describeChange(asked, granted, isSame);
  return text === undefined ? [] : [{ field, asked: list(asked), granted: list(granted), text }];
}

function namesDifference(asked: readonly GeneralName[], granted: readonly GeneralName[]): readonly Difference[] {
  const isSame = (a: number, g: number): boolean => {
    const [one, other] = [asked[a], granted[g]];
    return one !== undefined && other !== undefined && generalNamesEqual(one, other);
  };
  return listDifference('subjectAltNames', asked.map(generalNameToText), granted.map(generalNameToText), isSame);
}

/** These have a field of their own above, or are in every certificate whatever is asked. */
const COMPARED: ReadonlySet<string> = new Set([OID.subjectAltName, OID.keyUsage, OID.extKeyUsage, OID.basicConstraints, OID.subjectKeyIdentifier]);

function extensionsDifference(csr: Csr): readonly Difference[] {
  const others = describeExtensions(csr.extensions.filter(({ oid }) => !COMPARED.has(oid))).map(({ oid, name }) => (name === oid ? oid : `${name} (${oid})`));
  return others.length === 0 ? [] : [{ field: 'extensions', asked: list(others), granted: '', text: `The profile leaves out ${list(others)}.` }];
}

/** Field by field, in the order in which a certificate is read. */
export function differencesOf(csr: Csr, plan: CertificatePlan): readonly Difference[] {
  return [
    ...subjectDifference(csr, plan),
    ...namesDifference(csr.subjectAltNames, plan.subjectAltNames),
    ...(csr.keyUsage === undefined ? [] : listDifference('keyUsage', csr.keyUsage, plan.keyUsage)),
    ...(csr.extendedKeyUsages === undefined ? [] : listDifference('extendedKeyUsages', csr.extendedKeyUsages.map(extendedKeyUsageToText), plan.extendedKeyUsages.map(extendedKeyUsageToText))),
    ...extensionsDifference(csr),
  ];
}
