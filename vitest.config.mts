import { packPython } from './scripts/lib/pythonLibrary.mjs';
import { defineConfig, type Plugin } from 'vitest/config';
import { viteKernels } from './scripts/lib/wasm.mjs';

/** `import module from './file.py'` gives the file's packed syntax tree, as in the bundles. */
const pythonSource: Plugin = {
  name: 'python-source',
  transform: {
    filter: { id: /\.py$/ },
    handler: async (code) => ({ code: `export default ${await packPython(code)};`, map: null }),
  },
};

export default defineConfig({
  plugins: [pythonSource, viteKernels],
  test: {
    include: ['test/{unit,golden,property,parity,cli}/**/*.test.ts', 'test/webview/**/*.test.ts'],
    testTimeout: 20_000,
  },
});
