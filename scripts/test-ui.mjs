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

/** A workbench of its own: nothing that another one has written is in it. */
async function workbench() {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(15_000);
  const bench = new Workbench(page);
  await bench.open(server.url);
  return bench;
}

/** Takes a walk's steps, one after the other, and says how each went; a walk that may be taken again ends at a failure. */
async function take(name, bench, isLast) {
  const counts = { passed: 0, failed: 0 };
  for (const [title, step] of walks[name]({ bench, results })) {
    const start = performance.now();
    try {
      await step();
      counts.passed++;
      console.log(`  ok ${title} (${(performance.now() - start).toFixed(0)} ms)`);
    } catch (error) {
      counts.failed++;
      console.log(`  FAILED ${title}\n${error instanceof Error ? error.stack : String(error)}`);
      await bench.page.screenshot({ path: path.join(results, `failed-${name}-${isLast ? 2 : 1}.png`) });
      if (!isLast) break;
    }
  }
  return counts;
}

try {
  let bench = await workbench();
  for (const name of chosen.length === 0 ? Object.keys(walks) : chosen) {
    let counts = await take(name, bench, false);
    // Eighty steps of somebody's hands in a real workbench: one that was in its way once is no fault of ours, twice is.
    if (counts.failed > 0) {
      console.log(`  the walk "${name}" is taken again, from its start, in a workbench of its own`);
      await bench.page.close();
      bench = await workbench();
      counts = await take(name, bench, true);
    }
    passed += counts.passed;
    failed += counts.failed;
  }
} finally {
  await browser.close();
  server.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
