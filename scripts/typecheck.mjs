// Type-checks every folder with its own tsconfig, two at a time.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const folders = ['src/core', 'src/protocol', 'src/worker', 'src/cli', 'src/host', 'webview', 'test'];
let failed = 0;

async function worker() {
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const project = folder;
    const code = await new Promise((resolve) => {
      spawn(process.execPath, [tsc, '--project', project, '--pretty', 'false'], { stdio: 'inherit' }).on(
        'close',
        resolve,
      );
    });
    if (code !== 0) {
      failed++;
      console.error(`typecheck: ${project} has errors`);
    }
  }
}

await Promise.all([worker(), worker()]);
process.exitCode = failed === 0 ? 0 : 1;
