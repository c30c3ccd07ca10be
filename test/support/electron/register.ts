/** `node --import` this: from here on `electron` is the stand-in. The product's built main process then runs on plain Node. */
import { registerHooks } from 'node:module';

const standIn = new URL('./index.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, nextResolve) => (specifier === 'electron' ? { url: standIn, format: 'module', shortCircuit: true } : nextResolve(specifier, context)),
});
