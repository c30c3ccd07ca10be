/**
 * Where each file of a kit goes, in words for whoever carries it there. Ends with the fingerprints, for no file travels alone:
 * whoever installs a root must be able to compare it with what the CA shows.
 */
import { assertNever } from '../../core/lib/assertNever.ts';
import type { ExportedFile } from '../certificates.ts';
import { describeIntune } from './intune.ts';
import type { KitTarget } from './targets.ts';
import type { ChainLink, TrustChain } from './trustChain.ts';

/** Paragraphs, an empty line between two of them. */
export function describeTrust(target: KitTarget, chain: TrustChain, files: readonly ExportedFile[]): string {
  return [...whereTo(target, chain, files), ...missingRoot(chain), fingerprints(chain)].join('\n\n');
}

function whereTo(target: KitTarget, chain: TrustChain, files: readonly ExportedFile[]): readonly string[] {
  switch (target) {
    case 'trust-der':
      return derWords(chain);
    case 'trust-pem':
      return pemWords(chain, files);
    case 'trust-p7b':
      return [
        `Windows: open ${nameOf(files)} and install each certificate it holds for the local machine: ${windowsStores(chain, '')}.`,
        `Elsewhere: give ${nameOf(files)} to whatever asks for a chain in PKCS #7 (.p7b, .p7c). It holds ${chain.links.length === 1 ? 'one certificate' : `${chain.links.length} certificates`} and no key.`,
      ];
    case 'apple-profile':
      return appleWords(files);
    case 'intune-trusted-certificate':
      return describeIntune(chain);
    default:
      return assertNever(target);
  }
}

const nameOf = (files: readonly ExportedFile[]): string => files[0]?.name ?? '';

function windowsStores({ links }: TrustChain, ending: string): string {
  const named = (wanted: readonly ChainLink[]): string => wanted.map(({ name, fileName }) => (ending === '' ? `“${name}”` : `${fileName}${ending}`)).join(', ');
  const roots = links.filter(({ isRoot }) => isRoot);
  const others = links.filter(({ isRoot }) => !isRoot);
  return [
    ...(roots.length > 0 ? [`${named(roots)} into “Trusted Root Certification Authorities”`] : []),
    ...(others.length > 0 ? [`${named(others)} into “Intermediate Certification Authorities”`] : []),
  ].join(', ');
}

function derWords(chain: TrustChain): readonly string[] {
  const top = chain.root ?? chain.issuing;
  return [
    `Windows: open each file, choose Install Certificate and Local Machine: ${windowsStores(chain, '.cer')}. In a domain, the same two stores stand in a Group Policy under Computer Configuration, Windows Settings, Security Settings, Public Key Policies.`,
    `Android: Settings, Security, Encryption & credentials, Install a certificate, CA certificate: ${top.fileName}.cer. For a Wi-Fi network install it as a Wi-Fi certificate instead.`,
    `Printers, phones and network gear: upload ${top.fileName}.cer where the device lists its trusted or CA certificates${chain.links.length > 1 ? ', and the others beside it where it takes them' : ''}.`,
  ];
}

function pemWords({ root, issuing }: TrustChain, files: readonly ExportedFile[]): readonly string[] {
  // update-ca-certificates reads the first certificate of a file only.
  const single = `${(root ?? issuing).fileName}.crt`;
  return [
    `Debian and Ubuntu: copy ${single} to /usr/local/share/ca-certificates/ and run update-ca-certificates. Fedora and RHEL: copy it to /etc/pki/ca-trust/source/anchors/ and run update-ca-trust.`,
    `RADIUS, VPN and web servers that check device certificates: name ${nameOf(files)} as the CA file (FreeRADIUS: ca_file; nginx: ssl_client_certificate; Apache: SSLCACertificateFile). It holds the issuing CA first and the root last.`,
  ];
}

function appleWords(files: readonly ExportedFile[]): readonly string[] {
  return [
    `Through an MDM: upload ${nameOf(files)} as a custom configuration profile and assign it to the devices. They trust the CA in full, and nobody has to confirm anything.`,
    'By hand on an iPhone or iPad: send the file there, open it, and install it under Settings, General, VPN & Device Management. Then switch full trust on under Settings, General, About, Certificate Trust Settings: without that step the root is installed and not trusted for TLS.',
    'By hand on a Mac: open the file, then install it in System Settings under Device Management (Profiles, in older versions).',
    'A newer export of this profile replaces the installed one. It can be removed on the device like any other profile.',
  ];
}

function missingRoot({ root, links }: TrustChain): readonly string[] {
  if (root !== undefined) return [];
  return [`The root above ${links[0]?.name ?? 'them'} is not among these files, for it was not imported here. Get it from whoever keeps it, and make the devices trust it too.`];
}

const fingerprints = ({ links }: TrustChain): string => ['Compare before you trust (SHA-256):', ...links.map(({ name, sha256, isRoot }) => `${name}${isRoot ? ' (root)' : ''}: ${sha256}`)].join('\n');
