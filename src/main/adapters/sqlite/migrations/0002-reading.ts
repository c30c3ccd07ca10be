/**
 * What the admin window's lists and pages ask for, within a hundred milliseconds over a hundred thousand rows: narrow indexes in the order
 * of the rows, from which any combination of filters is answered without touching a row that is not shown; digests apart from names, so
 * that a search for a name does not read them; what became of a certificate and of a request.
 */
export const reading = `
DROP INDEX certificateState;
CREATE INDEX certificateFacts ON certificate (seq, state, kind, notAfter, authorityId, endpointId);
CREATE INDEX certificateExpiry ON certificate (notAfter, seq, kind, authorityId, endpointId) WHERE state = 'valid';
CREATE INDEX certificateRevocation ON certificate (state, revokedAt) WHERE state <> 'valid' AND kind = 'device';
CREATE INDEX certificateRenews ON certificate (renews) WHERE renews IS NOT NULL;

CREATE INDEX auditFacts ON audit (seq, at, outcome, action, actor);
CREATE INDEX auditRequest ON audit (subject) WHERE subject >= 'request:' AND subject < 'request;';

ALTER TABLE deviceTransaction ADD COLUMN client TEXT;
ALTER TABLE deviceTransaction ADD COLUMN subject TEXT;

ALTER TABLE requestText ADD COLUMN digests TEXT NOT NULL DEFAULT '';
ALTER TABLE certificateText ADD COLUMN digests TEXT NOT NULL DEFAULT '';
UPDATE requestText SET (text, digests) = (
  SELECT fold(concat_ws(char(10), subject, (SELECT group_concat(value, char(10)) FROM json_each(subjectAltNames)), transactionId, source, clientGuess)),
    fold(concat_ws(char(10), '', (SELECT group_concat(value, char(10)) FROM json_each(fingerprints)), endpointId))
  FROM request WHERE request.seq = requestText.seq);
UPDATE certificateText SET (text, digests) = (
  SELECT fold(concat_ws(char(10), subject, (SELECT group_concat(value, char(10)) FROM json_each(subjectAltNames)))),
    fold(concat_ws(char(10), '', serial, sha256, sha1(der), spkiSha256, endpointId))
  FROM certificate WHERE certificate.seq = certificateText.seq);
`;
