/** The life of a split SCEP key: when it is renewed by itself, when an old one stops opening messages. Pure. */
import { DAY, type Instant } from '../lib/instant.ts';
import type { Generation, ScepIdentity } from './authority.ts';

interface Life {
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

// Long enough that a locked vault or a CA key in a safe is noticed and mended before devices are.
const RENEW_BEFORE_END = 60 * DAY;

/** 60 days before its end, and not before two thirds of its life where that is shorter. */
export const scepRenewalAt = ({ notBefore, notAfter }: Life): Instant => Math.max(notAfter - RENEW_BEFORE_END, notBefore + ((notAfter - notBefore) * 2) / 3);

/** True when it is time, and a new certificate would live longer: near the CA's own end it would not. */
export const scepRenewalDue = (life: Life, issuer: Pick<Generation, 'notAfter'>, now: Instant): boolean => now >= scepRenewalAt(life) && issuer.notAfter > life.notAfter;

/** Devices that keep a CA certificate file for months still encrypt to it for a while after its end. */
const OPENS_AFTER_END = 30 * DAY;

/** True when nobody can honestly encrypt to this key any more. */
export const isForgotten = ({ active, notAfter }: Pick<ScepIdentity, 'active' | 'notAfter'>, now: Instant): boolean => !active && now >= notAfter + OPENS_AFTER_END;
