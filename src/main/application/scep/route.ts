/** Which endpoint a device's URL means (DESIGN section 5). A disabled endpoint is found, so that it can be refused by name. */
import type { Endpoint } from '../../core/ca/endpoint.ts';
import type { Directory } from '../directory.ts';
import type { RouteTarget } from '../deviceDoor.ts';

const DEFAULT_PATH = '/scep';

/** `//scep//lab/pkiclient.exe` as segments: clients double slashes and append what they like (SCEP.md A2.2). */
const segmentsOf = (path: string): readonly string[] => path.split('/').filter((s) => s !== '');

/** The endpoint whose path is the longest beginning of this one: `/scep/lab/pkiclient.exe` is `/scep/lab` where that exists, else `/scep`. */
function longestMatch(directory: Directory, path: string): Endpoint | undefined {
  const asked = segmentsOf(path);
  return directory
    .endpoints()
    .filter((endpoint) => segmentsOf(endpoint.path).every((segment, i) => segment === asked[i]))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

const defaultAmong = (endpoints: readonly Endpoint[]): Endpoint | undefined =>
  endpoints.find((e) => e.path === DEFAULT_PATH) ?? endpoints.find((e) => e.enabled) ?? endpoints[0];

/** The endpoint a request is for; undefined where the URL names none that exists. */
export function resolveEndpoint(directory: Directory, target: RouteTarget): Endpoint | undefined {
  switch (target.kind) {
    case 'path':
      return longestMatch(directory, target.path);
    case 'alias': {
      if (target.caId === null) return defaultAmong(directory.endpoints());
      const authority = /^\d{1,9}$/.test(target.caId) ? directory.authorityByNumber(Number(target.caId)) : undefined;
      return authority === undefined ? undefined : defaultAmong(directory.endpoints().filter((e) => e.authorityId === authority.id));
    }
    case 'endpoint-name':
      return directory.endpointByPath(`${DEFAULT_PATH}/${target.name}`) ?? (target.name === 'scep' || target.name === 'default' ? directory.endpointByPath(DEFAULT_PATH) : undefined);
    case 'profile': {
      const profile = directory.profile(target.profile) ?? directory.profiles().find((p) => p.name === target.profile);
      const endpoints = profile === undefined ? [] : directory.endpoints().filter((e) => e.profileId === profile.id);
      return endpoints.find((e) => e.enabled) ?? endpoints[0];
    }
  }
}
