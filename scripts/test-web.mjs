// Runs the mocha suite in the web extension host of a real VS Code.
import path from 'node:path';
import { launchBrowser } from './lib/browser.mjs';
import { stageExtension, stageWorkspace } from './lib/stage.mjs';
import { runSuiteInPage } from './lib/suite.mjs';
import { serveVSCode } from './lib/vscodeWeb.mjs';

const extension = await stageExtension({ name: 'extension-test', tests: true });
const workspace = await stageWorkspace({ name: 'workspace-test', tests: true });
const server = await serveVSCode({ extension, workspace, suite: path.join(extension, 'suite.js') });
const browser = await launchBrowser();
try {
  process.exitCode = (await runSuiteInPage(browser, server.url)) ? 0 : 1;
} finally {
  await browser.close();
  server.close();
}
