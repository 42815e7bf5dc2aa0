import * as vscode from 'vscode';
import * as assert from './assert.js';
import { eventually, hoverOn, workspaceFile } from './helpers.js';

describe('a notebook', () => {
  it('has hovers in its cells, which are one module', async () => {
    const notebook = await vscode.workspace.openNotebookDocument(workspaceFile('notebook.ipynb'));
    await vscode.window.showNotebookDocument(notebook);
    const layer = notebook.cellAt(2).document;
    const text = await hoverOn(layer, 'nn.Linear(');
    assert.match(text, /weight 12×48/);
    assert.match(text, /`normal_`, \[cell 4 line 2\]/);
  });

  it('follows its cells as they are edited', async () => {
    const notebook = vscode.workspace.notebookDocuments[0];
    assert.ok(notebook !== undefined, 'the notebook is open');
    const constants = notebook.cellAt(1).document;
    const edit = new vscode.WorkspaceEdit();
    edit.insert(constants.uri, constants.positionAt(constants.getText().length), ' // 2');
    await vscode.workspace.applyEdit(edit);
    assert.match(await hoverOn(notebook.cellAt(2).document, 'nn.Linear('), /weight 12×24/);
  });

  it('has a panel of its own', async () => {
    await vscode.commands.executeCommand('initscope.inspectModel');
    const panels = await eventually(() => {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      const ours = tabs.filter(({ label }) => label.startsWith('InitScope: notebook'));
      return ours.length > 0 ? ours : undefined;
    });
    assert.equal(panels.length, 1);
    await vscode.window.tabGroups.close(panels);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
