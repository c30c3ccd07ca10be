/** How far a CA reaches: how many CAs may stand below it, and which names what it issues may bear. */
import { z } from 'zod';
import { nameText } from './values.ts';

/** `DNS:office.lan` (and all below), `DNS:.office.lan` (only below), `IP:192.0.2.0/24`, `email:office.lan`, `URI:.office.lan`, `DirName:O=Office`. */
const trees = z.array(nameText).max(100);

/** Null: none. */
export const limits = {
  pathLength: z.number().int().min(0).nullable(),
  nameConstraints: z.strictObject({ permitted: z.array(z.string()), excluded: z.array(z.string()) }).nullable(),
} as const;

export const limitsInput = {
  /** How many CAs may stand below it, one under the other. Left out: 0 for an issuing CA, none (null) for a root. */
  pathLength: z.number().int().min(0).max(10).nullable().optional(),
  nameConstraints: z.strictObject({ permitted: trees.default([]), excluded: trees.default([]) }).optional(),
} as const;
