import * as vscode from 'vscode';
import * as assert from './assert.js';
import { hoverAt, hoverOn, loadFactor, openExample, positionOf } from './helpers.js';
import { say } from './reporter.js';

describe('hover', () => {
  it('tells what a layer starts from and what it should start from', async () => {
    const document = await openExample('mlp_default.py');
    const text = await hoverOn(document, 'nn.Linear(width, width)');
    assert.match(text, /Linear.*20 layers here/);
    assert.match(text, /fan-in 1,000/);
    assert.match(text, /PyTorch default/);
    assert.match(text, /0\.0183/);
    assert.match(text, /0\.333/);
    assert.match(text, /He normal, σ = 0\.0447.*19 of 20 layers/);
    assert.match(text, /net\.0.*LeCun normal, σ = 0\.0316/);
    assert.match(text, /command:initscope\.inspectModel/);
  });

  it('answers quickly in a file of 1,000 lines', async () => {
    const document = await openExample('long_file.py');
    assert.equal(document.lineCount, 1000);
    await hoverOn(document, 'nn.Linear(64, 64)');
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const position = positionOf(document, 'nn.Linear(', 21 * i);
      const start = performance.now();
      const text = await hoverAt(document, position);
      times.push(performance.now() - start);
      assert.match(text, /fan-in/);
    }
    times.sort((a, b) => a - b);
    const [median, slowest] = [times[10] ?? NaN, times.at(-1) ?? NaN];
    const load = loadFactor();
    say(
      `hover in 1,000 lines: median ${median.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms (machine load ×${load.toFixed(1)})`,
    );
    assert.ok(median < 2_000, `median ${median.toFixed(1)} ms`);
  });
});

describe('what cannot be known', () => {
  it('reads the models around a syntax error, and says where it is', async () => {
    const document = await openExample('syntax_error.py');
    assert.match(await hoverOn(document, 'nn.Linear(784, 256)'), /fan-in 784/);
    assert.match(await hoverOn(document, 'nn.Linear(32, 256)'), /fan-in 32/);
    assert.match(await hoverOn(document, 'nn.Linear(32,\n'), /could not read/);
  });

  it('names the unknown size and recommends in symbols', async () => {
    const document = await openExample('hard_cases.py');
    const text = await hoverOn(document, 'nn.Linear(hidden_size, 10)');
    assert.match(text, /hidden\\?_size/);
    assert.match(text, /missing\\?_package|Not known/);
  });

  it('has a word for a class that builds itself for ever', async () => {
    const document = await openExample('hard_cases.py');
    assert.match(await hoverOn(document, 'Endless(nn.Module)'), /InitScope/);
  });

  it('is not troubled by a matrix of 10²⁴ entries', async () => {
    const document = await openExample('hard_cases.py');
    const text = await hoverOn(document, 'nn.Linear(10**12, 10**12)');
    assert.match(text, /1\.00×10¹²/);
  });

  it('stays silent where there is nothing to say', async () => {
    const document = await openExample('mlp_default.py');
    assert.equal(await hoverAt(document, new vscode.Position(0, 4)), '');
  });
});
