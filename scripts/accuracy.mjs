// Compares every engine with what PyTorch measured (test/parity/statistics.json) and rewrites the tables of docs/accuracy.md.
//   npm run accuracy [-- --layers]   also prints every number that is off by more than 15 %
import { spawnSync } from 'node:child_process';
import { bundled } from './lib/bundled.mjs';
import { fromRoot } from './lib/paths.mjs';

const bundle = await bundled('accuracy');
const { status } = spawnSync(process.execPath, ['--stack-size=3900', bundle, ...process.argv.slice(2)], {
  cwd: fromRoot('.'),
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
