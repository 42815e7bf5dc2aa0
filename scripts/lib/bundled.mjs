import { build } from 'esbuild';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fromRoot } from './paths.mjs';
import { esbuildSources } from './sources.mjs';

/** Bundles one of the scripts for Node; the answer is where it is. */
export async function bundled(script, options = {}) {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'initscope-')), `${script}.cjs`);
  await build({
    entryPoints: [fromRoot(`scripts/${script}.ts`)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    plugins: esbuildSources,
    logLevel: 'warning',
    ...options,
  });
  return file;
}
