import { defineConfig, type Plugin } from 'vitest/config';
import { viteKernels } from './scripts/lib/wasm.mjs';

/** `import source from './file.py'` gives the file's text, as in the bundles. */
const pythonSource: Plugin = {
  name: 'python-source',
  transform: {
    filter: { id: /\.py$/ },
    handler: (code) => ({ code: `export default ${JSON.stringify(code)};`, map: null }),
  },
};

export default defineConfig({
  plugins: [pythonSource, viteKernels],
  test: {
    include: ['test/{unit,golden,property,parity,cli}/**/*.test.ts', 'test/webview/**/*.test.ts'],
    testTimeout: 20_000,
  },
});
