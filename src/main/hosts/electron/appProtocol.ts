/** app://countersign: serves the built window from disk. file:// would give the page an origin that it shares with every file. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { NOTHING_POLICY, withNonce } from '../../adapters/web/page.ts';
import { APP_SCHEME, findAsset } from './assets.ts';

/** Must run before Electron is ready: afterwards a scheme's privileges are fixed. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true } }]);
}

const notFound = (): Response => new Response('Not found', { status: 404, headers: { 'Content-Type': 'text/plain', 'Content-Security-Policy': NOTHING_POLICY, 'X-Content-Type-Options': 'nosniff' } });

export function serveApp(session: Session, folder: string): void {
  session.protocol.handle(APP_SCHEME, async (request) => {
    const nonce = randomBytes(18).toString('base64');
    const asset = request.method === 'GET' ? findAsset(folder, request.url, nonce) : undefined;
    if (asset === undefined) return notFound();
    const bytes = await readFile(asset.path).catch(() => undefined);
    if (bytes === undefined) return notFound();
    return new Response(asset.isPage ? withNonce(bytes.toString('utf8'), nonce) : new Uint8Array(bytes), { headers: asset.headers });
  });
}
