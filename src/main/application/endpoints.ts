/** The SCEP URLs: listed, saved, removed. What an endpoint does with a message is judged elsewhere; here it is only written down. */
import { toHex } from '../core/lib/bytes.ts';
import { err, ok } from '../core/lib/result.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { Endpoint } from '../core/ca/endpoint.ts';
import type { Deps, Outcome, Refusal } from './deps.ts';

export type EndpointWish = { readonly [Name in keyof Endpoint]?: Endpoint[Name] | undefined };

/** What a new endpoint is, apart from its path, authority and profile (DESIGN section 4). */
export const ENDPOINT_DEFAULTS: Omit<Endpoint, 'id' | 'path' | 'authorityId' | 'profileId'> = {
  authorization: 'challenge-or-hold',
  compatibility: 'standard',
  enabled: true,
  renewal: 'grant',
  earlyRenewal: 'grant',
  caCertificates: 'auto',
  includeRoot: false,
  caInCertRep: false,
  emptyContent: 'auto',
  announceSha384: false,
  supersedeAfterDays: null,
  version: 1,
};

export const listEndpoints = ({ directory }: Deps): readonly Endpoint[] => directory.endpoints();

/** Changes the given fields of an endpoint, or makes a new one. */
export async function saveEndpoint(deps: Deps, wish: EndpointWish, actor: Actor): Outcome<Endpoint> {
  const { id, version, ...fields } = wish;
  const before = id === undefined ? undefined : deps.directory.endpoint(id);
  if (id !== undefined && before === undefined) return err(NOT_FOUND);
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Endpoint>;
  const merged: Partial<Endpoint> = { ...(before ?? ENDPOINT_DEFAULTS), ...given };
  const { path, authorityId, profileId } = merged;
  if (path === undefined || authorityId === undefined || profileId === undefined) {
    const missing = path === undefined ? 'path' : authorityId === undefined ? 'authorityId' : 'profileId';
    return err({ code: 'invalid-input', message: `${missing}: a new endpoint needs it.` });
  }
  const endpoint: Endpoint = {
    ...ENDPOINT_DEFAULTS,
    ...merged,
    path,
    authorityId,
    profileId,
    id: before?.id ?? toHex(deps.crypto.random(8)),
    version: before === undefined ? 1 : before.version + 1,
  };
  const wrong = findWrongField(deps, endpoint);
  if (wrong !== undefined) return err(wrong);
  const done = await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [
      before === undefined ? { kind: 'absent', table: 'endpoint', id: endpoint.id } : { kind: 'version', table: 'endpoint', id: endpoint.id, version: version ?? before.version },
      { kind: 'path-free', path, endpointId: endpoint.id },
    ],
    changes: [{ kind: 'put', table: 'endpoint', value: endpoint }],
    audit: [{ action: 'endpoint.save', subject: `endpoint:${path}`, outcome: 'ok', code: 'done', detail: { ...endpoint } }],
  });
  if (!done.ok) return err(done.error.failed.kind === 'path-free' ? { code: 'path-taken', message: `Another endpoint has the path ${path}.` } : STALE);
  await deps.directory.refresh();
  deps.events.publish('authorities.changed');
  return ok(endpoint);
}

/** An endpoint with waiting requests stays: their devices poll it. */
export async function removeEndpoint(deps: Deps, input: { readonly id: string; readonly version?: number | undefined }, actor: Actor): Outcome<{ readonly id: string }> {
  const found = deps.directory.endpoint(input.id);
  if (found === undefined) return err(NOT_FOUND);
  const open = [...(await deps.store.read.waitingRequests()), ...(await deps.store.read.approvedRequests())].filter((request) => request.endpointId === input.id).length;
  if (open > 0) return err({ code: 'in-use', message: `${open === 1 ? 'One request waits' : `${open} requests wait`} at this endpoint.`, hint: 'Decide them first, or disable the endpoint instead.' });
  const done = await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [{ kind: 'version', table: 'endpoint', id: input.id, version: input.version ?? found.version }],
    changes: [{ kind: 'remove', table: 'endpoint', id: input.id }],
    audit: [{ action: 'endpoint.remove', subject: `endpoint:${found.path}`, outcome: 'ok', code: 'done', detail: { id: found.id } }],
  });
  if (!done.ok) return err(STALE);
  await deps.directory.refresh();
  deps.events.publish('authorities.changed');
  return ok({ id: input.id });
}

const NOT_FOUND: Refusal = { code: 'not-found', message: 'There is no endpoint with this id.' };
const STALE: Refusal = { code: 'stale-version', message: 'The endpoint was changed meanwhile.', hint: 'Read it again and decide on what it says now.' };

// `/scep/pkiclient.exe` is the default endpoint with the tail that Cisco and Windows append; `/scep/<endpoint>` must not be mistaken for it.
const PATH = /^\/scep(?:\/(?!pkiclient\.exe$)[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?)?$/;

function findWrongField({ directory }: Deps, endpoint: Endpoint): Refusal | undefined {
  if (!PATH.test(endpoint.path)) {
    return { code: 'invalid-input', message: 'path: must be /scep or /scep/<name>, the name of lower-case letters, digits, dots, dashes and underscores.' };
  }
  if (directory.authority(endpoint.authorityId) === undefined) return { code: 'not-found', message: 'authorityId: there is no such authority.' };
  if (directory.profile(endpoint.profileId) === undefined) return { code: 'not-found', message: 'profileId: there is no such profile.' };
  return undefined;
}
