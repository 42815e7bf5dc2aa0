import * as assert from './assert.js';
import * as vscode from 'vscode';
import { eventually, extensionId, loadFactor, openExample } from './helpers.js';
import { say } from './reporter.js';

describe('activation', () => {
  it('is quick', async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(extension !== undefined, 'the extension is installed');
    assert.ok(!extension.isActive, 'nothing has activated it yet');
    const start = performance.now();
    await extension.activate();
    const milliseconds = performance.now() - start;
    const load = loadFactor();
    say(`activation: ${milliseconds.toFixed(1)} ms (machine load ×${load.toFixed(1)})`);
    // The number is to be read; a busy machine takes many times as long.
    assert.ok(milliseconds < 5_000, `activation took ${milliseconds.toFixed(1)} ms`);
  });

  it('registers the command under its category', async () => {
    const commands = await vscode.commands.getCommands(true);
    assert.ok(commands.includes('initscope.inspectModel'), 'initscope.inspectModel');
  });

  it('opens one panel beside the editor and leaves the keyboard there', async () => {
    await openExample('lenet.py');
    await vscode.commands.executeCommand('initscope.inspectModel');
    await vscode.commands.executeCommand('initscope.inspectModel');
    const panels = await eventually(() => {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      const ours = tabs.filter(({ label }) => label.startsWith('InitScope'));
      return ours.length > 0 ? ours : undefined;
    });
    assert.equal(panels.length, 1);
    assert.equal(vscode.window.activeTextEditor?.document.uri.path.endsWith('lenet.py'), true);
    await vscode.window.tabGroups.close(panels);
  });
});
