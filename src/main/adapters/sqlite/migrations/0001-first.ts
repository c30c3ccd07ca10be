/**
 * The first schema. Columns bear the names of the records' fields; structured fields are JSON text.
 * `seq` numbers rows in the order they came and is what lists are paged by. Text that lists search lies in tables of its own,
 * because a search must not read past a hundred thousand DER blobs.
 */
export const first = `
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE authority (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  number INTEGER NOT NULL UNIQUE,
  commonName TEXT NOT NULL,
  organization TEXT,
  subject BLOB NOT NULL,
  keyAlgorithm TEXT NOT NULL,
  scepKey TEXT NOT NULL,
  parentId TEXT,
  createdAt INTEGER NOT NULL,
  version INTEGER NOT NULL
);

CREATE TABLE generation (
  seq INTEGER PRIMARY KEY,
  authorityId TEXT NOT NULL REFERENCES authority (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  keyId TEXT NOT NULL,
  spki BLOB NOT NULL,
  certificate BLOB,
  chain TEXT NOT NULL,
  subjectKeyId TEXT NOT NULL,
  notBefore INTEGER NOT NULL,
  notAfter INTEGER NOT NULL,
  version INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE
);

CREATE TABLE scepIdentity (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  authorityId TEXT NOT NULL REFERENCES authority (id),
  generation INTEGER NOT NULL,
  keyId TEXT NOT NULL,
  certificate BLOB NOT NULL,
  active INTEGER NOT NULL,
  notAfter INTEGER NOT NULL,
  version INTEGER NOT NULL
);

CREATE TABLE key (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  purpose TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  spki BLOB NOT NULL,
  createdAt INTEGER NOT NULL
);

CREATE TABLE profile (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  validityDays INTEGER NOT NULL,
  renewalWindowDays INTEGER NOT NULL,
  backdateMinutes INTEGER NOT NULL,
  subjectTemplate TEXT,
  allowedSans TEXT NOT NULL,
  extraSans TEXT NOT NULL,
  keyUsageRsa TEXT NOT NULL,
  keyUsageEc TEXT NOT NULL,
  extendedKeyUsages TEXT NOT NULL,
  allowedExtendedKeyUsages TEXT NOT NULL,
  version INTEGER NOT NULL
);

CREATE TABLE endpoint (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  path TEXT NOT NULL,
  authorityId TEXT NOT NULL REFERENCES authority (id),
  profileId TEXT NOT NULL REFERENCES profile (id),
  authorization TEXT NOT NULL,
  compatibility TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  renewal TEXT NOT NULL,
  earlyRenewal TEXT NOT NULL,
  caCertificates TEXT NOT NULL,
  includeRoot INTEGER NOT NULL,
  caInCertRep INTEGER NOT NULL,
  emptyContent TEXT NOT NULL,
  announceSha384 INTEGER NOT NULL,
  version INTEGER NOT NULL
);
CREATE INDEX endpointPath ON endpoint (path);
CREATE INDEX endpointAuthority ON endpoint (authorityId);
CREATE INDEX endpointProfile ON endpoint (profileId);

CREATE TABLE request (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  endpointId TEXT NOT NULL,
  authorityId TEXT NOT NULL,
  generation INTEGER NOT NULL,
  profileId TEXT NOT NULL,
  transactionId TEXT NOT NULL,
  signerSpkiSha256 TEXT NOT NULL,
  signerCertificate BLOB NOT NULL,
  messageType TEXT NOT NULL,
  messageSha256 TEXT NOT NULL,
  subject TEXT NOT NULL,
  subjectAltNames TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprints TEXT NOT NULL,
  sealedCsr BLOB NOT NULL,
  proof TEXT NOT NULL,
  findings TEXT NOT NULL,
  source TEXT NOT NULL,
  clientGuess TEXT,
  receivedAt INTEGER NOT NULL,
  lastSeenAt INTEGER NOT NULL,
  polls INTEGER NOT NULL,
  expiresAt INTEGER NOT NULL,
  matchedAt INTEGER,
  decidedAt INTEGER,
  decidedBy TEXT,
  refusal TEXT,
  toldAt INTEGER,
  certificateId TEXT,
  replyCipher TEXT NOT NULL,
  replyKeyTransport TEXT NOT NULL
);
CREATE INDEX requestTransaction ON request (signerSpkiSha256, transactionId);
-- Requests end in ever growing lists of issued ones: kept apart, their entries are only ever added at the end.
CREATE INDEX requestIssued ON request (state) WHERE state = 'issued';
CREATE INDEX requestOther ON request (state) WHERE state <> 'issued';
CREATE INDEX requestWaiting ON request (source) WHERE state = 'pending';
CREATE TABLE requestText (seq INTEGER PRIMARY KEY, text TEXT NOT NULL);

CREATE TABLE challenge (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  mac TEXT NOT NULL,
  label TEXT,
  endpointPath TEXT,
  profileId TEXT,
  subject TEXT,
  subjectAltNames TEXT,
  uses INTEGER NOT NULL,
  usesLeft INTEGER NOT NULL,
  createdAt INTEGER NOT NULL,
  createdBy TEXT NOT NULL,
  expiresAt INTEGER NOT NULL,
  withdrawnAt INTEGER,
  lastUsedAt INTEGER,
  text TEXT NOT NULL,
  standing TEXT NOT NULL GENERATED ALWAYS AS (CASE WHEN withdrawnAt IS NOT NULL THEN 'withdrawn' WHEN usesLeft <= 0 THEN 'spent' ELSE 'open' END) VIRTUAL
);
CREATE INDEX challengeMac ON challenge (mac);
CREATE INDEX challengeStanding ON challenge (standing, seq, expiresAt);

CREATE TABLE certificate (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  serial TEXT NOT NULL,
  issuerHash TEXT NOT NULL,
  authorityId TEXT NOT NULL,
  generation INTEGER NOT NULL,
  profileId TEXT,
  endpointId TEXT,
  requestId TEXT,
  subject TEXT NOT NULL,
  subjectAltNames TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  spkiSha256 TEXT NOT NULL,
  notBefore INTEGER NOT NULL,
  notAfter INTEGER NOT NULL,
  issuedAt INTEGER NOT NULL,
  state TEXT NOT NULL,
  revokedAt INTEGER,
  reason TEXT,
  renews TEXT,
  der BLOB NOT NULL,
  UNIQUE (serial, issuerHash)
);
CREATE INDEX certificateKey ON certificate (spkiSha256);
CREATE INDEX certificateState ON certificate (state, seq, notAfter);
CREATE INDEX certificateIssued ON certificate (issuedAt, renews IS NOT NULL);
CREATE INDEX certificateOwn ON certificate (issuedAt) WHERE kind <> 'device';
CREATE INDEX certificateRevoked ON certificate (authorityId, generation) WHERE state <> 'valid';
CREATE TABLE certificateText (seq INTEGER PRIMARY KEY, text TEXT NOT NULL);

CREATE TABLE crl (
  authorityId TEXT NOT NULL,
  generation INTEGER NOT NULL,
  number INTEGER NOT NULL,
  thisUpdate INTEGER NOT NULL,
  nextUpdate INTEGER NOT NULL,
  der BLOB NOT NULL,
  PRIMARY KEY (authorityId, generation)
);

-- Few rows, and short-lived: a serial is looked for among them without an index, which every issuance would write twice.
CREATE TABLE intent (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  serial TEXT NOT NULL,
  issuerHash TEXT NOT NULL,
  authorityId TEXT NOT NULL,
  generation INTEGER NOT NULL,
  requestId TEXT,
  tbs BLOB NOT NULL,
  createdAt INTEGER NOT NULL,
  record TEXT NOT NULL
);

CREATE TABLE deviceTransaction (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  path TEXT NOT NULL,
  endpointId TEXT,
  operation TEXT NOT NULL,
  transactionId TEXT,
  outcome TEXT NOT NULL,
  code TEXT NOT NULL,
  text TEXT NOT NULL,
  requestId TEXT,
  certificateId TEXT,
  algorithms TEXT,
  milliseconds REAL NOT NULL
);

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  outcome TEXT NOT NULL,
  code TEXT NOT NULL,
  detail TEXT NOT NULL,
  certificate TEXT,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX auditOutcome ON audit (outcome) WHERE outcome <> 'ok';
CREATE INDEX auditCertificate ON audit (certificate ->> 'id') WHERE certificate IS NOT NULL;

CREATE TRIGGER auditUpdate BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER auditDelete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- How the log was left: what may be missing from its signed head (core/ca/audit.ts, LogEnding).
CREATE TABLE ending (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  clean INTEGER NOT NULL,
  locked INTEGER NOT NULL,
  unsignedFrom INTEGER NOT NULL
);
INSERT INTO ending (one, clean, locked, unsignedFrom) VALUES (1, 1, 0, 1);
`;
