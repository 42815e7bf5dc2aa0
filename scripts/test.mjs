// npm test: every suite that needs nothing but npm; the last line adds them up.
import { spawn } from 'node:child_process';
import { fromRoot } from './lib/paths.mjs';

const suites = [
  { name: 'unit', command: ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--no-color'] },
  { name: 'web host', command: ['scripts/test-web.mjs'] },
  { name: 'user interface', command: ['scripts/test-ui.mjs'] },
];

let passed = 0;
let failed = 0;
for (const { name, command } of suites) {
  console.log(`\n== ${name}`);
  const { code, output } = await run(command);
  const counts = name === 'unit' ? vitestCounts(output) : lineCounts(output);
  passed += counts.passed;
  // A suite that ends badly without naming a failure counts as one.
  failed += counts.failed > 0 || (code === 0 && counts.passed > 0) ? counts.failed : 1;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function run(command) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { cwd: fromRoot(), stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** `Tests  2 failed | 10 passed (12)` */
function vitestCounts(output) {
  const line = /^\s*Tests\s+(.*)$/m.exec(output)?.[1] ?? '';
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  return { passed: count('passed'), failed: count('failed') };
}

/** The last `N passed, N failed`. */
function lineCounts(output) {
  const last = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  return { passed: Number(last?.[1] ?? 0), failed: Number(last?.[2] ?? 0) };
}
