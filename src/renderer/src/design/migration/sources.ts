/** Which files of which product, and how one gets them. */

export interface Source {
  readonly name: string;
  readonly files: readonly string[];
  /** Commands that write them, where there are any. */
  readonly commands?: readonly string[];
  readonly note?: string;
}

export const SOURCES: readonly Source[] = [
  {
    name: 'openssl ca',
    files: ['The whole folder of the CA: index.txt, newcerts/, serial, crlnumber, cacert.pem, private/cakey.pem', 'crl.pem, if there is one'],
    note: 'Revocations whose certificate is gone from newcerts/ stay on the CRL by their serials.',
  },
  { name: 'XCA', files: ['The database, an .xdb file'], note: 'Its passphrase goes into the field above.' },
  {
    name: 'step-ca',
    files: ['certs/intermediate_ca.crt, certs/root_ca.crt and secrets/intermediate_ca_key', 'The certificates that it issued, as PEM files'],
    note: 'The passphrase of the key goes into the field above.',
  },
  { name: 'micromdm', files: ['The depot folder: ca.pem, ca.key, index.txt, serial, and the certificates beside them'] },
  {
    name: 'AD CS, NDES',
    files: ['The CA certificate with its key, as a .p12', 'The list of what was issued, as CSV'],
    commands: ['certutil -backupKey C:\\ca-export', 'certutil -view -out "SerialNumber,Disposition,Request.RevokedWhen,Request.RevokedReason,NotAfter,CommonName,RawCertificate" csv > issued.csv'],
    note: 'The second command lists every request with its certificate.',
  },
  { name: 'Any other', files: ['One PKCS #12 file, or the certificate, its chain and its key as PEM', 'Issued certificates and the last CRL, as PEM or DER'] },
];
