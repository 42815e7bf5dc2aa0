// npm run package: builds for production, makes the .vsix, and looks at what is in it.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildAll } from '../esbuild.mjs';
import { listZip } from './lib/zip.mjs';
import { fromRoot, out } from './lib/paths.mjs';

const maxBytes = 1024 * 1024;
/** The panel's script: it is read anew whenever a panel is shown. */
const maxPanelBytes = 350 * 1024;
const { name, version } = JSON.parse(await readFile(fromRoot('package.json'), 'utf8'));
const file = path.join(out, `${name}-${version}.vsix`);

await mkdir(out, { recursive: true });
await buildAll({ production: true });
const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
execFileSync(
  process.execPath,
  [
    vsce,
    'package',
    '--no-dependencies',
    '--skip-license',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    file,
  ],
  {
    cwd: fromRoot(),
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);

const { size } = await stat(file);
const { size: panelSize } = await stat(fromRoot('dist/webview.js'));
const entries = listZip(await readFile(file));
const inside = entries
  .filter((entry) => entry.startsWith('extension/'))
  .map((entry) => entry.slice('extension/'.length));
const stray = inside.filter(
  (entry) =>
    !/^(package(\.nls)?\.json|readme\.md|changelog\.md|LICENSE\.txt|(dist|media)\/.*|l10n\/[\w.]+\.json|examples\/mlp_default\.py)$/i.test(
      entry,
    ) || /\.(ts|map)$|node_modules|(^|\/)test|cli\.js/.test(entry),
);
const missing = [
  'package.json',
  'dist/extension.js',
  'dist/web/extension.js',
  'dist/worker.js',
  'dist/helper.js',
  'dist/webview.js',
  'dist/webview.css',
  'dist/lab.js',
  'dist/lab.css',
  'l10n/bundle.l10n.json',
  // What "Open Sample Model" opens.
  'examples/mlp_default.py',
].filter((entry) => !inside.includes(entry));
const problems = [
  ...stray.map((entry) => `${entry} should not be packaged`),
  ...missing.map((entry) => `${entry} is missing`),
  ...(panelSize > maxPanelBytes ? [`the panel's script has ${(panelSize / 1024).toFixed(0)} KB`] : []),
  ...(size > maxBytes ? [`${(size / 1024).toFixed(0)} KB is more than ${maxBytes / 1024} KB`] : []),
];
for (const entry of inside) console.log(`  ${entry}`);
console.log(`${path.relative(fromRoot(), file)}: ${inside.length} files, ${(size / 1024).toFixed(0)} KB`);
for (const problem of problems) console.error(`package: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
