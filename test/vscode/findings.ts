import * as vscode from 'vscode';
import * as assert from './assert.js';
import { eventually, openExample, ourDiagnostics } from './helpers.js';

describe('findings', () => {
  it('stand in the Problems view under the code that is to blame', async () => {
    const document = await openExample('mlp_default.py');
    await vscode.window.showTextDocument(document);
    const [finding, ...more] = await eventually(() => {
      const found = ourDiagnostics(document.uri);
      return found.length > 0 ? found : undefined;
    }, 20_000);
    assert.equal(more.length, 0);
    assert.equal(finding?.code, 'IS001');
    assert.equal(finding?.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(finding?.message ?? '', /signal's variance falls 6× a layer/);
    assert.equal(document.getText(finding?.range), 'DeepMLP');
  });
});
