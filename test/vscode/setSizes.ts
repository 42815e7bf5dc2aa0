import * as vscode from 'vscode';
import * as assert from './assert.js';
import { eventually, hoverOn, openExample } from './helpers.js';

describe('sizes that only the user knows', () => {
  it('are asked for by a command that opens the panel', async () => {
    const document = await openExample('needs_sizes.py');
    assert.match(await hoverOn(document, 'nn.Linear(features'), /command:initscope\.setSizes/);
    await vscode.commands.executeCommand('initscope.setSizes');
    const panels = await eventually(() => {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      const ours = tabs.filter(({ label }) => label.startsWith('InitScope: needs_sizes'));
      return ours.length > 0 ? ours : undefined;
    });
    assert.equal(panels.length, 1);
    await vscode.window.tabGroups.close(panels);
  });

  it('are known as soon as the comment is there', async () => {
    const document = await openExample('needs_sizes.py');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '# initscope: entry=Classifier(12, 6, 2) input=1,12\n');
    await vscode.workspace.applyEdit(edit);
    assert.match(await hoverOn(document, 'nn.Linear(features'), /weight 6×12/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
