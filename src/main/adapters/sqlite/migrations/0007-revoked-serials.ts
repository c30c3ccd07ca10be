/** Revocations of certificates that nobody has any more: an imported CA's records name a serial, and its bytes are lost. The CRL keeps it. */
export const revokedSerials = `
CREATE TABLE revokedSerial (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  authorityId TEXT NOT NULL,
  generation INTEGER NOT NULL,
  serial TEXT NOT NULL,
  issuerHash TEXT NOT NULL,
  subject TEXT,
  notAfter INTEGER,
  state TEXT NOT NULL,
  revokedAt INTEGER NOT NULL,
  reason TEXT,
  UNIQUE (serial, issuerHash)
);
CREATE INDEX revokedSerialIssuer ON revokedSerial (authorityId, generation);
`;
