/** The window's built files, for a browser on loopback. Only what lies in the folder, by exact name; a path that leads out of it is not found. */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

export interface StaticFile {
  readonly mediaType: string;
  readonly body: Buffer;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** The file for a URL path; `/` is index.html. Undefined where there is none. */
export async function readStaticFile(folder: string, urlPath: string): Promise<StaticFile | undefined> {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (path.includes('\0') || path.includes('\\')) return undefined;
  const file = normalize(join(folder, path === '/' ? 'index.html' : path));
  const mediaType = MEDIA_TYPES[extname(file)];
  if (mediaType === undefined || !file.startsWith(normalize(folder) + sep)) return undefined;
  try {
    return { mediaType, body: await readFile(file) };
  } catch {
    return undefined;
  }
}
