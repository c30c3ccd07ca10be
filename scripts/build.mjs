// Builds out/: run by npm as `prepare`, by `npm run build`, by the tests when sources are newer, and by the bin when nothing was built yet.
// Where the build tools were left out (`npm ci --omit=dev`) `prepare` does nothing and says so.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const outputs = ['out/main/index.js', 'out/main/headless.js', 'out/main/cryptoWorker.js', 'out/main/sqliteWorker.js', 'out/preload/index.cjs', 'out/renderer/index.html'];
const sources = ['src', 'resources', 'electron.vite.config.ts', 'package.json', 'tsconfig.base.json'];

/** The moment of the newest file below a path; 0 where there is none. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** True when something is missing in out/ or older than what it is made of. */
export function isStale() {
  const built = outputs.map((path) => join(root, path));
  if (!built.every((path) => existsSync(path))) return true;
  const oldest = Math.min(...built.map((path) => statSync(path).mtimeMs));
  return sources.some((path) => newest(join(root, path)) > oldest);
}

/** True where the tools and the sources to build from are installed. */
export function canBuild() {
  try {
    import.meta.resolve('electron-vite');
    import.meta.resolve('@vitejs/plugin-react');
  } catch {
    return false;
  }
  return existsSync(join(root, 'src/main/headless.ts'));
}

/** Builds everything; throws when the sources do not build. */
export async function buildAll() {
  const { build } = await import('electron-vite');
  process.chdir(root);
  await build({ root, logLevel: 'warn', configFile: join(root, 'electron.vite.config.ts') });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!canBuild()) {
    console.log('Nothing built: the build tools are not installed (npm ci without --omit=dev brings them).');
    process.exit(process.env.npm_lifecycle_event === 'prepare' ? 0 : 1);
  }
  await buildAll();
}
