/** What kind of message a device sent, for somebody who has not read RFC 8894. */

const OPERATIONS: Readonly<Record<string, string>> = {
  PKCSReq: 'Enrolment',
  RenewalReq: 'Renewal',
  CertPoll: 'Asks if it is decided',
  GetCert: 'Fetches a certificate',
  GetCRL: 'Fetches the CRL',
  GetCACert: 'Fetches the CA certificate',
  GetCACaps: 'Asks what the CA can do',
  PKIOperation: 'Unreadable message',
  HTTP: 'HTTP request',
};

/** `Enrolment` for `PKCSReq`; what is not known stays as it was sent. */
export const sayOperation = (operation: string): string => OPERATIONS[operation] ?? operation;

const KINDS: Readonly<Record<string, string>> = {
  'scep-request': 'A request from a device',
  'scep-reply': 'A reply of a CA',
  certificates: 'Certificates only, as GetCACert answers',
  'ca-query': 'A question for the CA’s certificate or capabilities',
  unreadable: 'Not readable as a SCEP message',
};

/** What `diagnostics.inspect` found, in words. */
export const sayKind = (kind: string): string => KINDS[kind] ?? kind;

/** How long the answer took; parts of a millisecond interest nobody. */
export const sayMilliseconds = (milliseconds: number): string => (milliseconds < 1 ? 'under 1 ms' : milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`);
