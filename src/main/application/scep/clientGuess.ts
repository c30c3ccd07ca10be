/** A guess at what kind of device asks, from its User-Agent: shown to the admin as a guess, never relied on. */
import type { ClientKind } from '../../core/ca/clientKind.ts';

const KNOWN: readonly (readonly [RegExp, ClientKind])[] = [
  [/cisco pki/i, 'Cisco IOS'],
  [/mdmclient|cfnetwork|darwin/i, 'Apple device'],
  [/strongswan/i, 'strongSwan'],
  [/certmonger|libcurl/i, 'certmonger'],
  [/^go-http-client/i, 'Go client (micromdm, step)'],
  [/^java\//i, 'jscep (Java)'],
  [/mscep|cryptoapi|wininet|winhttp/i, 'Windows'],
  [/mikrotik|routeros/i, 'MikroTik RouterOS'],
];

export const guessClient = (userAgent: string | null): ClientKind | null => (userAgent === null ? null : (KNOWN.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null));
