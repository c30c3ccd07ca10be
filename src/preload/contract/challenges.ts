/** challenges.*: one-time passwords. A password is shown once, by `create`, and is on no other channel. */
import { z } from 'zod';
import { byId, id, line, listInputOf, nameText, pageOf, time } from './values.ts';

export const CHALLENGE_STATES = ['live', 'spent', 'expired', 'withdrawn'] as const;

export const challenge = z.strictObject({
  id,
  state: z.enum(CHALLENGE_STATES),
  label: z.string().nullable(),
  endpoint: z.string().nullable(),
  profileId: z.string().nullable(),
  subject: z.string().nullable(),
  subjectAltNames: z.array(z.string()).nullable(),
  uses: z.number().int().min(1),
  usesLeft: z.number().int().min(0),
  createdAt: time,
  createdBy: z.string(),
  expiresAt: time,
  withdrawnAt: time.nullable(),
  lastUsedAt: time.nullable(),
});

export const challengeChannels = {
  'challenges.create': {
    input: z
      .strictObject({
        endpoint: line(64).optional(),
        profileId: id.optional(),
        subject: line(500).optional(),
        subjectAltNames: z.array(nameText).min(1).max(50).optional(),
        label: line(100).optional(),
        uses: z.number().int().min(1).max(1000).optional(),
        minutes: z.number().int().min(1).max(366 * 24 * 60).optional(),
      })
      .default({}),
    output: z.strictObject({ id, password: z.string(), expiresAt: time }),
  },
  'challenges.list': { input: listInputOf(CHALLENGE_STATES), output: pageOf(challenge) },
  'challenges.get': { input: byId, output: challenge },
  'challenges.withdraw': { input: byId, output: challenge },
} as const;
