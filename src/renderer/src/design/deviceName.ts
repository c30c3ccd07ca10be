/**
 * What to call a device by what its request or certificate says: its common name, or the next best thing. A device chooses its subject, so a name
 * is taken only where there is no doubt: a comma that is escaped ends no part, and of several common names none is preferred.
 */
export function deviceName({ subject, subjectAltNames }: { readonly subject: string; readonly subjectAltNames: readonly string[] }): string {
  const parts = (subject.match(/(?:\\.|[^,\\])+/g) ?? []).map((part) => part.trimStart());
  const [common, another] = parts.filter((part) => part.startsWith('CN=') && part.length > 3);
  if (common !== undefined && another === undefined) return withoutEscapes(common.slice(3));
  return subject !== '' ? subject : (subjectAltNames[0]?.replace(/^[A-Za-z]+:/, '') ?? 'A device without a name');
}

/** Octets in hex stay as they are: they stand for what must not be shown as itself. */
const withoutEscapes = (text: string): string => text.replace(/\\([^0-9A-Fa-f])/g, '$1');
