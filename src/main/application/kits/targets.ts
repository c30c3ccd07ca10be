/** What a kit can be for. */

export type KitTarget = 'trust-der' | 'trust-pem' | 'trust-p7b' | 'apple-profile' | 'intune-trusted-certificate';

/** In the order in which they are offered. */
export const TARGETS: Readonly<Record<KitTarget, { readonly title: string; readonly text: string }>> = {
  'trust-der': { title: 'Certificates (DER)', text: 'One .cer file for each CA certificate: for Windows, Android, phones, printers and most network gear.' },
  'trust-pem': { title: 'Certificate chain (PEM)', text: 'The CA certificates as text: for Linux, RADIUS servers, firewalls and web servers.' },
  'trust-p7b': { title: 'Certificate chain (PKCS #7)', text: 'All CA certificates in one .p7b file: for Windows’ import wizard, Java and gear that takes a chain at once.' },
  'apple-profile': { title: 'Apple trust profile', text: 'A .mobileconfig file that makes iPhones, iPads and Macs trust this CA, by hand or through any MDM.' },
  'intune-trusted-certificate': { title: 'Intune trusted certificate', text: 'The files for Intune’s Trusted certificate profiles, and the rule which of them a SCEP profile must name.' },
};
