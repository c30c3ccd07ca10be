/** Backups in the contract's written form. */
import { toBase64 } from '../core/lib/bytes.ts';
import { toIso } from '../core/lib/instant.ts';
import type { BackupsOverview } from '../application/backups/list.ts';
import type { NewBackup } from '../application/backups/make.ts';
import type { Deps } from '../application/deps.ts';
import type { BackupProof } from '../application/ports/backups.ts';
import type { Shown } from './present.ts';

export const presentMadeBackup = ({ record, recoverySheet, bytes }: NewBackup): Shown<'backups.create'> => ({
  name: record.name,
  path: record.path,
  sha256: record.sha256,
  size: record.size,
  createdAt: toIso(record.createdAt),
  entries: record.head.seq,
  counts: record.counts,
  proof: { provenAt: toIso(record.provenAt), head: record.head, counts: record.counts },
  recoverySheet,
  base64: bytes === null ? null : toBase64(bytes),
});

export const presentBackups = ({ items, folder, schedule }: BackupsOverview): Shown<'backups.list'> => ({
  items: items.map(({ createdAt, provenAt, ...item }) => ({ ...item, createdAt: toIso(createdAt), provenAt: provenAt === null ? null : toIso(provenAt) })),
  folder,
  schedule: schedule === null ? null : { ...schedule, nextAt: toIso(schedule.nextAt) },
});

export const presentProof = ({ vault }: Deps, { createdAt, ...proof }: BackupProof): Shown<'backups.verify'> => ({ ...proof, createdAt: toIso(createdAt), own: proof.auditKey === vault.auditKeyFingerprint() });
