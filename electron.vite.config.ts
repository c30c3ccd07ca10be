// The build: main (Electron and headless entries, two worker entries) as ES modules with fixed names, one CommonJS preload, the window.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  main: {
    build: {
      target: 'node22',
      sourcemap: true,
      minify: false,
      reportCompressedSize: false,
      rollupOptions: {
        input: {
          index: at('src/main/index.ts'),
          headless: at('src/main/headless.ts'),
          cryptoWorker: at('src/main/adapters/crypto/worker.ts'),
          sqliteWorker: at('src/main/adapters/sqlite/worker.ts'),
        },
        // Flat, so that `new URL('./cryptoWorker.js', import.meta.url)` is true from an entry and from a chunk alike.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      reportCompressedSize: false,
      minify: false,
      rollupOptions: {
        input: { index: at('src/preload/index.ts') },
        // A sandboxed preload is one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    base: './',
    plugins: [react()],
    // Filled in anew at each load by whoever serves the page: the component library's style elements carry it.
    html: { cspNonce: '__CSP_NONCE__' },
    build: {
      reportCompressedSize: false,
      minify: true,
      // No data: URLs and no inline script: the page runs under `default-src 'none'`.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { input: { index: at('src/renderer/index.html') } },
    },
  },
});
