/** How things stand, in four tones and a quiet one. A tone always comes with an icon and a word. */
import type { IconName } from './Icon.tsx';

export type Tone = 'good' | 'notice' | 'warning' | 'danger' | 'quiet';

/** A state as a person reads it. */
export interface StateLook {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: IconName;
}

export const REQUEST_STATE = {
  pending: { word: 'Waiting', tone: 'notice', icon: 'clock' },
  approved: { word: 'Approved', tone: 'good', icon: 'check' },
  issued: { word: 'Issued', tone: 'good', icon: 'doubleCheck' },
  refused: { word: 'Refused', tone: 'danger', icon: 'stop' },
  expired: { word: 'Lapsed', tone: 'quiet', icon: 'clock' },
  superseded: { word: 'Superseded', tone: 'quiet', icon: 'undo' },
} as const satisfies Record<string, StateLook>;

export const CERTIFICATE_STATE = {
  valid: { word: 'Valid', tone: 'good', icon: 'check' },
  held: { word: 'On hold', tone: 'warning', icon: 'pause' },
  revoked: { word: 'Revoked', tone: 'danger', icon: 'stop' },
  expired: { word: 'Expired', tone: 'quiet', icon: 'clock' },
} as const satisfies Record<string, StateLook>;

export const CHALLENGE_STATE = {
  live: { word: 'Live', tone: 'good', icon: 'check' },
  spent: { word: 'Spent', tone: 'quiet', icon: 'doubleCheck' },
  expired: { word: 'Expired', tone: 'quiet', icon: 'clock' },
  withdrawn: { word: 'Withdrawn', tone: 'danger', icon: 'stop' },
} as const satisfies Record<string, StateLook>;

export const SEVERITY = {
  info: { word: 'Note', tone: 'quiet', icon: 'info' },
  notice: { word: 'Notice', tone: 'notice', icon: 'info' },
  warning: { word: 'Warning', tone: 'warning', icon: 'warning' },
  danger: { word: 'Danger', tone: 'danger', icon: 'danger' },
} as const satisfies Record<string, StateLook>;

export const OUTCOME = {
  success: { word: 'Success', tone: 'good', icon: 'check' },
  pending: { word: 'Pending', tone: 'notice', icon: 'clock' },
  failure: { word: 'Failure', tone: 'danger', icon: 'stop' },
  rejected: { word: 'Rejected', tone: 'warning', icon: 'warning' },
  ok: { word: 'Done', tone: 'good', icon: 'check' },
  refused: { word: 'Refused', tone: 'danger', icon: 'stop' },
  failed: { word: 'Failed', tone: 'warning', icon: 'warning' },
} as const satisfies Record<string, StateLook>;
