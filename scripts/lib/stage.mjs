// Lays out what VS Code is given in tests and by `npm start`: the extension as it is packaged, and a workspace.
import { build } from 'esbuild';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildAll } from '../../esbuild.mjs';
import { fromRoot, out } from './paths.mjs';

const settings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'telemetry.telemetryLevel': 'off',
};

/** Builds the bundles and copies what belongs to the extension; returns the folder. */
export async function stageExtension({ name = 'extension', production = true, tests = false } = {}) {
  const folder = path.join(out, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await buildAll({ production });
  for (const part of ['package.json', 'package.nls.json', 'l10n', 'dist', 'media', 'examples/mlp_default.py']) {
    await cp(fromRoot(part), path.join(folder, part), { recursive: true });
  }
  if (tests) await buildSuite(path.join(folder, 'suite.js'));
  return folder;
}

/** The mocha suite in one file that runs in every host. */
export async function buildSuite(outfile) {
  await build({
    entryPoints: [fromRoot('test/vscode/index.ts')],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'browser',
    target: 'es2022',
    external: ['vscode'],
    define: { global: 'globalThis' },
    logLevel: 'warning',
  });
}

/** A copy of examples/; for tests and walks also their own files, and long ones for timing. */
export async function stageWorkspace({ name = 'workspace', tests = false, walks = false } = {}) {
  const folder = path.join(out, name);
  await rm(folder, { recursive: true, force: true });
  await cp(fromRoot('examples'), folder, { recursive: true });
  await mkdir(path.join(folder, '.vscode'), { recursive: true });
  await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings, null, 2));
  if (tests) {
    await writeFile(path.join(folder, 'long_file.py'), longFile());
    await writeFile(path.join(folder, 'longer_file.py'), longFile(3000));
    await cp(fromRoot('test/vscode/workspace'), folder, { recursive: true });
  }
  if (walks) await cp(fromRoot('test/webview/workspace'), folder, { recursive: true });
  return folder;
}

/** Fifteen models of 28 layers to a thousand lines. */
export function longFile(lines = 1000) {
  const text = ['from torch import nn', ''];
  const layers = Array.from({ length: 28 }, (_, i) => i);
  for (let model = 0; model < (15 * lines) / 1000; model++) {
    const width = 64 + model;
    text.push('', `class Model${model}(nn.Module):`, '    def __init__(self):', '        super().__init__()');
    text.push(...layers.map((i) => `        self.layer${i} = nn.Linear(${width}, ${width})`));
    text.push('', '    def forward(self, x):');
    text.push(...layers.map((i) => `        x = self.layer${i}(x).relu()`));
    text.push('        return x', '');
  }
  while (text.length < lines) text.push('# the end');
  return text.join('\n');
}
