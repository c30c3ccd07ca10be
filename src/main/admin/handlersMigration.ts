/** migration.* and backups.restore: from the channel to the use case and back. */
import { fromBase64, toBase64 } from '../core/lib/bytes.ts';
import { toIso } from '../core/lib/instant.ts';
import { ok } from '../core/lib/result.ts';
import { restoreHere } from '../application/backups/restore.ts';
import { type MigrationInput, decideMigration } from '../application/migration/decide.ts';
import { exportAuthority } from '../application/migration/exportAuthority.ts';
import { importMigration } from '../application/migration/importMigration.ts';
import type { MigratingDeps } from '../application/migration/importMigration.ts';
import type { Outcome } from '../application/deps.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { Parsed } from '../../preload/contract/contract.ts';
import type { Shown } from './present.ts';
import { presentMigrated, presentPreview } from './presentMigration.ts';

type MigrationChannel = 'migration.preview' | 'migration.import' | 'migration.export' | 'backups.restore';

/** As the table of all handlers wants them. */
interface MigrationHandler<C extends MigrationChannel> {
  readonly needsKeys: boolean;
  readonly run: (deps: MigratingDeps, input: Parsed<C>, actor: Actor) => Outcome<Shown<C>>;
}

/** Decoded when it is looked at, for there may be tens of thousands. What is no base64 is an empty file, which the dry run names. */
const filesOf = (files: readonly { readonly name: string; readonly base64: string }[]): MigrationInput['files'] =>
  files.map(({ name, base64 }) => ({
    name,
    get bytes() {
      return fromBase64(base64) ?? new Uint8Array(0);
    },
  }));

export const migrationHandlers: { readonly [C in MigrationChannel]: MigrationHandler<C> } = {
  'migration.preview': { needsKeys: false, run: async (deps, input) => ok(presentPreview(await decideMigration(deps, { ...input, files: filesOf(input.files) }))) },
  'migration.import': {
    needsKeys: true,
    run: async (deps, input, actor) => {
      const migrated = await importMigration(deps, { ...input, files: filesOf(input.files) }, actor);
      return migrated.ok ? ok(presentMigrated(deps, migrated.value)) : migrated;
    },
  },
  'migration.export': {
    needsKeys: true,
    run: async (deps, input, actor) => {
      const exported = await exportAuthority(deps, input, actor);
      if (!exported.ok) return exported;
      const { bytes, ...rest } = exported.value;
      return ok({ ...rest, mediaType: 'application/x-tar', base64: toBase64(bytes) });
    },
  },
  'backups.restore': {
    needsKeys: false,
    run: async (deps, { path, base64, passphrase, vault }, actor) => {
      const restored = await restoreHere(deps, { source: path === undefined ? { bytes: fromBase64(base64 ?? '') ?? new Uint8Array(0) } : { path }, passphrase, vault }, actor);
      return restored.ok ? ok({ ...restored.value, createdAt: toIso(restored.value.createdAt) }) : restored;
    },
  },
};
