/** A guess at what kind of device asks, from its User-Agent: shown to the admin as a guess, never relied on. */

const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/cisco pki/i, 'Cisco IOS'],
  [/mdmclient|cfnetwork|darwin/i, 'Apple device'],
  [/strongswan/i, 'strongSwan'],
  [/certmonger|libcurl/i, 'certmonger'],
  [/^go-http-client/i, 'Go client (micromdm, step)'],
  [/^java\//i, 'jscep (Java)'],
  [/mscep|cryptoapi|wininet|winhttp/i, 'Windows'],
  [/mikrotik|routeros/i, 'MikroTik RouterOS'],
];

export const guessClient = (userAgent: string | null): string | null => (userAgent === null ? null : (KNOWN.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null));
