/** A rollover's way from its first day to the former generation's last: where it stands, what comes next, and who takes part in it. */
import type { Output } from '../../../../../preload/contract/contract.ts';

export type Rollover = Output<'rollover.status'>;
export type RolloverGeneration = Rollover['generations'][number];
export type StepName = keyof Rollover['steps'];
/** The four that lead on; the others lead back. */
export type ForwardStep = 'stage' | 'publish' | 'activate' | 'retire';
/** What a step gave back: the backup before it, and what is worth knowing. */
export type Stepped = Output<'rollover.publish'>;

export interface Station {
  readonly key: 'none' | 'staged' | 'published' | 'overlap' | 'retired';
  readonly label: string;
  readonly state: 'done' | 'here' | 'to-come';
  /** Since when, or when it comes by itself. */
  readonly at: string | null;
}

const newest = (generations: readonly RolloverGeneration[], ...states: readonly RolloverGeneration['state'][]): RolloverGeneration | undefined =>
  generations.filter(({ state }) => states.includes(state)).toSorted((a, b) => b.number - a.number)[0];

/** The one to come, with its certificate or without. */
export const nextGeneration = ({ generations }: Pick<Rollover, 'generations'>): RolloverGeneration | undefined => newest(generations, 'next', 'awaiting-certificate');
export const workingGeneration = ({ generations }: Pick<Rollover, 'generations'>): RolloverGeneration | undefined => newest(generations, 'current');
/** The oldest that is not retired: it goes first. */
export const formerGeneration = ({ generations }: Pick<Rollover, 'generations'>): RolloverGeneration | undefined => generations.filter(({ state }) => state === 'previous').toSorted((a, b) => a.number - b.number)[0];
export const retiredGeneration = ({ generations }: Pick<Rollover, 'generations'>): RolloverGeneration | undefined => newest(generations, 'retired');

/** Five stations; exactly one of them is here. */
export function stationsOf(rollover: Pick<Rollover, 'stage' | 'generations'>): readonly Station[] {
  const { stage } = rollover;
  const subject = stage === 'overlap' ? workingGeneration(rollover) : nextGeneration(rollover);
  const here = stage === 'none' ? 0 : stage === 'published' ? 2 : stage === 'overlap' ? 3 : 1;
  const stations: readonly (readonly [Station['key'], string, string | null])[] = [
    ['none', 'Nothing staged', null],
    ['staged', stage === 'awaiting-certificate' ? 'Awaiting certificate' : 'Staged', subject?.stagedAt ?? null],
    ['published', 'Published', subject?.publishedAt ?? null],
    ['overlap', 'Overlap', subject?.activatedAt ?? subject?.activateAt ?? null],
    ['retired', 'Retired', null],
  ];
  return stations.map(([key, label, at], index) => ({ key, label, at, state: index < here ? 'done' : index === here ? 'here' : 'to-come' }));
}

/** Undefined while the next certificate is on its way from another CA: then nothing here leads on. */
export function nextStep({ stage }: Pick<Rollover, 'stage'>): ForwardStep | undefined {
  const steps: Readonly<Record<Rollover['stage'], ForwardStep | undefined>> = { none: 'stage', 'awaiting-certificate': undefined, staged: 'publish', published: 'activate', overlap: 'retire' };
  return steps[stage];
}

/** How many do not know the new CA yet; undefined before anybody was told of it. */
export const unaware = ({ adoption }: Pick<Rollover, 'adoption'>): number | undefined => (adoption === null ? undefined : adoption.total - adoption.knowing);
