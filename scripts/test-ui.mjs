// Walks through the extension in a real VS Code as a person would; screenshots go to test-results/.
// `node scripts/test-ui.mjs lab` takes only the walks named, in that order.
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { labSteps } from '../test/webview/lab.mjs';
import { editorSteps } from '../test/webview/walk-editor.mjs';
import { exportSteps } from '../test/webview/walk-exports.mjs';
import { looksSteps } from '../test/webview/walk-looks.mjs';
import { panelSteps } from '../test/webview/walk-panel.mjs';
import { whatIfSteps } from '../test/webview/walk-what-if.mjs';
import { steps } from '../test/webview/walk.mjs';
import { launchBrowser } from './lib/browser.mjs';
import { results } from './lib/paths.mjs';
import { stageExtension, stageWorkspace } from './lib/stage.mjs';
import { serveVSCode } from './lib/vscodeWeb.mjs';
import { Workbench } from './lib/workbench.mjs';

const walks = {
  start: steps,
  panel: panelSteps,
  'what-if': whatIfSteps,
  exports: exportSteps,
  looks: looksSteps,
  lab: labSteps,
  editor: editorSteps,
};
const chosen = process.argv.slice(2);

await rm(results, { recursive: true, force: true });
await mkdir(results, { recursive: true });
const extension = await stageExtension({ name: 'extension-ui' });
const workspace = await stageWorkspace({ name: 'workspace-ui', walks: true });
const server = await serveVSCode({ extension, workspace });
const browser = await launchBrowser();
let passed = 0;
let failed = 0;
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(15_000);
  const bench = new Workbench(page);
  await bench.open(server.url);
  const taken = chosen.length === 0 ? Object.keys(walks) : chosen;
  for (const [title, step] of taken.flatMap((name) => walks[name]({ bench, results }))) {
    const start = performance.now();
    try {
      await step();
      passed++;
      console.log(`  ok ${title} (${(performance.now() - start).toFixed(0)} ms)`);
    } catch (error) {
      failed++;
      console.log(`  FAILED ${title}\n${error instanceof Error ? error.stack : String(error)}`);
      await page.screenshot({ path: path.join(results, `failed-${failed}.png`) });
    }
  }
} finally {
  await browser.close();
  server.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
