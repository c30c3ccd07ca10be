/** Where rollovers stand: what takes over by itself and who does not know of it, and what waits for somebody. Ends of certificates are the CA's own notices. */
import type { Output } from '../../../../preload/contract/contract.ts';
import { type Path, pathTo } from '../../routing/path.ts';
import type { Tone } from '../../design/tones.ts';

type Authority = Output<'authorities.list'>['items'][number];
type Rollover = Output<'rollover.status'>;

export interface Coming {
  readonly key: string;
  readonly tone: Tone;
  readonly text: string;
  /** When; null where it waits for somebody. */
  readonly at: string | null;
  readonly to: Path;
}

/** Whether a successor is on its way, or a former generation not retired yet. */
export const isRolling = ({ generations }: Pick<Authority, 'generations'>): boolean =>
  generations.some(({ state }) => state === 'next' || state === 'previous') || (generations.some(({ state }) => state === 'awaiting-certificate') && generations.some(({ state }) => state === 'current'));

/** `15 devices do not know it yet` */
export function sayUnaware({ adoption }: Pick<Rollover, 'adoption'>): string {
  if (adoption === null) return 'no device was told yet';
  const count = adoption.total - adoption.knowing;
  if (count === 0) return adoption.total === 0 ? 'no device depends on it' : 'every device knows it';
  return `${count.toLocaleString('en')} of ${adoption.total.toLocaleString('en')} devices ${count === 1 ? 'does' : 'do'} not know it yet`;
}

/** Devices that do not know the next CA are a matter of course until its day comes near. */
const NEAR = 30 * 86_400_000;

/** Undefined where no rollover goes on. */
export function comingUp({ authorityId, commonName, stage, generations, adoption }: Rollover, now: number): Coming | undefined {
  const unaware = adoption !== null && adoption.knowing < adoption.total;
  const coming = { key: authorityId, at: null, to: pathTo(['authorities', authorityId, 'rollover']) };
  const next = generations.find(({ state }) => state === 'next');
  switch (stage) {
    case 'none':
      return undefined;
    case 'awaiting-certificate':
      return { ...coming, tone: 'notice', text: `${commonName}: its next generation awaits its certificate` };
    case 'overlap':
      return { ...coming, tone: unaware ? 'warning' : 'notice', text: `${commonName}: the former generation is not retired yet; of the new one, ${sayUnaware({ adoption })}` };
    case 'staged':
      return { ...coming, tone: 'notice', text: `${commonName}: generation ${next?.number ?? ''} is staged and not published yet` };
    case 'published':
      return {
        ...coming,
        tone: unaware && Date.parse(next?.activateAt ?? '') - now < NEAR ? 'warning' : 'notice',
        text: `${commonName}: generation ${next?.number ?? ''} takes over; ${sayUnaware({ adoption })}`,
        at: next?.activateAt ?? null,
      };
  }
}
