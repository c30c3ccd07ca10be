/**
 * Who may talk to the admin listener at all, before any token is looked at: a pure function, tested as a table.
 * Stops DNS rebinding (a stranger's name that resolves to loopback, told by Host) and web pages of other origins (told by Origin).
 */

export interface Knock {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** The port that this listener really has. */
  readonly port: number;
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'] as const;

/** Undefined where it may; otherwise why not. */
export function refuseRequest({ host, origin, port }: Knock): string | undefined {
  // A client leaves the port out where it is HTTP's own.
  const hosts = LOOPBACK_NAMES.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  if (host === undefined || !hosts.includes(host.toLowerCase())) return 'The Host header does not name this listener on loopback.';
  // Absent on plain GETs and from the command line. `null` is a sandboxed frame or a file: a stranger.
  if (origin !== undefined && !hosts.some((own) => origin.toLowerCase() === `http://${own}`)) return 'The Origin header names another site.';
  return undefined;
}

export const isRequestAllowed = (knock: Knock): boolean => refuseRequest(knock) === undefined;
