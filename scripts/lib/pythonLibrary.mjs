// `import module from './file.py'` gives the file's packed syntax tree (src/core/python/syntax/packed), in bundles and in tests.
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Our own parser, bundled once a process. */
let packer;

async function loadPacker() {
  const result = await build({
    entryPoints: [path.join(root, 'src/core/python/syntax/packed/pack.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  const module = { exports: {} };
  const { runInThisContext } = await import('node:vm');
  const wrapper = runInThisContext(`(function (module, exports, require) {${result.outputFiles[0].text}\n})`);
  wrapper(module, module.exports, createRequire(import.meta.url));
  return module.exports;
}

/** The packed form of a Python source, as JSON. */
async function packPython(source) {
  packer ??= loadPacker();
  return JSON.stringify((await packer).packModule(source));
}

export const pythonLibrary = {
  name: 'python-library',
  setup({ onLoad }) {
    onLoad({ filter: /\.py$/ }, async ({ path: file }) => ({
      contents: await packPython(await readFile(file, 'utf8')),
      loader: 'json',
    }));
  },
};

export const vitePythonLibrary = {
  name: 'python-library',
  transform: {
    filter: { id: /\.py$/ },
    handler: async (source) => ({ code: `export default ${await packPython(source)};`, map: null }),
  },
};
