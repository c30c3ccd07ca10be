/** How an authority's SCEP key stands: what it is in a sentence, and when its own end becomes an alarm. */
import { isEc } from '../../design/authorityDraft.ts';
import type { StateLook } from '../../design/tones.ts';
import type { AuthorityDetail } from './standing.ts';

export type ScepKey = AuthorityDetail['scepKeys'][number];

const DAY = 86_400_000;
/** A split key that is this near to its end has missed its own renewal more than once. */
const NEAR = 14 * DAY;

export const SENTENCES = {
  combined: 'One key does both: it signs certificates, and it opens what devices send. Every client understands that, and there is nothing to renew.',
  split: 'The authority’s key only signs; an RSA key beside it opens what devices send. The signing key can be of any kind, and be kept elsewhere.',
} as const;

/** Why it cannot go back to one key; undefined where nothing is known against it. */
export const whyNotCombined = ({ key }: Pick<AuthorityDetail, 'key'>): string | undefined => (isEc(key) ? 'An EC key cannot open the envelopes that devices send, so a separate RSA key stays beside it.' : undefined);

/** Of the key that is given out. The alarm comes while there is still time to do something. */
export function scepKeyLook({ notAfter, renewsAt, own }: Pick<ScepKey, 'notAfter' | 'renewsAt' | 'own'>, now: number): StateLook {
  const end = Date.parse(notAfter);
  if (end <= now) return { word: 'Expired', tone: 'danger', icon: 'stop' };
  if (own) return { word: 'Valid', tone: 'good', icon: 'check' };
  if (end - now < NEAR) return { word: 'Ends soon', tone: 'danger', icon: 'danger' };
  if (renewsAt !== null && Date.parse(renewsAt) + DAY < now) return { word: 'Renewal overdue', tone: 'warning', icon: 'warning' };
  return { word: 'Valid', tone: 'good', icon: 'check' };
}

/** What the alarm means for devices; undefined where there is none. */
export function sayScepAlarm(key: Pick<ScepKey, 'notAfter' | 'renewsAt' | 'own'>, now: number): string | undefined {
  const { tone, word } = scepKeyLook(key, now);
  if (tone === 'good' || key.own) return undefined;
  if (word === 'Expired') return 'Its certificate has ended: devices turn it down, and none can enrol or renew. Renew it now.';
  return 'It should have renewed itself by now, which needs an open vault and the authority’s key. When its certificate ends, no device can enrol or renew. Renew it now.';
}

/** One that is not given out: of the past, or of the generation to come. */
export function sayOtherKey({ own, generation }: Pick<ScepKey, 'own' | 'generation'>, current: number): string {
  if (generation > current) return own ? `The key of the next generation, ${generation}` : `The SCEP key of the next generation, ${generation}`;
  return own ? `The authority’s own key, generation ${generation}` : `A former SCEP key of generation ${generation}`;
}
