/** The folder of an `openssl ca`: the lines of its index.txt and a configuration with which it works as it stands. */
import { type Instant, utcFields } from '../../lib/instant.ts';
import { decoding, readElement } from '../../pki/der.ts';
import { parseName, shortNameOf } from '../../pki/names.ts';
import type { RevocationReason } from '../certificateRecord.ts';

/** The last list that was published. */
export const CRL_FILE = 'crl.pem';

export interface IndexedCertificate {
  readonly serial: string;
  /** As one line already. */
  readonly subject: string;
  readonly notAfter: Instant;
  readonly revokedAt: Instant | null;
  readonly reason: RevocationReason | null;
}

/** What openssl's index knows; it refuses to work with a name that it does not, so the others are revoked without a reason. */
const REASON_NAMES: Readonly<Partial<Record<RevocationReason, string>>> = {
  keyCompromise: 'keyCompromise',
  cACompromise: 'CACompromise',
  affiliationChanged: 'affiliationChanged',
  superseded: 'superseded',
  cessationOfOperation: 'cessationOfOperation',
  certificateHold: 'certificateHold',
};

/** `YYMMDDHHMMSSZ` until 2049, then with four digits (RFC 5280 4.1.2.5). */
export function writeIndexTime(at: Instant): string {
  const { year, month, day, hour, minute, second } = utcFields(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${year >= 1950 && year < 2050 ? two(year % 100) : String(year).padStart(4, '0')}${[month, day, hour, minute, second].map(two).join('')}Z`;
}

export function writeIndexLine({ serial, subject, notAfter, revokedAt, reason }: IndexedCertificate, now: Instant): string {
  const state = revokedAt !== null ? 'R' : notAfter <= now ? 'E' : 'V';
  const name = reason === null ? undefined : REASON_NAMES[reason];
  const revocation = revokedAt === null ? '' : `${writeIndexTime(revokedAt)}${name === undefined ? '' : `,${name}`}`;
  return `${state}\t${writeIndexTime(notAfter)}\t${revocation}\t${serial}\tunknown\t${subject}\n`;
}

/** A DER name as `/O=Test/CN=dev`; what would end the field or the line is written in hex, as openssl does. */
export function onelineOf(der: Uint8Array): string {
  const name = decoding(() => parseName(readElement(der)));
  if (!name.ok) return '/';
  return name.value.map((rdn) => rdn.map(({ oid, text }) => `/${shortNameOf(oid)}=${plainOctets(text ?? '')}`).join('')).join('');
}

/** Printable ASCII, and everything else as `\xHH`. */
export const plainOctets = (text: string): string => text.replace(/[^ -~]/gu, (ch) => `\\x${(ch.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`);

/** Works in the folder that it lies in: `openssl ca -config openssl.cnf …`. */
export const opensslConfiguration = (crlDays: number, digest: 'sha256' | 'sha384'): string => `# openssl ca -config openssl.cnf -gencrl -out crl.pem
# openssl ca -config openssl.cnf -revoke newcerts/SERIAL.pem -crl_reason keyCompromise
# openssl ca -config openssl.cnf -in device.csr -out device.pem
[ ca ]
default_ca = authority

[ authority ]
dir = .
certificate = $dir/cacert.pem
private_key = $dir/private/cakey.pem
database = $dir/index.txt
new_certs_dir = $dir/newcerts
serial = $dir/serial
rand_serial = yes
crlnumber = $dir/crlnumber
crl_extensions = crl
x509_extensions = device
copy_extensions = none
policy = anything
unique_subject = no
string_mask = utf8only
default_md = ${digest}
default_days = 365
default_crl_days = ${crlDays}

[ anything ]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
organizationalUnitName = optional
commonName = optional
serialNumber = optional
emailAddress = optional

[ crl ]
authorityKeyIdentifier = keyid:always

[ device ]
basicConstraints = CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = clientAuth
`;
