/** app://countersign: serves the built window from disk. file:// would give the page an origin that it shares with every file. */
import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { APP_SCHEME, findAsset } from './assets.ts';

/** Must run before Electron is ready: afterwards a scheme's privileges are fixed. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true } }]);
}

export function serveApp(session: Session, folder: string): void {
  session.protocol.handle(APP_SCHEME, async (request) => {
    const asset = request.method === 'GET' ? findAsset(folder, request.url) : undefined;
    if (asset === undefined) return new Response('Not found', { status: 404 });
    const bytes = await readFile(asset.path).catch(() => undefined);
    if (bytes === undefined) return new Response('Not found', { status: 404 });
    return new Response(new Uint8Array(bytes), { headers: asset.headers });
  });
}
