/** After how many days a renewed certificate's predecessor is revoked as superseded (null, as before: never), and the renewals of an endpoint to look through for it. */
export const superseding = `
ALTER TABLE endpoint ADD COLUMN supersedeAfterDays INTEGER;
CREATE INDEX certificateRenewal ON certificate (endpointId, renews, state) WHERE renews IS NOT NULL;
`;
