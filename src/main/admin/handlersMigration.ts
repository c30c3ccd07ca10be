/** migration.* and backups.restore: from the channel to the use case and back. */
import { err } from '../core/lib/result.ts';
import type { Handler } from './handlers.ts';

const NOT_YET = { code: 'wrong-state', message: 'This version cannot do this yet.' } as const;

export const migrationHandlers: { readonly [C in 'migration.preview' | 'migration.import' | 'migration.export' | 'backups.restore']: Handler<C> } = {
  'migration.preview': { needsKeys: false, run: async () => err(NOT_YET) },
  'migration.import': { needsKeys: true, run: async () => err(NOT_YET) },
  'migration.export': { needsKeys: true, run: async () => err(NOT_YET) },
  'backups.restore': { needsKeys: false, run: async () => err(NOT_YET) },
};
