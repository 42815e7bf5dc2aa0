// npm start: a real VS Code in the browser with the extension running on examples/.
import { stageExtension, stageWorkspace } from './lib/stage.mjs';
import { freePort, serveVSCode } from './lib/vscodeWeb.mjs';

const port = await freePort(Number(process.env.PORT ?? 3000));
const extension = await stageExtension();
const workspace = await stageWorkspace();
const { url, close } = await serveVSCode({ extension, workspace, port });
console.log(`\nVS Code with InitScope on the examples: ${url}\n`);
console.log('Open mlp_default.py, hover a layer, run "InitScope: Inspect Model" from the palette. Ctrl+C stops it.');
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    close();
    process.exit(0);
  });
}
