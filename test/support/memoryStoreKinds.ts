/** Both stores behind one door, for the suite that holds them to the same answers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/main/adapters/sqlite/openSqliteStore.ts';
import type { Store } from '../../src/main/application/ports/store.ts';
import { memoryStore } from './memoryStore.ts';

export interface OpenedStore {
  readonly store: Store;
  readonly close: () => Promise<void>;
}

async function openSqlite(): Promise<OpenedStore> {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-'));
  const store = await openSqliteStore({ dataDir, transactionsKept: 50 });
  const close = async (): Promise<void> => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  };
  return { store, close };
}

export const STORE_KINDS: readonly (readonly [name: string, open: () => Promise<OpenedStore>])[] = [
  ['memory', async () => ({ store: memoryStore(), close: async () => undefined })],
  ['sqlite', openSqlite],
];
