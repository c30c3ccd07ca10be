/** Backups in words. */
import type { Output } from '../../../../preload/contract/contract.ts';
import type { StateLook, Tone } from '../../design/tones.ts';

export type Overview = Output<'backups.list'>;
export type Backup = Overview['items'][number];
export type Schedule = NonNullable<Overview['schedule']>;

export const BACKUP_STATE = {
  proven: { word: 'Proven', tone: 'good', icon: 'doubleCheck' },
  unproven: { word: 'Not proven here', tone: 'notice', icon: 'info' },
  changed: { word: 'Changed since', tone: 'danger', icon: 'danger' },
  missing: { word: 'File gone', tone: 'warning', icon: 'warning' },
} as const satisfies Record<Backup['state'], StateLook>;

/** What would be left if this computer were lost now. */
export function sayProtection({ items, schedule }: Overview): { readonly tone: Tone; readonly title: string; readonly text: string } {
  if (schedule !== null && schedule.failure !== null) return { tone: 'danger', title: 'The last scheduled backup failed', text: `${schedule.failure} It is tried again every hour.` };
  if (items.some(({ state }) => state === 'proven')) {
    return { tone: 'good', title: 'There is a proven backup', text: 'Each one was restored on trial: it opens, its audit log holds, nothing is missing, and its keys sign. Keep a copy on another machine, and its passphrase elsewhere.' };
  }
  return { tone: 'warning', title: 'There is no proven backup', text: 'If this computer is lost, so are the CA’s keys, and every device must be enrolled anew. One encrypted file holds everything.' };
}

export const countDays = (days: number): string => (days === 1 ? 'day' : `${days} days`);

export function saySchedule(schedule: Schedule | null): string {
  if (schedule === null) return 'No backups are made by themselves.';
  return `One is made every ${countDays(schedule.everyDays)} while the vault is open; the newest ${schedule.keep === 1 ? 'one is' : `${schedule.keep} are`} kept. Those that were made by hand stay.`;
}
