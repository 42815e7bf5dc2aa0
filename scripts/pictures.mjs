// Takes the pictures of the panel and the Lab that stand in media/, in a real VS Code.
import { LabHands } from '../test/webview/lab-hands.mjs';
import { panelHands } from '../test/webview/panel-hands.mjs';
import { until } from '../test/webview/until.mjs';
import { launchBrowser } from './lib/browser.mjs';
import { fromRoot, results } from './lib/paths.mjs';
import { stageExtension, stageWorkspace } from './lib/stage.mjs';
import { serveVSCode } from './lib/vscodeWeb.mjs';
import { Workbench } from './lib/workbench.mjs';

const server = await serveVSCode({
  extension: await stageExtension({ name: 'extension-ui' }),
  workspace: await stageWorkspace({ name: 'workspace-ui' }),
});
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(15_000);
  const bench = new Workbench(page);
  await bench.open(server.url);
  await bench.theme('Light Modern');
  const picture = (name, clip) => page.screenshot({ path: fromRoot(`media/${name}.png`), clip });

  await bench.openFile('mlp_default.py');
  await bench.command('InitScope: Inspect Model');
  const { panel, drawn } = panelHands({ bench, results });
  await drawn();
  const frame = await panel();
  await frame.locator('tbody tr[data-layer="net.20"]').click();
  await until(async () => /net\.20/.test(await frame.locator('.detail h2').innerText()));
  await frame.locator('body').evaluate(() => globalThis.scrollTo(0, 0));
  // Without the bars of the title and of the status.
  await picture('panel', { x: 0, y: 36, width: 1440, height: 826 });

  await bench.command('View: Close All Editors');
  await bench.command('InitScope: Open Lab');
  const hands = new LabHands(bench, results);
  await hands.frame.getByRole('heading', { name: 'Why not start all weights equal?' }).waitFor();
  await hands.open('Digits');
  await hands.button('Play').click();
  await hands.untilWords(/Batch 1\d\d,/);
  await hands.pause();
  await picture('lab', { x: 348, y: 36, width: 1092, height: 792 });
} finally {
  await browser.close();
  server.close();
}
