/** What a device's admin needs to set up a client by hand: the configuration endpoint of the admin listener (DESIGN section 5). */
import type { Deps } from './deps.ts';

export interface ScepConfiguration {
  readonly operations: readonly string[];
  readonly challenge_password_required: boolean;
  readonly default_validity_days: number | null;
  readonly renewal_threshold_days: number | null;
  readonly max_message_size: number;
  readonly setup: readonly string[];
  readonly example_urls: Readonly<Record<string, string>>;
}

/** With GetNextCACert while there is an answer to it. */
export const operationsOf = (directory: Deps['directory']): readonly string[] => [
  'GetCACaps',
  'GetCACert',
  ...(directory.authorities().some(({ id }) => directory.publishedGeneration(id)?.announcement) ? ['GetNextCACert'] : []),
  'PKIOperation',
];

/** What the device listener takes at most, in octets. */
const MAX_MESSAGE_SIZE = 1024 * 1024;

/** Of the default endpoint `/scep`, or of the first where that one is gone. */
export function getScepConfiguration({ directory, listener }: Deps): ScepConfiguration {
  const endpoint = directory.endpointByPath('/scep') ?? directory.endpoints()[0];
  const profile = endpoint === undefined ? undefined : directory.profile(endpoint.profileId);
  const { baseUrl } = listener.state();
  const url = baseUrl === null || endpoint === undefined ? undefined : `${baseUrl}${endpoint.path}`;
  return {
    operations: operationsOf(directory),
    challenge_password_required: endpoint?.authorization === 'challenge-only',
    default_validity_days: profile?.validityDays ?? null,
    renewal_threshold_days: profile?.renewalWindowDays ?? null,
    max_message_size: MAX_MESSAGE_SIZE,
    setup: [
      'Give the device the SCEP URL and let it fetch the CA certificate.',
      'Compare the CA certificate’s fingerprint that the device shows with the one of authorities.get.',
      'Enrol with a challenge from challenges.create, or without one and approve the request after comparing its fingerprint.',
    ],
    example_urls:
      url === undefined ? {} : { scep: url, capabilities: `${url}?operation=GetCACaps`, ca_certificate: `${url}?operation=GetCACert`, enrolment: `${url}?operation=PKIOperation` },
  };
}
