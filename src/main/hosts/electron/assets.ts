/**
 * Which file of the built window an app:// URL means, and under which policy it is shown. Free of Electron, so that
 * tests tell it without one.
 */
import { extname, resolve, sep } from 'node:path';
import { contentSecurityPolicy } from '../../adapters/web/page.ts';

export const APP_SCHEME = 'app';
export const APP_HOST = 'countersign';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** What the build puts into out/renderer; anything else is not served. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export interface Asset {
  readonly path: string;
  /** A page leaves room for the nonce of its load. */
  readonly isPage: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The file below `folder` that a URL names; undefined for another host, a path that leads out of it, or an unknown kind of file.
 * The page talks to nobody: what it knows comes over the bridge.
 */
export function findAsset(folder: string, address: string, nonce: string): Asset | undefined {
  const url = URL.parse(address);
  if (url === null || url.protocol !== `${APP_SCHEME}:` || url.host !== APP_HOST) return undefined;
  let name: string;
  try {
    name = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  if (name.includes('\0') || name.includes('\\')) return undefined;
  const root = resolve(folder);
  const path = resolve(root, `.${name === '/' || name === '' ? '/index.html' : name}`);
  const type = MEDIA_TYPES[extname(path)];
  if (!path.startsWith(root + sep) || type === undefined) return undefined;
  const isPage = type.startsWith('text/html');
  return {
    path,
    isPage,
    headers: {
      'Content-Type': type,
      'Content-Security-Policy': contentSecurityPolicy({ connect: 'none', ...(isPage ? { nonce } : {}) }),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    },
  };
}
