/** After how many days a renewed certificate's predecessor is revoked as superseded; null, as before: never. */
export const superseding = `
ALTER TABLE endpoint ADD COLUMN supersedeAfterDays INTEGER;
`;
