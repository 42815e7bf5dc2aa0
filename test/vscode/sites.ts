import * as vscode from 'vscode';
import * as assert from './assert.js';
import { hoverOn, openExample, workspaceFile } from './helpers.js';

describe('a model whose sizes only another file knows', () => {
  it('is built as it is there', async () => {
    const document = await openExample('project/models/encoder.py');
    assert.match(await hoverOn(document, 'nn.Linear(features'), /weight 24×784/);
    assert.match(await hoverOn(document, 'Encoder(nn'), /hidden=args\\?.hidden\)` as in \[train\.py line 11\]/);
  });

  it('follows that file as it is edited', async () => {
    const document = await openExample('project/models/encoder.py');
    const train = await vscode.workspace.openTextDocument(workspaceFile('project/scripts/train.py'));
    const edit = new vscode.WorkspaceEdit();
    const at = train.positionAt(train.getText().indexOf('24'));
    edit.replace(train.uri, new vscode.Range(at, at.translate(0, 2)), '32');
    await vscode.workspace.applyEdit(edit);
    assert.match(await hoverOn(document, 'nn.Linear(features'), /weight 32×784/);
  });
});
