// Runs the mocha suite in the web extension host of a real VS Code.
import path from 'node:path';
import { launchBrowser } from './lib/browser.mjs';
import { stageExtension, stageWorkspace } from './lib/stage.mjs';
import { serveVSCode } from './lib/vscodeWeb.mjs';

const limit = 120_000;
/** Lines of the suite itself; VS Code talks a lot besides. */
const ours = /^\[suite\] /gm;

const extension = await stageExtension({ name: 'extension-test', tests: true });
const workspace = await stageWorkspace({ name: 'workspace-test', tests: true });
const server = await serveVSCode({ extension, workspace, suite: path.join(extension, 'suite.js') });
const browser = await launchBrowser();
let timer;
try {
  const page = await browser.newPage();
  const code = await new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no result after ${limit / 1000} s`)), limit);
    if (process.env.DEBUG) page.on('console', (message) => console.log(`[page] ${message.text()}`));
    page.on('crash', () => reject(new Error('the page crashed')));
    page
      .exposeFunction('codeAutomationLog', (type, args) => {
        const text = args.map(String).join(' ');
        if (text.includes('[suite] ')) console.log(text.replace(ours, ''));
      })
      .then(() => page.exposeFunction('codeAutomationExit', resolve))
      .then(() => page.goto(server.url))
      .catch(reject);
  });
  process.exitCode = code === 0 ? 0 : 1;
} finally {
  clearTimeout(timer);
  await browser.close();
  server.close();
}
