/** migration.* and backups.restore: from the channel to the use case and back. */
import { toBase64 } from '../core/lib/bytes.ts';
import { toIso } from '../core/lib/instant.ts';
import { ok } from '../core/lib/result.ts';
import { restoreHere } from '../application/backups/restore.ts';
import { type MigrationInput, decideMigration } from '../application/migration/decide.ts';
import { exportAuthority } from '../application/migration/exportAuthority.ts';
import { importMigration } from '../application/migration/importMigration.ts';
import { type Handler, bytesOf, keyed, open, shown } from './handler.ts';
import { presentMigrated, presentPreview } from './presentMigration.ts';

type MigrationChannel = 'migration.preview' | 'migration.import' | 'migration.export' | 'backups.restore';

/** Decoded when it is looked at, for there may be tens of thousands. */
const filesOf = (files: readonly { readonly name: string; readonly base64: string }[]): MigrationInput['files'] =>
  files.map(({ name, base64 }) => ({
    name,
    get bytes() {
      return bytesOf(base64);
    },
  }));

export const migrationHandlers: { readonly [C in MigrationChannel]: Handler<C> } = {
  'migration.preview': open(async (deps, input) => ok(presentPreview(await decideMigration(deps, { ...input, files: filesOf(input.files) })))),
  'migration.import': keyed((deps, input, actor) => shown(importMigration(deps, { ...input, files: filesOf(input.files) }, actor), (migrated) => presentMigrated(deps, migrated))),
  'migration.export': keyed((deps, input, actor) => shown(exportAuthority(deps, input, actor), ({ bytes, ...rest }) => ({ ...rest, mediaType: 'application/x-tar' as const, base64: toBase64(bytes) }))),
  'backups.restore': open((deps, { path, base64, passphrase, vault }, actor) =>
    shown(restoreHere(deps, { source: path === undefined ? { bytes: bytesOf(base64 ?? '') } : { path }, passphrase, vault }, actor), (restored) => ({ ...restored, createdAt: toIso(restored.createdAt) })),
  ),
};
