/** What the page may ask of the browser around it: to put text on the clipboard, and nothing else. Pure, told as a table. */
import { APP_HOST, APP_SCHEME } from './assets.ts';

/** `from` is the URL (or origin) of whoever asks. */
export function isPermitted(permission: string, from: string | undefined, isMainFrame: boolean): boolean {
  if (permission !== 'clipboard-sanitized-write' || !isMainFrame || from === undefined) return false;
  const url = URL.parse(from);
  return url !== null && url.protocol === `${APP_SCHEME}:` && url.host === APP_HOST;
}
