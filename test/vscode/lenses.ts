import * as vscode from 'vscode';
import * as assert from './assert.js';
import { eventually, openExample } from './helpers.js';

async function lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  return vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 20);
}

describe('CodeLens', () => {
  it('sums a model up above its class and opens the panel', async () => {
    const document = await openExample('mlp_default.py');
    const [lens, ...more] = await lenses(document);
    assert.equal(more.length, 0);
    const { title = '', command = '', arguments: given = [] } = lens?.command ?? {};
    assert.match(
      title,
      /^InitScope · DeepMLP \(model\) · 20 layers · signal ×4\.0×10⁻⁴ · gradient ×1\.6×10⁻¹⁵ · Inspect$/,
    );
    assert.equal(document.lineAt(lens?.range.start.line ?? 0).text.startsWith('class DeepMLP'), true);
    await vscode.commands.executeCommand(command, ...(given as unknown[]));
    const panels = await eventually(() => {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      const ours = tabs.filter(({ label }) => label.startsWith('InitScope: mlp_default'));
      return ours.length > 0 ? ours : undefined;
    });
    await vscode.window.tabGroups.close(panels);
  });
});

describe('inlay hints', () => {
  it('are off until they are wanted, and then tell σ', async () => {
    const document = await openExample('mlp_default.py');
    const hints = (): Thenable<vscode.InlayHint[]> =>
      vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        new vscode.Range(0, 0, document.lineCount, 0),
      );
    assert.equal((await hints()).length, 0);
    const settings = vscode.workspace.getConfiguration('initscope');
    await settings.update('inlayHints.enabled', true, vscode.ConfigurationTarget.Workspace);
    const [hint] = await hints();
    assert.equal(hint?.label, 'σ 0.0183');
    await settings.update('inlayHints.enabled', undefined, vscode.ConfigurationTarget.Workspace);
  });
});
