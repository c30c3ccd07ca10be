/** What the CA will do by itself or needs decided before long: takeovers, ends of CAs and of SCEP certificates. */
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

const DAY = 86_400_000;
/** What a CA issues cannot outlast it: a year before its end devices get shortened certificates. */
const CA_SOON = 400 * DAY;
const SCEP_SOON = 30 * DAY;

const within = (at: string | null | undefined, span: number, now: number): at is string => at !== null && at !== undefined && Date.parse(at) - now < span;

/** Whether a successor is on its way, or a former generation not retired yet. */
export const isRolling = ({ generations }: Pick<Authority, 'generations'>): boolean =>
  generations.some(({ state }) => state === 'next' || state === 'previous') || (generations.some(({ state }) => state === 'awaiting-certificate') && generations.some(({ state }) => state === 'current'));

/** `15 devices do not know it yet` */
export function sayUnaware({ adoption }: Pick<Rollover, 'adoption'>): string {
  if (adoption === null) return 'no device was told of it yet';
  const count = adoption.total - adoption.knowing;
  if (count === 0) return adoption.total === 0 ? 'no device depends on it' : 'every device knows it';
  return `${count.toLocaleString('en')} of ${adoption.total.toLocaleString('en')} devices ${count === 1 ? 'does' : 'do'} not know it yet`;
}

/** Of one authority, with its rollover where it is in one. */
export function comingUp(authority: Authority, rollover: Rollover | undefined, now: number): readonly Coming[] {
  const { id, commonName, scepKey, scepCertificate, generations } = authority;
  const to = pathTo(['authorities', id, 'rollover']);
  const coming: Coming[] = [];
  const end = generations.find(({ state }) => state === 'current')?.notAfter;
  if (rollover !== undefined && rollover.stage !== 'none') {
    const next = rollover.generations.find(({ state }) => state === 'next');
    const unaware = rollover.adoption !== null && rollover.adoption.knowing < rollover.adoption.total;
    if (rollover.stage === 'awaiting-certificate') coming.push({ key: `${id} awaiting`, tone: 'notice', text: `${commonName}: its next generation awaits its certificate`, at: null, to });
    else if (rollover.stage === 'overlap') coming.push({ key: `${id} overlap`, tone: unaware ? 'warning' : 'notice', text: `${commonName}: the former generation is not retired yet; of the new one, ${sayUnaware(rollover)}`, at: null, to });
    else coming.push({ key: `${id} takeover`, tone: unaware || rollover.adoption === null ? 'warning' : 'notice', text: `${commonName}: generation ${next?.number ?? ''} takes over; ${sayUnaware(rollover)}`, at: next?.activateAt ?? null, to });
  } else if (within(end, CA_SOON, now)) {
    coming.push({ key: `${id} end`, tone: 'warning', text: `${commonName} ends, and no successor is staged`, at: end, to });
  }
  if (scepKey === 'split' && within(scepCertificate?.notAfter, SCEP_SOON, now)) {
    coming.push({ key: `${id} scep`, tone: 'danger', text: `The SCEP certificate of ${commonName} ends; without it no device can enrol`, at: scepCertificate?.notAfter ?? null, to: pathTo(['authorities', id]) });
  }
  return coming;
}
