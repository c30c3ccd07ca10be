// A process that commits enrolments as fast as it can until it is killed; each number it prints is an enrolment that the store called durable.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { openSqliteStore } from '../../src/main/adapters/sqlite/openSqliteStore.ts';
import { aChallenge, aChangeSet, anEnrolment } from '../support/memoryRecords.ts';

const [dataDir = '', keyFile = '', round = ''] = process.argv.slice(2);
const key = createPrivateKey(readFileSync(keyFile));
const store = await openSqliteStore({ dataDir });
await store.setAuditKey(key, createPublicKey(key).export({ format: 'der', type: 'spki' }));

async function enrol(name: string): Promise<void> {
  await store.commit(aChangeSet({ changes: [{ kind: 'put', table: 'challenge', value: aChallenge(name) }] }));
  for (const set of anEnrolment(name, name)) {
    const done = await store.commit(set);
    if (!done.ok) throw new Error(JSON.stringify(done.error));
  }
  writeSync(1, `${name}\n`);
}

let last = 0;
await Promise.all(
  Array.from({ length: 16 }, async () => {
    for (;;) await enrol(`${round}-${(last += 1)}`);
  }),
);
