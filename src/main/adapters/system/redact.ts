/**
 * What may be seen of a value in the log: secrets are told by the name of their field, by their form, and by being bytes.
 * The last line of defence; nothing secret is meant to get this far.
 */

const HIDDEN = '[redacted]';
const DEPTH = 8;
const LONGEST = 4000;

// Words of a field's name, whatever its spelling: `challengePassword`, `challenge_password`, `X-Api-Token`.
const SECRET_WORDS = new Set([
  'passphrase', 'passphrases', 'password', 'passwords', 'passwd', 'pwd', 'challenge', 'challenges', 'secret', 'secrets', 'token', 'tokens', 'bearer',
  'authorization', 'cookie', 'credential', 'credentials', 'pin', 'kek', 'pkcs8', 'pkcs12', 'pfx', 'p12', 'wrapped',
]);
// `key` alone may be a word in a table; with one of these it is key material.
const KEY_COMPANIONS = new Set(['private', 'secret', 'symmetric', 'wrapping', 'encryption', 'session', 'content', 'api', 'master', 'material', 'bytes', 'data', 'pem', 'der']);
// `challengeId`, `tokenExpiresAt`: about a secret, and needed to find it.
const HARMLESS_LAST_WORDS = new Set(['id', 'ids', 'count', 'state', 'status', 'kind', 'code', 'at', 'length', 'minimum', 'fingerprint', 'sha256', 'label', 'path']);

const PRIVATE_PEM = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----[\s\S]*?(-----END \1-----|$)/g;
const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi;
const TOKEN_IN_URL = /([#?&](?:token|password|challenge|passphrase)=)[^&#\s"']+/gi;

/** A copy that JSON can hold and anyone may read. */
export function redact(value: unknown): unknown {
  return show(value, 0, []);
}

function show(value: unknown, depth: number, above: readonly object[]): unknown {
  if (typeof value === 'string') return showText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (value === null || typeof value !== 'object') return value;
  // A request's bytes hold its challenge, a key's bytes are the key: of bytes only their number is told.
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (above.includes(value)) return '[circular]';
  if (depth >= DEPTH) return '[deeper]';
  const inside = [...above, value];
  if (Array.isArray(value)) return value.map((item) => show(item, depth + 1, inside));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[no date]' : value.toISOString();
  if (value instanceof Map || value instanceof Set) return `[${value.constructor.name} of ${value.size}]`;
  if (value instanceof Error) return showError(value, depth, inside);
  return showFields(value, depth, inside);
}

function showError(error: Error, depth: number, above: readonly object[]): unknown {
  const { name, message, stack, cause } = error;
  return {
    name,
    message: showText(message),
    ...(stack === undefined ? {} : { stack: showText(stack) }),
    ...(cause === undefined ? {} : { cause: show(cause, depth + 1, above) }),
    ...(showFields(error, depth, above) as object),
  };
}

function showFields(value: object, depth: number, above: readonly object[]): unknown {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, isSecretField(name, field) ? HIDDEN : show(field, depth + 1, above)]));
}

function isSecretField(name: string, value: unknown): boolean {
  // Numbers and truths are no secrets: `challenges: 3`, `challenge: true`. A PIN is, though.
  const words = wordsOf(name);
  if (value === null || value === undefined || typeof value === 'boolean') return false;
  if (typeof value === 'number') return words.includes('pin');
  if (HARMLESS_LAST_WORDS.has(words.at(-1) ?? '')) return false;
  return words.some((word) => SECRET_WORDS.has(word)) || ((words.includes('key') || words.includes('keys')) && words.some((word) => KEY_COMPANIONS.has(word)));
}

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

function showText(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return cut.replace(PRIVATE_PEM, `[${HIDDEN.slice(1, -1)} $1]`).replace(BEARER, `$1 ${HIDDEN}`).replace(TOKEN_IN_URL, `$1${HIDDEN}`);
}
