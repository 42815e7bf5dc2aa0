// Compiles the AssemblyScript kernels, and lets bundles and tests import them: `import bytes from './kernels.wasm'`.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fromRoot } from './paths.mjs';

const sources = fromRoot('src/wasm');
/** A memory that threads share must say how far it may grow. */
const shared = ['--sharedMemory', '--maximumMemory', '65536'];
/** The same sources with and without fused multiply-add, for one thread or for several, by the name that is imported. */
const variants = {
  'kernels.wasm': ['--enable', 'simd'],
  'kernels.relaxed.wasm': ['--enable', 'simd,relaxed-simd'],
  'kernels.shared.wasm': ['--enable', 'simd,threads', ...shared],
  'kernels.shared.relaxed.wasm': ['--enable', 'simd,relaxed-simd,threads', ...shared],
};
const isKernel = /[\\/]kernels(\.shared)?(\.relaxed)?\.wasm$/;

async function compile(variant, files) {
  // Loaded only where something must be compiled: Binaryen is large.
  const { default: asc } = await import('assemblyscript/asc');
  const flags = ['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub'];
  let binary;
  const { error, stderr } = await asc.main(
    ['index.ts', '--outFile', 'kernels.wasm', '--importMemory', ...flags, ...variants[variant]],
    {
      readFile: (name) => files.get(path.posix.normalize(name)) ?? null,
      writeFile: (_name, contents) => {
        binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`AssemblyScript: ${stderr.toString()}`);
  return binary;
}

const compiled = new Map();

/** The binary of one variant; kept under node_modules/.cache by what it was made from. */
export function kernels(variant = 'kernels.wasm') {
  if (!compiled.has(variant)) compiled.set(variant, load(variant));
  return compiled.get(variant);
}

async function load(variant) {
  const names = (await readdir(sources)).filter((name) => name.endsWith('.ts')).sort();
  const files = new Map();
  for (const name of names) files.set(name, await readFile(path.join(sources, name), 'utf8'));
  const { version } = JSON.parse(await readFile(fromRoot('node_modules/assemblyscript/package.json'), 'utf8'));
  const recipe = await readFile(fromRoot('scripts/lib/wasm.mjs'), 'utf8');
  const key = createHash('sha256')
    .update(JSON.stringify([version, variant, recipe, ...files]))
    .digest('hex')
    .slice(0, 16);
  const cached = fromRoot('node_modules/.cache/initscope', `${key}.wasm`);
  try {
    return await readFile(cached);
  } catch {
    const binary = Buffer.from(await compile(variant, files));
    await mkdir(path.dirname(cached), { recursive: true });
    // Renamed into place, for others may be compiling the same.
    const part = `${cached}.${process.pid}`;
    await writeFile(part, binary);
    await rename(part, cached);
    return binary;
  }
}

export const esbuildKernels = {
  name: 'kernels',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: isKernel }, ({ path: file }) => ({ path: path.basename(file), namespace: 'kernels' }));
    onLoad({ filter: /.*/, namespace: 'kernels' }, async ({ path: variant }) => ({
      contents: await kernels(variant),
      loader: 'binary',
      watchFiles: (await readdir(sources)).map((name) => path.join(sources, name)),
    }));
  },
};

export const viteKernels = {
  name: 'kernels',
  enforce: 'pre',
  resolveId: (source) => (isKernel.test(source) ? `\0${path.basename(source)}` : undefined),
  async load(id) {
    if (!id.startsWith('\0kernels')) return undefined;
    const text = (await kernels(id.slice(1))).toString('base64');
    return `export default new Uint8Array(Buffer.from('${text}', 'base64'));`;
  },
};
