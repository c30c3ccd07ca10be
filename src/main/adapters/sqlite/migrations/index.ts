/** The numbered migrations, oldest first: `user_version` counts how many of them a database has had. One file each; a released one is never changed. */
import { first } from './0001-first.ts';
import { reading } from './0002-reading.ts';
import { nextGeneration } from './0003-next-generation.ts';
import { courier } from './0006-courier.ts';
import { revokedSerials } from './0007-revoked-serials.ts';

export const MIGRATIONS: readonly string[] = [first, reading, nextGeneration, courier, revokedSerials];
