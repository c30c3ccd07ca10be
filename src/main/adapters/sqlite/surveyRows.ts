/** An authority's devices and how they stand to its new generation: facts in slices of rows, between which commits go ahead; counted by core/ca. */
import { type DeviceFacts, type NewGeneration, type SourceFacts, type SurveyQuery, survey } from '../../core/ca/adoption.ts';
import type { DeviceSurvey, SurveyedDevice } from '../../application/ports/store.ts';
import type { Cell } from './codec.ts';
import type { Sql } from './database.ts';

/** Row numbers looked at before commits get their turn. */
const SLICE = 4_000;

const DEVICES = `
SELECT c.seq, c.id, c.generation, c.notAfter, c.issuedAt,
  EXISTS (SELECT 1 FROM certificate n WHERE n.renews = c.id AND n.state <> 'revoked'),
  r.source, r.lastSeenAt, d.source, d.at
FROM certificate c INDEXED BY certificateFacts
LEFT JOIN request r ON r.id = c.requestId
LEFT JOIN deviceContact d ON d.certificateId = c.id
WHERE c.seq > ? AND c.seq <= ? AND c.state = 'valid' AND c.kind = 'device' AND c.notAfter > ? AND c.authorityId = ?
ORDER BY c.seq`;

const textOrNull = (cell: Cell | undefined): string | null => (typeof cell === 'string' ? cell : null);
const numberOrNull = (cell: Cell | undefined): number | null => (cell === null || cell === undefined ? null : Number(cell));

function factsOf(row: readonly Cell[]): DeviceFacts {
  const [place, id, generation, notAfter, issuedAt, replaced, asked, askedAt, met, metAt] = row;
  // A message that it signed tells where it is now; else its own request does.
  const newer = numberOrNull(metAt) !== null && Number(metAt) >= (numberOrNull(askedAt) ?? 0);
  return {
    certificateId: String(id),
    place: Number(place),
    generation: Number(generation),
    notAfter: Number(notAfter),
    issuedAt: Number(issuedAt),
    replaced: replaced === 1,
    source: textOrNull(newer ? met : asked),
    lastSeenAt: numberOrNull(newer ? metAt : askedAt),
  };
}

function sourcesOf(sql: Sql, authorityId: string, generation: number): ReadonlyMap<string, SourceFacts> {
  const rows = sql.prepare('SELECT source, firstAt, lastAt, fetchedAt FROM nextCaContact WHERE authorityId = ? AND generation = ?').rows(authorityId, generation);
  return new Map(rows.map(([source, firstAt, lastAt, fetchedAt]) => [String(source), { firstAt: Number(firstAt), lastAt: Number(lastAt), fetchedAt: numberOrNull(fetchedAt) }]));
}

/** The facts of one authority's devices, and when they were read: as long as nothing at all was written since, another page needs no other walk. */
interface Gathered {
  readonly authorityId: string;
  readonly changes: number;
  readonly devices: readonly DeviceFacts[];
}

export type SurveyRows = (authorityId: string, target: NewGeneration, query: SurveyQuery, at: number) => Generator<void, DeviceSurvey>;

/** Surveys over one database. */
export function openSurveys(sql: Sql): SurveyRows {
  const changes = (): number => Number(sql.prepare('SELECT total_changes()').row()?.[0]);
  let last: Gathered | undefined;

  return function* survey(authorityId, target, query, at) {
    if (last?.authorityId !== authorityId || last.changes !== changes()) {
      const before = changes();
      last = { authorityId, changes: before, devices: yield* gather(sql, authorityId, at) };
    }
    return surveyOf(sql, last, target, query, at);
  };
}

function* gather(sql: Sql, authorityId: string, at: number): Generator<void, readonly DeviceFacts[]> {
  const devices: DeviceFacts[] = [];
  const highest = Number(sql.prepare('SELECT coalesce(max(seq), 0) FROM certificate').row()?.[0] ?? 0);
  for (let from = 0; from < highest; from += SLICE) {
    for (const row of sql.prepare(DEVICES).rows(from, from + SLICE, at, authorityId)) devices.push(factsOf(row));
    yield;
  }
  return devices;
}

function surveyOf(sql: Sql, { authorityId, devices }: Gathered, target: NewGeneration, query: SurveyQuery, at: number): DeviceSurvey {
  const { page, ...rest } = survey(devices.filter(({ notAfter }) => notAfter > at), sourcesOf(sql, authorityId, target.number), target, query);
  const shown = sql.prepare('SELECT c.subject, c.serial, r.clientGuess FROM certificate c LEFT JOIN request r ON r.id = c.requestId WHERE c.seq = ?');
  return {
    ...rest,
    page: page.map((follower): SurveyedDevice => {
      const [subject, serial, client] = shown.row(follower.place) ?? [];
      return { ...follower, subject: String(subject), serial: String(serial), client: textOrNull(client) };
    }),
  };
}
