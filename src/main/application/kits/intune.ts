/**
 * Which certificate goes where in Microsoft Intune. The one choice that stops whole fleets is “Root certificate” in the SCEP profile, and it differs
 * by platform: Windows wants the CA that issues (else event 32, “the hash value is not correct”), Android and iOS want the root (SCEP.md E2;
 * Intune's documentation of SCEP profiles; SCEPman's page on intermediate CAs, which knows no rule for macOS).
 */
import type { TrustChain } from './trustChain.ts';

/** Paragraphs for an admin of Intune. */
export function describeIntune(chain: TrustChain): readonly string[] {
  return [
    'In the Intune admin center, under Devices, Configuration, create a profile of the type Trusted certificate for each platform and each file below. Assign them to the same groups as the SCEP profile, users with users and devices with devices: otherwise the SCEP profile stays pending and says nothing.',
    ...(chain.links.length === 1 && chain.root !== undefined ? oneCa(chain) : severalCas(chain)),
    'Fully managed Android devices take a SCEP URL with https only: for them put a TLS proxy before the device listener.',
  ];
}

function oneCa({ issuing }: TrustChain): readonly string[] {
  const file = `${issuing.fileName}.cer`;
  return [
    `Windows: ${file} with the destination store “Computer certificate store - Root”.`,
    `Android Enterprise, iOS/iPadOS and macOS: ${file}.`,
    `In each platform’s SCEP profile, choose that platform’s profile of ${file} under Root certificate: this CA is root and issuer in one, so there is no other choice.`,
  ];
}

function severalCas({ links, issuing, root }: TrustChain): readonly string[] {
  const rootFile = root === undefined ? 'the root’s file' : `${root.fileName}.cer`;
  const issuingFile = `${issuing.fileName}.cer`;
  const intermediates = links.filter(({ isRoot }) => !isRoot).map(({ fileName }) => `${fileName}.cer`);
  return [
    `Windows: ${rootFile} with the destination store “Computer certificate store - Root”, and ${intermediates.join(', ')} with “Computer certificate store - Intermediate”, each as a profile of its own. In the SCEP profile, choose the profile of the issuing CA, ${issuingFile}, under Root certificate. With the root there, Windows stops with “The hash value is not correct” (event 32).`,
    `Android Enterprise (device owner and work profile): ${rootFile}. In the SCEP profile, choose the profile of the root, ${rootFile}, under Root certificate. With the issuing CA there, the SCEP profile fails.`,
    `iOS and iPadOS: ${[rootFile, ...intermediates].join(', ')}, each as a profile of its own. In the SCEP profile, choose the profile of the root, ${rootFile}, under Root certificate.`,
    `macOS: ${[rootFile, ...intermediates].join(', ')}, each as a profile of its own. Microsoft names no rule for macOS: choose the root, ${rootFile}, as on iOS, and the issuing CA, ${issuingFile}, if the SCEP profile fails with it.`,
  ];
}
