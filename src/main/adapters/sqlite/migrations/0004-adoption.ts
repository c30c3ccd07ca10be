/**
 * Who follows to a next generation: what an address asked for while it was published, and when a device last signed a message with its certificate.
 * One row for an address, and one for a certificate, however often they come.
 */
export const adoption = `
CREATE TABLE nextCaContact (
  authorityId TEXT NOT NULL,
  generation INTEGER NOT NULL,
  source TEXT NOT NULL,
  firstAt INTEGER NOT NULL,
  lastAt INTEGER NOT NULL,
  fetchedAt INTEGER,
  PRIMARY KEY (authorityId, generation, source)
) WITHOUT ROWID;

CREATE TABLE deviceContact (
  certificateId TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;
`;
