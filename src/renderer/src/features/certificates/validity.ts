/** How far a certificate's time has run. */
import type { Tone } from '../../design/tones.ts';
import type { Certificate } from './types.ts';

type Dated = Pick<Certificate, 'notBefore' | 'notAfter' | 'state' | 'revokedAt'>;

/** The part of its time that has passed, from 0 to 1; a revocation stops it. */
export function elapsedOf({ notBefore, notAfter, revokedAt }: Dated, now: string): number {
  const [start, end] = [Date.parse(notBefore), Date.parse(notAfter)];
  const at = Math.min(Date.parse(revokedAt ?? now), end);
  return end <= start ? 1 : Math.min(1, Math.max(0, (at - start) / (end - start)));
}

/** Less than this left: the bar warns, as the list's filter does. */
const SOON_MS = 30 * 86_400_000;

export function toneOf({ state, notAfter }: Dated, now: string): Tone {
  if (state === 'revoked') return 'danger';
  if (state === 'held') return 'warning';
  if (state === 'expired') return 'quiet';
  return Date.parse(notAfter) - Date.parse(now) < SOON_MS ? 'warning' : 'good';
}
