import * as vscode from 'vscode';
import * as assert from './assert.js';
import { eventually, hoverOn, openExample, ourDiagnostics, workspaceFile } from './helpers.js';

async function set(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('initscope').update(name, value, vscode.ConfigurationTarget.Workspace);
}

/** Waits until the file has one diagnostic of ours that is as told. */
async function untilFinding(uri: vscode.Uri, code: string, severity: vscode.DiagnosticSeverity): Promise<void> {
  await eventually(() => {
    const [first] = ourDiagnostics(uri);
    return first?.code === code && first.severity === severity ? first : undefined;
  }, 20_000);
}

async function untilNone(uri: vscode.Uri): Promise<void> {
  await eventually(() => (ourDiagnostics(uri).length === 0 ? true : undefined), 20_000);
}

describe('settings', () => {
  const { Information, Error } = vscode.DiagnosticSeverity;

  it('change severities at once, by code and by name', async () => {
    const { uri } = await openExample('xavier.py');
    await untilFinding(uri, 'IS101', Information);
    await set('rules.severity', { IS101: 'error' });
    await untilFinding(uri, 'IS101', Error);
    await set('rules.severity', { 'xavier-after-relu': 'off' });
    await untilNone(uri);
    await set('rules.severity', undefined);
    await untilFinding(uri, 'IS101', Information);
  });

  it('that are wrong count as not set', async () => {
    const { uri } = await openExample('xavier.py');
    await set('rules.severity', { IS101: 'loud', IS102: 'off' });
    await set('simulation.seeds', 'many');
    await untilFinding(uri, 'IS101', Information);
    await set('simulation.seeds', undefined);
    await set('rules.severity', undefined);
  });

  it('switch surfaces off and on', async () => {
    const document = await openExample('xavier.py');
    await set('hover.enabled', false);
    assert.equal(await hoverOn(document, 'nn.Linear(64, 64)'), '');
    await set('hover.enabled', undefined);
    assert.match(await hoverOn(document, 'nn.Linear(64, 64)'), /fan-in 64/);
    await set('diagnostics.enabled', false);
    await untilNone(document.uri);
    await set('diagnostics.enabled', undefined);
    await untilFinding(document.uri, 'IS101', Information);
  });

  it('of the project go before those of the editor', async () => {
    const { uri } = await openExample('xavier.py');
    const project = workspaceFile('pyproject.toml');
    await set('rules.severity', { IS101: 'hint' });
    const toml = '[tool.initscope.severity]\nIS101 = "error"\n';
    await vscode.workspace.fs.writeFile(project, new TextEncoder().encode(toml));
    await untilFinding(uri, 'IS101', Error);
    await vscode.workspace.fs.writeFile(project, new TextEncoder().encode('[tool.initscope]\nexclude = ["xav*"]\n'));
    await untilNone(uri);
    await vscode.workspace.fs.delete(project);
    await set('rules.severity', undefined);
    await untilFinding(uri, 'IS101', Information);
  });
});

describe('a finding that is meant', () => {
  it('is left out by a quick fix', async () => {
    const document = await openExample('xavier.py');
    await untilFinding(document.uri, 'IS101', vscode.DiagnosticSeverity.Information);
    const [finding] = ourDiagnostics(document.uri);
    assert.ok(finding, 'the finding');
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      finding.range,
    );
    const ignore = actions.find(({ title }) => title === 'Ignore IS101 in this line');
    assert.ok(ignore?.edit, actions.map(({ title }) => title).join());
    await vscode.workspace.applyEdit(ignore.edit);
    assert.match(document.getText(), /xavier_normal_\(self\.second\.weight\) {2}# initscope: ignore\[IS101\]\n/);
    await untilNone(document.uri);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
