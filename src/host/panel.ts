import * as vscode from 'vscode';
import type { SourceRange } from '../core/model/index.js';
import { type PanelContent, parseToHost, type ToHost, type ToPanel } from '../protocol/panel.js';
import type { Answer } from '../protocol/question.js';
import { writeAnswer } from './answer.js';
import type { Inspections } from './inspections.js';
import { openedSource, openSource, type Source } from './source.js';
import { pageHtml } from './pageHtml.js';
import { PanelSimulations } from './panelSimulations.js';
import type { Simulations } from './simulations.js';

export interface PanelDependencies {
  readonly extensionUri: vscode.Uri;
  readonly inspections: Inspections;
  readonly simulations: Simulations;
  readonly log: vscode.LogOutputChannel;
}

/** What a panel is to show first. */
export type Selection = Omit<Extract<ToPanel, { type: 'select' }>, 'type'>;

/** One panel: what InitScope knows of one document, kept up to date as the document changes. */
export class ModelPanel implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];
  private readonly disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.disposed.event;
  private pending: Extract<ToPanel, { type: 'select' }> | undefined;
  private loaded = false;
  private readonly simulations: PanelSimulations;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    readonly document: vscode.Uri,
    private readonly dependencies: PanelDependencies,
  ) {
    const { extensionUri, inspections, simulations } = dependencies;
    this.simulations = new PanelSimulations(simulations, (message) => {
      this.post(message);
    });
    const media = vscode.Uri.joinPath(extensionUri, 'media');
    panel.title = vscode.l10n.t('InitScope: {0}', baseName(document));
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'panel-light.svg'),
      dark: vscode.Uri.joinPath(media, 'panel-dark.svg'),
    };
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')] };
    this.disposables.push(
      inspections.await(document),
      panel.onDidDispose(() => {
        this.dispose();
      }),
      // A hidden page is thrown away; it asks again when it comes back.
      panel.onDidChangeViewState(() => {
        if (panel.visible) return;
        this.loaded = false;
        this.simulations.cancelAll();
      }),
      panel.webview.onDidReceiveMessage((message: unknown) => {
        this.receive(message);
      }),
      inspections.onDidChange((changed) => {
        if (changed.toString() !== this.document.toString()) return;
        const { busy, state } = inspections.peek(changed);
        if (!busy || state === undefined) void this.show();
      }),
    );
    panel.webview.html = pageHtml(panel.webview, extensionUri, 'webview');
  }

  reveal(selection?: Selection): void {
    // Who is asked something types it here.
    this.panel.reveal(undefined, selection?.ask !== true);
    if (selection === undefined) return;
    this.pending = { type: 'select', ...selection };
    if (this.loaded) this.sendPending();
  }

  dispose(): void {
    const all = this.disposables.splice(0);
    if (all.length === 0) return;
    this.simulations.cancelAll();
    vscode.Disposable.from(...all).dispose();
    this.panel.dispose();
    this.disposed.fire();
    this.disposed.dispose();
  }

  private receive(message: unknown): void {
    const parsed = parseToHost(message);
    if (!parsed.ok) {
      this.dependencies.log.warn(`A message from the panel was ignored: ${parsed.problem}`);
      return;
    }
    this.handle(parsed.value);
  }

  private handle(message: ToHost): void {
    switch (message.type) {
      case 'ready':
        this.loaded = true;
        void this.show().then(() => {
          this.sendPending();
        });
        return;
      case 'reveal':
        void this.revealInEditor(message.range, message.focus);
        return;
      case 'answer':
        void this.write(message.about, message);
        return;
      case 'simulate':
        void this.simulate(message);
        return;
      case 'cancelSimulation':
        this.simulations.cancel(message.id);
        return;
      case 'log':
        this.dependencies.log.warn(`Panel: ${message.message}`);
    }
  }

  /** Sends what is known; asks for an inspection of the present text when there is none. */
  private async show(): Promise<void> {
    if (!this.loaded) return;
    const content = await this.content();
    if (content !== undefined) this.send(content);
  }

  private async content(): Promise<PanelContent | undefined> {
    const { inspections } = this.dependencies;
    const known = inspections.peek(this.document);
    if (known.busy && known.state === undefined) return { kind: 'busy' };
    let source: Source;
    try {
      source = await openSource(this.document);
    } catch {
      return { kind: 'failed', message: vscode.l10n.t('{0} cannot be opened.', baseName(this.document)) };
    }
    // While the text changes, the last result stays; the debounced inspection brings the next one.
    const state = known.state ?? (await inspections.get(source));
    // A newer text came up; its own end will be told.
    if (state === undefined) return undefined;
    if (state.kind === 'failed') return { kind: 'failed', message: state.message };
    const { reports, failed, syntaxProblems, unknown } = state.inspection;
    return { kind: 'ready', reports, failed, syntaxProblems, unknown };
  }

  private async write(about: string, answer: Answer): Promise<void> {
    try {
      this.post({ type: 'answered', ...(await writeAnswer(await openSource(this.document), about, answer)) });
    } catch (error) {
      this.post({ type: 'answered', problem: error instanceof Error ? error.message : String(error) });
    }
  }

  private async simulate(message: Extract<ToHost, { type: 'simulate' }>): Promise<void> {
    try {
      await this.simulations.start(message, await openSource(this.document));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.post({ type: 'simulation', id: message.id, content: { kind: 'failed', message: text } });
    }
  }

  private send(content: PanelContent): void {
    const name = vscode.workspace.asRelativePath(this.document);
    const document = { uri: this.document.toString(), path: this.document.path, name };
    this.post({ type: 'show', document, content });
  }

  private sendPending(): void {
    if (this.pending !== undefined) this.post(this.pending);
    this.pending = undefined;
  }

  private post(message: ToPanel): void {
    void this.panel.webview.postMessage(message);
  }

  /** Only the document itself and files of the workspace: a panel has no business elsewhere. */
  private async revealInEditor(range: SourceRange, focus: boolean): Promise<void> {
    const own = openedSource(this.document)?.documentOf(range);
    const uri = own?.uri ?? this.document.with({ path: range.file, query: '', fragment: '' });
    if (own === undefined && vscode.workspace.getWorkspaceFolder(uri) === undefined) return;
    const document = own ?? (await vscode.workspace.openTextDocument(uri));
    const open = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: open?.viewColumn ?? vscode.ViewColumn.One,
      preserveFocus: !focus,
    });
    const [start, end] = [document.positionAt(range.start), document.positionAt(range.end)];
    editor.selection = new vscode.Selection(start, start);
    editor.revealRange(new vscode.Range(start, end), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

function baseName(uri: vscode.Uri): string {
  return uri.path.split('/').at(-1) ?? uri.path;
}
