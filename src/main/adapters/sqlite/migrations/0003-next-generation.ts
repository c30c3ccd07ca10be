/** What a next generation has that the others have not: when it takes over, since when devices are told of it, and the signed answer that tells them. */
export const nextGeneration = `
ALTER TABLE generation ADD COLUMN activateAt INTEGER;
ALTER TABLE generation ADD COLUMN publishedAt INTEGER;
ALTER TABLE generation ADD COLUMN announcement BLOB;
`;
