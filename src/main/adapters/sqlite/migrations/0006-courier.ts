/** Pairings of two machines that share an authority, and which requests of the other one wait here for an answer. */
export const courier = `
CREATE TABLE courierLink (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  authorityId TEXT NOT NULL,
  authority TEXT NOT NULL,
  own TEXT NOT NULL,
  signingKeyId TEXT NOT NULL,
  agreementKeyId TEXT NOT NULL,
  peer TEXT,
  createdAt INTEGER NOT NULL,
  pairedAt INTEGER,
  sent TEXT,
  received TEXT,
  peerGot INTEGER NOT NULL,
  wanted TEXT NOT NULL,
  delivered INTEGER NOT NULL,
  deliveries TEXT NOT NULL
);

CREATE TABLE courierItem (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  linkId TEXT NOT NULL REFERENCES courierLink (id),
  granted INTEGER NOT NULL,
  sentIn INTEGER
);
CREATE INDEX courierItemLink ON courierItem (linkId);
`;
