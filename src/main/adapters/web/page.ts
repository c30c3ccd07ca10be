/**
 * The window's page as it is handed out: its content security policy, and the nonce that lets the component library add its <style> elements.
 * Both hosts of the page use it; scripts come from its own origin only, and nothing inline ever runs.
 */

/** What the build leaves in index.html where a nonce belongs. */
const PLACEHOLDER = '__CSP_NONCE__';

/** Base64 of 128 random bits or more: anything else could break out of the header or the attribute. */
const NONCE = /^[A-Za-z0-9+/_-]{22,}={0,2}$/;

export interface PagePolicy {
  /** Fresh for each load of the page; left out for files that are no page. */
  readonly nonce?: string;
  /** `self` where the page calls its server, `none` where all it knows comes over a bridge. */
  readonly connect: 'self' | 'none';
}

/** The value of the Content-Security-Policy header. */
export function contentSecurityPolicy({ nonce, connect }: PagePolicy): string {
  if (nonce !== undefined && !NONCE.test(nonce)) throw new Error('a nonce is base64 of at least 128 bits');
  return [
    "default-src 'none'",
    "script-src 'self'",
    nonce === undefined ? "style-src 'self'" : `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "font-src 'self'",
    `connect-src '${connect}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** For answers that are no page: whatever a browser takes them for, nothing in them runs, loads or is framed. */
export const NOTHING_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/** The page with this load's nonce wherever the build left room for one. */
export function withNonce(html: string, nonce: string): string {
  if (!NONCE.test(nonce)) throw new Error('a nonce is base64 of at least 128 bits');
  return html.replaceAll(PLACEHOLDER, nonce);
}
