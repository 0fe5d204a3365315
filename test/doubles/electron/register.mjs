// Loaded with --import before anything else: `electron` is the double, and npm's `electron/index.js`, which would
// download a binary, can never be reached.
import { registerHooks } from 'node:module';

const double = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve(specifier, context, next) {
    if (/^electron(\/|$)/.test(specifier)) return { url: double, shortCircuit: true };
    return next(specifier, context);
  },
});
