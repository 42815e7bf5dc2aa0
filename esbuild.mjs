// Builds every bundle: extension (desktop and web), worker, panel and command line.
import { build, context } from 'esbuild';
import { rm } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { esbuildSources } from './scripts/lib/sources.mjs';

/** Swaps the file that starts the worker on desktop for the one that starts it in a browser. */
const webWorkerLauncher = {
  name: 'web-worker-launcher',
  setup({ onResolve }) {
    onResolve({ filter: /\/startWorker\.js$/ }, ({ resolveDir, path }) => ({
      path: `${resolveDir}/${path.replace(/\.js$/, '.web.ts')}`,
    }));
  },
};

/** @param {{ production: boolean }} options */
export function bundles({ production }) {
  const common = {
    bundle: true,
    minify: production,
    sourcemap: production ? false : 'linked',
    target: 'es2022',
    legalComments: 'none',
    plugins: esbuildSources,
    logLevel: 'warning',
  };
  const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };
  const browser = { ...common, platform: 'browser', mainFields: ['module', 'main'] };
  return [
    { ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
    {
      ...browser,
      format: 'cjs',
      entryPoints: ['src/extension.ts'],
      outfile: 'dist/web/extension.js',
      external: ['vscode'],
      plugins: [...esbuildSources, webWorkerLauncher],
    },
    { ...browser, format: 'iife', entryPoints: ['src/worker/main.ts'], outfile: 'dist/worker.js' },
    { ...node, entryPoints: ['src/worker/helper.ts'], outfile: 'dist/helper.js' },
    { ...browser, format: 'iife', entryPoints: ['webview/main.ts'], outfile: 'dist/webview.js' },
    { ...common, entryPoints: ['webview/panel.css'], outfile: 'dist/webview.css' },
    { ...browser, format: 'iife', entryPoints: ['webview/lab/main.ts'], outfile: 'dist/lab.js' },
    { ...common, entryPoints: ['webview/lab/lab.css'], outfile: 'dist/lab.css' },
    { ...node, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
  ];
}

/** @param {{ production?: boolean }} [options] */
export async function buildAll({ production = false } = {}) {
  await rm('dist', { recursive: true, force: true });
  await Promise.all(bundles({ production }).map((options) => build(options)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const production = process.argv.includes('--production');
  if (process.argv.includes('--watch')) {
    for (const options of bundles({ production })) await (await context(options)).watch();
  } else {
    await buildAll({ production });
  }
}
