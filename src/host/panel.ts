import * as vscode from 'vscode';
import { commandIds } from './commandIds.js';
import { type PanelContent, parseToHost, type ToHost, type ToPanel } from '../protocol/panel.js';
import { listener } from '../protocol/parse.js';
import type { Answer } from '../protocol/question.js';
import { writeAnswer } from './answer.js';
import { applyWholeModel } from './applyCommand.js';
import type { Inspections } from './inspections.js';
import { pageHtml } from './pageHtml.js';
import { EditorLink } from './panelFollow.js';
import { PanelSimulations } from './panelSimulations.js';
import type { Simulations } from './simulations.js';
import { openSource, type Source } from './source.js';
import { saveExport } from './takeAway.js';
import { messageOf } from '../protocol/messageOf.js';

export interface PanelDependencies {
  readonly extensionUri: vscode.Uri;
  readonly inspections: Inspections;
  readonly simulations: Simulations;
  readonly log: vscode.LogOutputChannel;
}

/** What a panel is to show first. */
export type Selection = Omit<Extract<ToPanel, { type: 'select' }>, 'type'>;

let looks = 0;

/** One panel: what InitScope knows of one document, kept up to date as the document changes. */
export class ModelPanel implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];
  private readonly disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.disposed.event;
  /** Grows with every look at any panel: which was looked at last. */
  seen = ++looks;
  private pending: Extract<ToPanel, { type: 'select' }> | undefined;
  private loaded = false;
  private readonly simulations: PanelSimulations;
  private readonly link: EditorLink;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    readonly document: vscode.Uri,
    private readonly dependencies: PanelDependencies,
  ) {
    const { extensionUri, inspections, simulations } = dependencies;
    this.simulations = new PanelSimulations(simulations, (message) => {
      this.post(message);
    });
    this.link = new EditorLink(document, inspections, (message) => {
      if (this.loaded) this.post(message);
    });
    const media = vscode.Uri.joinPath(extensionUri, 'media');
    panel.title = vscode.l10n.t('InitScope: {0}', baseName(document));
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'panel-light.svg'),
      dark: vscode.Uri.joinPath(media, 'panel-dark.svg'),
    };
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')] };
    this.disposables.push(
      this.link,
      inspections.await(document),
      panel.onDidDispose(() => {
        this.dispose();
      }),
      // A hidden page is thrown away; it asks again when it comes back.
      panel.onDidChangeViewState(() => {
        if (panel.visible) {
          this.seen = ++looks;
          return;
        }
        this.loaded = false;
        this.simulations.cancelAll();
      }),
      panel.webview.onDidReceiveMessage(
        listener(
          parseToHost,
          (message) => {
            this.handle(message);
          },
          (problem) => {
            dependencies.log.warn(`A message from the panel was ignored: ${problem}`);
          },
        ),
      ),
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

  /** Where it is, with the keyboard. */
  focus(): void {
    this.panel.reveal();
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

  private handle(message: ToHost): void {
    switch (message.type) {
      case 'ready':
        this.loaded = true;
        void this.show().then(() => {
          this.sendPending();
        });
        return;
      case 'reveal':
        void this.link.reveal(message.range, message.focus);
        return;
      case 'answer':
        void this.write(message.about, message);
        return;
      case 'simulate':
        void this.simulations.start(message, openSource(this.document));
        return;
      case 'cancelSimulation':
        this.simulations.cancel(message.id);
        return;
      case 'openLab':
        // In the panel's own place: the editor may hold the active group still.
        void vscode.commands.executeCommand(commandIds.openLab, this.panel.viewColumn);
        return;
      case 'copy':
        void this.tell(async () => {
          await vscode.env.clipboard.writeText(message.text);
          return vscode.l10n.t('{0} copied.', message.what);
        });
        return;
      case 'save':
        void this.tell(() => saveExport(message, this.document));
        return;
      case 'apply':
        void this.apply(message.entry);
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

  /** The edit that the advice makes, on the text that is shown. */
  private async apply(entry: string): Promise<void> {
    const source = await openSource(this.document);
    const { inspections } = this.dependencies;
    const state = await inspections.get(source);
    const report = state?.kind === 'ready' ? state.inspection.reports.find((r) => r.entry === entry) : undefined;
    if (report !== undefined) await applyWholeModel(inspections, report, source);
  }

  /** Does what was asked and says in the panel what came of it. */
  private async tell(action: () => Promise<string | undefined>): Promise<void> {
    try {
      const text = await action();
      if (text !== undefined) this.post({ type: 'told', text });
    } catch (error) {
      this.post({ type: 'told', text: messageOf(error) });
    }
  }

  private async write(about: string, answer: Answer): Promise<void> {
    try {
      this.post({ type: 'answered', ...(await writeAnswer(await openSource(this.document), about, answer)) });
    } catch (error) {
      this.post({ type: 'answered', problem: messageOf(error) });
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
}

function baseName(uri: vscode.Uri): string {
  return uri.path.split('/').at(-1) ?? uri.path;
}
