/** What stands beside a signing request: its digest as `openssl req -outform DER | openssl dgst -sha256` prints it, and the command that signs it. */

/** Of the DER in a PEM file (or of a DER file), both as base64. */
export async function sha256OfBase64(base64: string): Promise<string> {
  const bytes = bytesOf(base64);
  const text = new TextDecoder().decode(bytes);
  const pem = /-----BEGIN [^-]+-----([A-Za-z0-9+/=\s]+)-----END /.exec(text);
  const der = pem?.[1] === undefined ? bytes : bytesOf(pem[1].replace(/\s/g, ''));
  const digest = await crypto.subtle.digest('SHA-256', der);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** Prints what the page shows as the request's SHA-256. */
export const digestCommand = (name: string): string => `openssl req -in ${quote(name)} -outform DER | openssl dgst -sha256`;

/** The extensions stand in the request, so they need no file of their own. */
export const signingCommand = (name: string): string =>
  `openssl x509 -req -copy_extensions copyall -in ${quote(name)} -CA root.pem -CAkey root.key -CAcreateserial -days 3650 -sha256 -out ${quote(name.replace(/\.csr$/, '.pem'))}`;

/** A name as the shell reads it. */
const quote = (text: string): string => (/^[A-Za-z0-9._/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
