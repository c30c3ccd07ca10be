/** settings.*: what holds for the whole product. */
import { z } from 'zod';
import { findings, line, nothing } from './values.ts';

const fields = {
  /** Supplies the host of CDP and AIA URLs; while null, none is written. */
  publicBaseUrl: line(200).nullable(),
  organization: line(64).nullable(),
  maxWaiting: z.number().int().min(1).max(100_000),
  maxWaitingPerSource: z.number().int().min(1).max(100_000),
  waitingDays: z.number().int().min(1).max(365),
  challengeLength: z.number().int().min(16).max(64),
  challengeMinutes: z.number().int().min(1).max(366 * 24 * 60),
  crlDays: z.number().int().min(1).max(365),
  /** After so many minutes without a hand on it the window locks; 0: never. The CA goes on. */
  idleMinutes: z.number().int().min(0).max(1440),
  /** A desktop notification for each new request that waits. */
  notifyRequests: z.boolean(),
  /** An absolute folder for backups; null: the data folder's own. */
  backupFolder: line(1000).nullable(),
} as const;

/** The findings say where what is set will not last: a publicBaseUrl that devices may not reach, or not for long. Warnings, never refusals. */
export const settings = z.strictObject({ ...fields, findings });

export const settingsChannels = {
  'settings.get': { input: nothing, output: settings },
  'settings.update': { input: z.strictObject(fields).partial(), output: settings },
} as const;
