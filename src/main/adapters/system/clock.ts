/** The system's clock as an Instant: the one place where the time of day is read. */
import type { Clock } from '../../application/ports/system.ts';

export const createClock = (): Clock => ({ now: () => Date.now() });
