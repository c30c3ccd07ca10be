/**
 * How far an authority's devices follow to its new generation: who renewed under it, who asked for its certificate, who was never seen since.
 * GetNextCACert is unauthenticated, so a question is a source address's, and a device's only where no other device has that address.
 * Pure: both stores gather the facts, and count by this one file.
 */
import type { Instant } from '../lib/instant.ts';

/** `seen`: spoke to the CA since the publication and did not ask. */
export type Standing = 'renewed' | 'fetched' | 'seen' | 'silent';

/** Those that know least first: they are whom an admin has to look after. */
export const STANDINGS: readonly Standing[] = ['silent', 'seen', 'fetched', 'renewed'];

/** One valid device certificate. */
export interface DeviceFacts {
  readonly certificateId: string;
  /** Its row's number: what a list goes by. */
  readonly place: number;
  readonly generation: number;
  readonly notAfter: Instant;
  readonly issuedAt: Instant;
  /** Another certificate that is not revoked renewed it: its device is counted there. */
  readonly replaced: boolean;
  /** The address and the time of its last message that is known; null where it came from elsewhere. */
  readonly source: string | null;
  readonly lastSeenAt: Instant | null;
}

/** What an address asked for while a next generation was published. */
export interface SourceFacts {
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  /** When it first got the answer to GetNextCACert. */
  readonly fetchedAt: Instant | null;
}

/** Whom devices are to follow. */
export interface NewGeneration {
  readonly number: number;
  /** Null: nobody was told yet. */
  readonly publishedAt: Instant | null;
}

export interface Follower extends DeviceFacts {
  readonly standing: Standing;
  readonly fetchedAt: Instant | null;
  /** Devices behind its address, itself included; 0 where that is not known. */
  readonly sharedBy: number;
  /** Somebody at its address asked, and it cannot be told who. */
  readonly fetchedBySource: boolean;
}

export type StandingCounts = Readonly<Record<Standing, number>>;

export interface Survey {
  readonly counts: StandingCounts;
  /** Valid device certificates of each generation, replaced ones too. */
  readonly byGeneration: Readonly<Record<number, number>>;
  /** When the last of them ends, of the generations below the new one. */
  readonly lastEnd: Instant | null;
  readonly page: readonly Follower[];
  readonly nextCursor?: string;
  /** With the standing that was asked for. */
  readonly total: number;
}

export interface SurveyQuery {
  readonly standing?: Standing | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const latest = (a: Instant | null, b: Instant | null): Instant | null => (a === null ? b : b === null ? a : Math.max(a, b));

function follow(device: DeviceFacts, sharedBy: number, source: SourceFacts | undefined, { number, publishedAt }: NewGeneration): Follower {
  const alone = sharedBy === 1;
  const fetchedAt = alone ? (source?.fetchedAt ?? null) : null;
  const lastSeenAt = latest(device.lastSeenAt, alone ? (source?.lastAt ?? null) : null);
  const seen = publishedAt !== null && lastSeenAt !== null && lastSeenAt >= publishedAt;
  const standing: Standing = device.generation >= number ? 'renewed' : fetchedAt !== null ? 'fetched' : seen ? 'seen' : 'silent';
  return { ...device, lastSeenAt, standing, fetchedAt, sharedBy, fetchedBySource: !alone && source !== undefined && source.fetchedAt !== null };
}

interface Place {
  readonly rank: number;
  readonly place: number;
}

/** One that is none of ours is the end of every list. */
function readCursor(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [, rank, place] = /^([0-3])\.(\d{1,15})$/.exec(cursor) ?? [];
  return rank === undefined || place === undefined ? { rank: STANDINGS.length, place: 0 } : { rank: Number(rank), place: Number(place) };
}

/** Counts all devices and picks one page of them. `devices` in the order of their places. */
export function survey(devices: readonly DeviceFacts[], sources: ReadonlyMap<string, SourceFacts>, target: NewGeneration, query: SurveyQuery): Survey {
  const behind = new Map<string, number>();
  const byGeneration: Record<number, number> = {};
  let lastEnd: Instant | null = null;
  for (const { replaced, source, generation, notAfter } of devices) {
    byGeneration[generation] = (byGeneration[generation] ?? 0) + 1;
    if (replaced) continue;
    if (source !== null) behind.set(source, (behind.get(source) ?? 0) + 1);
    if (generation < target.number) lastEnd = latest(lastEnd, notAfter);
  }
  const counts: Record<Standing, number> = { renewed: 0, fetched: 0, seen: 0, silent: 0 };
  const wanted: { readonly rank: number; readonly follower: Follower }[] = [];
  const after = readCursor(query.cursor);
  for (const device of devices) {
    if (device.replaced) continue;
    const follower = follow(device, device.source === null ? 0 : (behind.get(device.source) ?? 0), device.source === null ? undefined : sources.get(device.source), target);
    counts[follower.standing] += 1;
    if (query.standing !== undefined && query.standing !== follower.standing) continue;
    const rank = STANDINGS.indexOf(follower.standing);
    if (after === undefined || rank > after.rank || (rank === after.rank && device.place > after.place)) wanted.push({ rank, follower });
  }
  wanted.sort((a, b) => a.rank - b.rank || a.follower.place - b.follower.place);
  const shown = wanted.slice(0, query.limit);
  const last = shown.at(-1);
  const next = last === undefined || wanted.length <= shown.length ? {} : { nextCursor: `${last.rank}.${last.follower.place}` };
  const total = query.standing === undefined ? counts.renewed + counts.fetched + counts.seen + counts.silent : counts[query.standing];
  return { counts, byGeneration, lastEnd, page: shown.map(({ follower }) => follower), ...next, total };
}
