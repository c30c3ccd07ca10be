/** How far a CA reaches, as an admin writes it down: the path length and the name constraints of its certificate. */
import { type Result, err, ok } from '../../core/lib/result.ts';
import { issuersProblem } from '../../core/ca/caCertificate.ts';
import { readCertificates } from '../../core/pki/certificateFiles.ts';
import { type NameConstraints, type NameTree, nameTreeToText, parseNameTreeText } from '../../core/pki/nameConstraints.ts';
import type { Refusal } from '../deps.ts';

export interface LimitsInput {
  /** Null: none. Left out: what is usual for its place. */
  readonly pathLength?: number | null | undefined;
  readonly nameConstraints?: { readonly permitted: readonly string[]; readonly excluded: readonly string[] } | undefined;
}

export interface Limits {
  readonly pathLength: number | undefined;
  readonly nameConstraints: NameConstraints | undefined;
}

/** Reads what was typed. Refused: invalid-input, naming the entry. */
export function readLimits({ pathLength, nameConstraints }: LimitsInput, usualPathLength: number | undefined): Result<Limits, Refusal> {
  const permitted = readTrees('permitted', nameConstraints?.permitted ?? []);
  if (!permitted.ok) return permitted;
  const excluded = readTrees('excluded', nameConstraints?.excluded ?? []);
  if (!excluded.ok) return excluded;
  const none = permitted.value.length + excluded.value.length === 0;
  return ok({
    pathLength: pathLength === undefined ? usualPathLength : (pathLength ?? undefined),
    nameConstraints: none ? undefined : { permitted: permitted.value, excluded: excluded.value },
  });
}

function readTrees(list: 'permitted' | 'excluded', texts: readonly string[]): Result<readonly NameTree[], Refusal> {
  const trees: NameTree[] = [];
  for (const [i, text] of texts.entries()) {
    const tree = parseNameTreeText(text);
    if (!tree.ok) return err({ code: 'invalid-input', message: `nameConstraints.${list}.${i}: ${tree.error}.`, hint: 'For example DNS:office.lan, IP:192.0.2.0/24, email:office.lan, URI:.office.lan, DirName:O=Office.' });
    trees.push(tree.value);
  }
  return ok(trees);
}

/** For the audit log; null where there are none. */
export const constraintsText = (constraints: NameConstraints | undefined): string | null =>
  constraints === undefined ? null : [...constraints.permitted.map((tree) => `only ${nameTreeToText(tree)}`), ...constraints.excluded.map((tree) => `never ${nameTreeToText(tree)}`)].join('; ');

/** Why a CA with this path length may not stand below these certificates, nearest first. */
export function pathProblem(ders: readonly Uint8Array[], pathLength: number | undefined): string | undefined {
  const read = readCertificates(ders);
  if (!read.ok) return read.error;
  const tooDeep = issuersProblem(read.value, 1);
  if (tooDeep !== undefined) return tooDeep.text;
  return issuersProblem(read.value, 1 + (pathLength ?? 0)) === undefined ? undefined : `The CAs above allow a path length of less than ${pathLength ?? 0} here.`;
}
