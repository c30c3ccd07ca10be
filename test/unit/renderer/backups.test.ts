/** Backups in the window's words. */
import { describe, expect, it } from 'vitest';
import { saySize } from '../../../src/renderer/src/design/size.ts';
import { type Backup, type Overview, sayProtection, saySchedule } from '../../../src/renderer/src/features/settings/backups.ts';

const backup = (state: Backup['state']): Backup => ({ name: 'x.backup', path: '/b/x.backup', size: 1000, createdAt: '2026-11-21T08:00:00Z', state, provenAt: null, scheduled: false, sha256: null, entries: null });
const schedule = { everyDays: 1, keep: 1, nextAt: '2026-11-22T08:00:00Z', failure: null } as const;
const overview = (changes: Partial<Overview>): Overview => ({ items: [], folder: '/b', schedule: null, ...changes });

describe('protection by backups', () => {
  it('is there with a proven one whose file is there, and with no other', () => {
    expect(sayProtection(overview({})).tone).toBe('warning');
    for (const state of ['unproven', 'changed', 'missing'] as const) expect(sayProtection(overview({ items: [backup(state)] })).tone).toBe('warning');
    expect(sayProtection(overview({ items: [backup('missing'), backup('proven')] })).tone).toBe('good');
  });

  it('is in danger when the last scheduled one failed, whatever is there', () => {
    const said = sayProtection(overview({ items: [backup('proven')], schedule: { ...schedule, failure: 'The disk is full.' } }));
    expect(said).toMatchObject({ tone: 'danger', text: expect.stringContaining('The disk is full.') });
  });

  it('is told with its schedule and sizes as a person says them', () => {
    expect(saySchedule(null)).toMatch(/No backups/);
    expect(saySchedule(schedule)).toContain('every day while the vault is open; the newest one is kept');
    expect(saySchedule({ ...schedule, everyDays: 7, keep: 8 })).toContain('every 7 days');
    expect([1, 226_980, 1_400_000, 2_500_000_000].map(saySize)).toEqual(['1 kB', '227 kB', '1.4 MB', '2.5 GB']);
  });
});
