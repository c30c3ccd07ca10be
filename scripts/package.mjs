// `npm run package`: builds, then makes installers for this system in dist/. The packager is no dependency of Countersign: npx fetches it from
// the npm registry, and it fetches Electron's binary and its own tools from GitHub. Further arguments go to it (`npm run package -- --dir`).
import { fileURLToPath } from 'node:url';
import { buildAll } from './build.mjs';
import { run } from './relay.mjs';

const BUILDER = 'electron-builder@26.17.0';
const root = fileURLToPath(new URL('..', import.meta.url));

console.log('Building …');
await buildAll();
console.log(`Packaging with ${BUILDER}, which npx and GitHub have to provide …`);
const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
const { code, signal } = await run(npx, ['--yes', BUILDER, '--config', 'electron-builder.json', '--publish', 'never', ...process.argv.slice(2)], {
  cwd: root,
  shell: process.platform === 'win32',
}).catch((error) => {
  console.error(error instanceof Error ? error.message : String(error));
  return { code: 1, signal: null };
});
if (code !== 0) {
  console.error(`Nothing was packaged (${signal ?? `exit ${code}`}). ${BUILDER} comes from the npm registry, Electron and the packager’s tools from GitHub: both must be reachable, or lie in their caches.`);
  process.exitCode = 1;
}
