/** How every call ends: a value, or an error with a stable code, a sentence with the cause and, where there is one, the next step. */
import { z } from 'zod';

export const problem = z.strictObject({ code: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), message: z.string(), hint: z.string().optional() });

export const reply = z.discriminatedUnion('ok', [z.strictObject({ ok: z.literal(true), value: z.unknown() }), z.strictObject({ ok: z.literal(false), error: problem })]);

export type Problem = { readonly code: string; readonly message: string; readonly hint?: string };
export type Reply = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: Problem };
