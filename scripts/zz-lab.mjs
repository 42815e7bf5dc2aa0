import { mkdir } from 'node:fs/promises';
import { launchBrowser } from './lib/browser.mjs';
import { stageExtension, stageWorkspace } from './lib/stage.mjs';
import { serveVSCode } from './lib/vscodeWeb.mjs';
import { Workbench } from './lib/workbench.mjs';
await mkdir('test-results', { recursive: true });
const extension = await stageExtension({ name: 'extension-ui' });
const workspace = await stageWorkspace({ name: 'workspace-ui' });
const server = await serveVSCode({ extension, workspace });
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1100 } });
  page.setDefaultTimeout(15000);
  page.on('console', (m) => { if (/error|refused|violat/i.test(m.type() + m.text())) console.log('console:', m.text().slice(0, 300)); });
  const bench = new Workbench(page);
  await bench.open(server.url);
  await bench.theme(process.argv[2] ?? 'Light Modern');
  await bench.openFile('mlp_default.py');
  await bench.command('InitScope: Open Lab');
  await page.keyboard.press('Control+b');
  const lab = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await lab.locator('.pictures figure').first().waitFor({ timeout: 30000 });
  for (const tab of ['Symmetry', 'Scale', 'Products', 'Derivation', 'Regimes', 'Digits', 'Race']) {
    await lab.locator('.tab', { hasText: tab }).click();
    await page.waitForTimeout(700);
    const play = lab.locator('button', { hasText: 'Play' });
    if (await play.count()) { await play.click(); await page.waitForTimeout(6000); }
    console.log(tab, '|', await lab.locator('.words').innerText(), '|', await lab.locator('.bench > .problem').innerText());
    await page.screenshot({ path: `test-results/lab-${tab}.png` });
  }
} finally { await browser.close(); server.close(); }
