/** The nameConstraints extension, for human eyes: which names the certificates below a CA may have (RFC 5280 4.2.1.10). */
import type { Result } from '../lib/result.ts';
import { type Element, TAG, childrenOf, contextTag, decoding, readElement } from './der.ts';
import { generalNameToText, parseGeneralName } from './generalNames.ts';

export interface NameConstraints {
  /** `DNS:office.lan`, `IP:192.0.2.0/255.255.255.0`. */
  readonly permitted: readonly string[];
  readonly excluded: readonly string[];
}

/** Reads the extension's value. */
export function parseNameConstraints(value: Uint8Array): Result<NameConstraints, string> {
  return decoding(() => {
    const trees = childrenOf(readElement(value), TAG.sequence, 'nameConstraints');
    const namesAt = (n: number): string[] => trees.filter((e) => e.tag === contextTag(n, true)).flatMap((e) => e.children.map(baseText));
    return { permitted: namesAt(0), excluded: namesAt(1) };
  });
}

const IP_TAG = contextTag(7, false);

function baseText(subtree: Element): string {
  const [base] = childrenOf(subtree, TAG.sequence, 'general subtree');
  if (base === undefined) return 'a name that cannot be read';
  // An address range is address and mask in one, which is no address as a certificate has it.
  if (base.tag === IP_TAG && base.content.length === 8) return `IP:${[...base.content.subarray(0, 4)].join('.')}/${[...base.content.subarray(4)].join('.')}`;
  if (base.tag === IP_TAG) return 'a range of IPv6 addresses';
  return generalNameToText(parseGeneralName(base));
}
