import * as vscode from 'vscode';
import * as assert from './assert.js';
import { openExample } from './helpers.js';

/** The file's diagnostics of ours, as soon as there are any. */
async function findings(uri: vscode.Uri): Promise<vscode.Diagnostic[]> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    const found = vscode.languages.getDiagnostics(uri).filter((d) => d.source === 'InitScope');
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return [];
}

describe('findings', () => {
  it('stand in the Problems view under the code that is to blame', async () => {
    const document = await openExample('mlp_default.py');
    await vscode.window.showTextDocument(document);
    const [finding, ...more] = await findings(document.uri);
    assert.equal(more.length, 0);
    assert.equal(finding?.code, 'IS003');
    assert.equal(finding?.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(finding?.message ?? '', /gradient's variance falls 6× a layer/);
    assert.equal(document.getText(finding?.range), 'DeepMLP');
  });
});
