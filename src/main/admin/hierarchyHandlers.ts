/** Handlers of what stands above and below an authority: requests that a root here signs, and the SCEP key beside a CA's own. */
import { toIso } from '../core/lib/instant.ts';
import { toHex, toPem } from '../core/lib/bytes.ts';
import { writeContents } from '../core/ca/plan.ts';
import { describePublicKey } from '../core/pki/algorithms.ts';
import { describeExtensions } from '../core/pki/describeExtensions.ts';
import { fingerprintsOf } from '../core/pki/fingerprints.ts';
import { nameToText } from '../core/pki/names.ts';
import { combineScepKey, renewScepKey, splitScepKey } from '../application/authorities/scepKeys.ts';
import { type SignedRequest, signRequest } from '../application/authorities/signRequest.ts';
import type { Deps } from '../application/deps.ts';
import { type Handler, keyed, open, presentFile, shown } from './handler.ts';
import { type Shown, presentAuthority, presentConstraints } from './present.ts';

type HierarchyChannel = 'authorities.signRequest' | 'authorities.split' | 'authorities.combine' | 'authorities.renewScepKey';

// In a preview there is no serial yet; extensions do not depend on it.
const NO_SERIAL = new Uint8Array([1]);

function presentSigned({ crypto }: Deps, { csr, plan, findings, signed }: SignedRequest): Shown<'authorities.signRequest'> {
  return {
    preview: signed === undefined,
    plan: {
      subject: nameToText(plan.subject),
      key: describePublicKey(plan.publicKey),
      requestFingerprints: fingerprintsOf(crypto, csr.der),
      keyFingerprints: fingerprintsOf(crypto, csr.spki),
      issuer: nameToText(plan.issuer.subject),
      notBefore: toIso(plan.notBefore),
      notAfter: toIso(plan.notAfter),
      pathLength: plan.basicConstraints.pathLength ?? null,
      nameConstraints: presentConstraints(plan.nameConstraints),
      keyUsage: plan.keyUsage,
      extensions: describeExtensions(writeContents(plan, NO_SERIAL).extensions),
    },
    findings,
    certificate: signed === undefined ? null : { id: signed.certificate.id, serial: signed.certificate.serial, pem: toPem('CERTIFICATE', signed.certificate.der), sha256: toHex(crypto.digest('sha256', signed.certificate.der)) },
    file: signed === undefined ? null : presentFile(signed.file),
  };
}

export const hierarchyHandlers: { readonly [C in HierarchyChannel]: Handler<C> } = {
  // A preview needs no key: whether it is at hand is asked where it is used.
  'authorities.signRequest': open((deps, input, actor) => shown(signRequest(deps, input, actor), (signed) => presentSigned(deps, signed))),
  'authorities.split': keyed((deps, input, actor) => shown(splitScepKey(deps, input, actor), (authority) => presentAuthority(deps, authority))),
  'authorities.combine': open((deps, input, actor) => shown(combineScepKey(deps, input, actor), (authority) => presentAuthority(deps, authority))),
  'authorities.renewScepKey': keyed((deps, input, actor) => shown(renewScepKey(deps, input, actor), (authority) => presentAuthority(deps, authority))),
};
