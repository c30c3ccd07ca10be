/** Key usages and extended key usages in words; an unknown object identifier stays as it is. */

const WORDS: Readonly<Record<string, string>> = {
  digitalSignature: 'digital signature',
  nonRepudiation: 'non-repudiation',
  keyEncipherment: 'key encipherment',
  dataEncipherment: 'data encipherment',
  keyAgreement: 'key agreement',
  keyCertSign: 'certificate signing',
  cRLSign: 'CRL signing',
  '1.3.6.1.5.5.7.3.1': 'TLS server',
  '1.3.6.1.5.5.7.3.2': 'TLS client',
  '1.3.6.1.5.5.7.3.3': 'code signing',
  '1.3.6.1.5.5.7.3.4': 'e-mail',
  '1.3.6.1.5.5.7.3.8': 'time stamping',
  '1.3.6.1.5.5.7.3.9': 'OCSP signing',
  '1.3.6.1.5.5.7.3.13': 'EAP over PPP',
  '1.3.6.1.5.5.7.3.14': 'EAP over LAN',
  '1.3.6.1.5.5.7.3.17': 'IPsec (IKE)',
  '1.3.6.1.5.5.8.2.2': 'IKE intermediate',
  '1.3.6.1.4.1.311.20.2.2': 'smart card logon',
  '1.3.6.1.4.1.311.20.2.1': 'enrolment agent',
  '2.5.29.37.0': 'any purpose',
};

export const sayUsage = (usage: string): string => WORDS[usage] ?? usage;
