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

/** What has less than this left, and less than a third of its life, should have been renewed; a certificate for a month is not late on its first day. */
const SOON_MS = 30 * 86_400_000;

export function toneOf(certificate: Dated, now: string): Tone {
  if (certificate.state === 'revoked') return 'danger';
  if (certificate.state === 'held') return 'warning';
  if (certificate.state === 'expired') return 'quiet';
  return Date.parse(certificate.notAfter) - Date.parse(now) < SOON_MS && elapsedOf(certificate, now) > 2 / 3 ? 'warning' : 'good';
}
