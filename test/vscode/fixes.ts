import * as vscode from 'vscode';
import * as assert from './assert.js';
import { openExample } from './helpers.js';

/** Waits for something that VS Code or the worker does in its own time. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 15_000; waited += 50) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('waited in vain');
}

function findingsOf(document: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter((d) => d.source === 'InitScope');
}

async function actionsAt(
  document: vscode.TextDocument,
  range: vscode.Range,
  kind: vscode.CodeActionKind,
): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, range, kind.value);
}

const written = /self\.apply\(self\._init_weights\)[\s\S]*kaiming_normal_\(module\.weight, nonlinearity="relu"\)/;

describe('fixes', () => {
  it('are offered on a finding, make it go, and are undone in one step', async () => {
    const document = await openExample('mlp_default.py');
    const before = document.getText();
    await until(() => findingsOf(document).length > 0);
    const [finding] = findingsOf(document);
    assert.ok(finding !== undefined, 'there is a finding');
    const actions = await actionsAt(document, finding.range, vscode.CodeActionKind.QuickFix);
    const fix = actions.find(({ title }) => title === 'Apply recommended initialization to DeepMLP');
    assert.ok(fix?.edit !== undefined, actions.map(({ title }) => title).join());
    await vscode.workspace.applyEdit(fix.edit);
    assert.match(document.getText(), written);
    await until(() => findingsOf(document).length === 0);
    await vscode.commands.executeCommand('undo');
    await until(() => document.getText() === before);
    await until(() => findingsOf(document).length > 0);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('stand as refactorings on the definition of a layer', async () => {
    const document = await openExample('lenet.py');
    const at = document.positionAt(document.getText().indexOf('nn.Conv2d(6') + 4);
    const actions = await actionsAt(document, new vscode.Range(at, at), vscode.CodeActionKind.Refactor);
    const [action] = actions.filter(({ title }) => title.startsWith('Initialize by'));
    assert.match(action?.title ?? '', /kaiming_normal_ with nonlinearity="relu"/);
    const [, edits] = action?.edit?.entries()[0] ?? [];
    assert.match(edits?.[0]?.newText ?? '', /kaiming_normal_\(self\.conv2\.weight, nonlinearity="relu"\)/);
  });

  it('are applied to the model at the cursor by a command', async () => {
    const document = await openExample('mlp_default.py');
    const editor = await vscode.window.showTextDocument(document);
    const at = document.positionAt(document.getText().indexOf('def forward'));
    editor.selection = new vscode.Selection(at, at);
    await vscode.commands.executeCommand('initscope.applyRecommended');
    assert.match(document.getText(), written);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
