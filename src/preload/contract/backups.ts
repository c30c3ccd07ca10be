/** backups.*: one encrypted file of everything, proven by a trial restore. Passphrases go in and never come out. */
import { z } from 'zod';
import { base64, line, nothing, sha256, time } from './values.ts';

const count = z.number().int().min(0);
const passphrase = z.string().min(1).max(1024);
const counts = z.strictObject({ authorities: count, certificates: count, requests: count, challenges: count, keys: count, entries: count });
const head = z.strictObject({ seq: count, hash: z.string() });

/** What the trial restore found. */
const proof = z.strictObject({ provenAt: time, head, counts });

export const madeBackup = z.strictObject({
  name: z.string(),
  path: z.string(),
  sha256,
  size: count,
  createdAt: time,
  /** Of the audit log. */
  entries: count,
  counts,
  proof,
  /** Text to print: what is needed to restore this backup. It holds no secret. */
  recoverySheet: z.string(),
  /** The file itself, where it was asked for. */
  base64: base64.nullable(),
});

export const backupSchedule = z.strictObject({
  everyDays: z.number().int().min(1),
  keep: z.number().int().min(1),
  nextAt: time,
  /** Why the last one failed. */
  failure: z.string().nullable(),
});

export const listedBackup = z.strictObject({
  name: z.string(),
  path: z.string(),
  size: count,
  createdAt: time,
  state: z.enum(['proven', 'unproven', 'changed', 'missing']),
  provenAt: time.nullable(),
  scheduled: z.boolean(),
  sha256: sha256.nullable(),
  entries: count.nullable(),
});

const overview = z.strictObject({ items: z.array(listedBackup), folder: z.string(), schedule: backupSchedule.nullable() });

export const backupChannels = {
  /** Without a passphrase the schedule's is taken. */
  'backups.create': { input: z.strictObject({ passphrase: passphrase.optional(), asFile: z.boolean().default(false) }).default({ asFile: false }), output: madeBackup },
  'backups.list': { input: nothing, output: overview },
  'backups.verify': {
    input: z
      .strictObject({ path: line(1000).optional(), base64: base64.optional(), passphrase })
      .refine(({ path, base64: bytes }) => (path === undefined) !== (bytes === undefined), { message: 'either path or base64 is needed', path: ['path'] }),
    output: z.strictObject({
      createdAt: time,
      productVersion: z.string(),
      head,
      counts,
      auditKey: sha256,
      sha256,
      size: count,
      /** Of this installation. */
      own: z.boolean(),
    }),
  },
  /** `everyDays` 0 ends it. The passphrase is sealed in the vault; where there is one already it may be left out. */
  'backups.schedule': {
    input: z.strictObject({ everyDays: z.number().int().min(0).max(366), keep: z.number().int().min(1).max(200).default(14), passphrase: passphrase.optional() }),
    output: overview,
  },
  /**
   * On a server whose data folder is empty (status `empty`): everything of the backup, under a vault of this machine's own. The server goes on
   * with the restored CA, its vault open; `status.changed` says so. A folder that holds anything is refused (`not-empty`) and stays as it is.
   */
  'backups.restore': {
    input: z
      .strictObject({
        path: line(1000).optional(),
        base64: base64.optional(),
        /** The backup's. */
        passphrase,
        vault: z.strictObject({ kind: z.enum(['keychain', 'passphrase']), passphrase: passphrase.optional() }),
      })
      .refine(({ path, base64: bytes }) => (path === undefined) !== (bytes === undefined), { message: 'either path or base64 is needed', path: ['path'] }),
    output: z.strictObject({ createdAt: time, counts, auditKey: sha256 }),
  },
} as const;
