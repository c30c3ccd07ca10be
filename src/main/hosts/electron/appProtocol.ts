/** app://countersign: serves the built window from disk. file:// would give the page an origin that it shares with every file. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { withNonce } from '../../adapters/web/page.ts';
import { APP_SCHEME, findAsset } from './assets.ts';

/** Must run before Electron is ready: afterwards a scheme's privileges are fixed. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true } }]);
}

export function serveApp(session: Session, folder: string): void {
  session.protocol.handle(APP_SCHEME, async (request) => {
    const nonce = randomBytes(18).toString('base64');
    const asset = request.method === 'GET' ? findAsset(folder, request.url, nonce) : undefined;
    if (asset === undefined) return new Response('Not found', { status: 404 });
    const bytes = await readFile(asset.path).catch(() => undefined);
    if (bytes === undefined) return new Response('Not found', { status: 404 });
    return new Response(asset.isPage ? withNonce(bytes.toString('utf8'), nonce) : new Uint8Array(bytes), { headers: asset.headers });
  });
}
