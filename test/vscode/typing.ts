import * as vscode from 'vscode';
import * as assert from './assert.js';
import { eventually, hoverAt, hoverOn, loadFactor, openExample, ourDiagnostics, positionOf } from './helpers.js';
import { say } from './reporter.js';

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function insert(document: vscode.TextDocument, at: vscode.Position, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, at, text);
  await vscode.workspace.applyEdit(edit);
}

/** Longest time that the extension host did nothing else, while something goes on. */
async function longestBlock(action: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 2);
  await action();
  clearInterval(timer);
  return longest;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

// The numbers are for people to read: on a machine with other work they say nothing that a test could hold on to.
describe('typing', () => {
  it('brings new findings soon after the last key in a file of 1,000 lines', async () => {
    const document = await openExample('long_file.py');
    await eventually(() => (ourDiagnostics(document.uri).length > 0 ? true : undefined), 20_000);
    const times: number[] = [];
    for (let i = 0; i < 8; i++) {
      let told: number | undefined;
      const listener = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        if (uris.some((uri) => uri.toString() === document.uri.toString())) told = performance.now();
      });
      await insert(document, new vscode.Position(0, 0), '\n');
      const start = performance.now();
      times.push((await eventually(() => told, 20_000)) - start);
      listener.dispose();
      await pause(50);
    }
    say(
      `findings after the last key in 1,000 lines: median ${percentile(times, 0.5).toFixed(0)} ms, slowest ${Math.max(...times).toFixed(0)} ms (machine load ×${loadFactor().toFixed(1)})`,
    );
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('never waits in a file of 3,000 lines, nor do hovers', async () => {
    const document = await openExample('longer_file.py');
    assert.equal(document.lineCount, 3000);
    await hoverOn(document, 'nn.Linear(64, 64)');
    const idle = await longestBlock(() => pause(1_000));
    const blocked = await longestBlock(async () => {
      for (const letter of 'self.another = nn.Linear(64, 64)') {
        await insert(document, new vscode.Position(4, 0), letter);
        await pause(30);
      }
      await pause(1_500);
    });
    await vscode.commands.executeCommand('workbench.action.files.revert');
    const position = positionOf(document, 'nn.Linear(', 100);
    await hoverAt(document, position);
    const times: number[] = [];
    for (let i = 0; i < 40; i++) {
      const start = performance.now();
      assert.match(await hoverAt(document, positionOf(document, 'nn.Linear(', 7 * i)), /fan-in/);
      times.push(performance.now() - start);
    }
    say(
      `3,000 lines: extension host blocked for ${blocked.toFixed(0)} ms at most while typing (${idle.toFixed(0)} ms when idle); hover ${percentile(times, 0.95).toFixed(1)} ms at the 95th percentile (machine load ×${loadFactor().toFixed(1)})`,
    );
    assert.ok(blocked < 10_000, `blocked for ${blocked.toFixed(0)} ms`);
  });

  it('keeps the findings of classes that half-typed code hides', async () => {
    const document = await openExample('xavier.py');
    await eventually(() => ourDiagnostics(document.uri)[0], 20_000);
    const changed = new Promise<void>((resolve) => {
      const listener = vscode.languages.onDidChangeDiagnostics(() => {
        listener.dispose();
        resolve();
      });
    });
    await insert(document, new vscode.Position(0, 0), 'text = """\n\n');
    await changed;
    const [finding] = ourDiagnostics(document.uri);
    assert.equal(
      document.lineAt(finding?.range.start.line ?? 0).text.trim(),
      'nn.init.xavier_normal_(self.second.weight)',
    );
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
