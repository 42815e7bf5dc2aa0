import * as vscode from 'vscode';
import { parseFromLabPage, type FromLabPage, type LabStart, type ToLabPage } from '../../protocol/lab/index.js';
import type { Packed, WorkerReply } from '../../protocol/worker.js';
import type { StartWorker } from '../../protocol/workerHandle.js';
import type { Inspections } from '../inspections.js';
import type { Panels } from '../panels.js';
import { pageHtml } from '../pageHtml.js';
import { openSource } from '../source.js';
import { LabImages } from './labImages.js';
import { labModels } from './labModels.js';
import { LabWorker } from './labWorker.js';
import { messageOf } from '../../protocol/messageOf.js';

export interface LabDependencies {
  readonly extensionUri: vscode.Uri;
  readonly inspections: Inspections;
  readonly log: vscode.LogOutputChannel;
  readonly start: StartWorker;
  readonly panels: Panels;
}

/** Samples a step of a race on a model of the user's: it is read anew with such a batch. */
const raceBatch = 32;

/** The Lab's page and the worker behind it. */
export class LabPanel implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];
  private readonly disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.disposed.event;
  private readonly worker: LabWorker;
  private loaded = false;
  private readonly images: LabImages;
  /** Number of the start that the page asked for last. */
  private run = 0;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly dependencies: LabDependencies,
  ) {
    const { extensionUri, inspections, start } = dependencies;
    this.worker = new LabWorker(start);
    this.images = new LabImages(extensionUri, this.worker);
    const media = vscode.Uri.joinPath(extensionUri, 'media');
    panel.title = vscode.l10n.t('InitScope Lab');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'panel-light.svg'),
      dark: vscode.Uri.joinPath(media, 'panel-dark.svg'),
    };
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')] };
    this.disposables.push(
      this.worker,
      this.worker.onReply((reply) => {
        this.receive(reply);
      }),
      this.worker.onDied((message) => {
        this.images.forget();
        this.post({ type: 'failed', run: this.run, message });
      }),
      panel.onDidDispose(() => {
        this.dispose();
      }),
      // Nobody looks: what plays, waits. The page is thrown away and asks again when it comes back.
      panel.onDidChangeViewState(() => {
        if (panel.visible) return;
        this.loaded = false;
        this.worker.stop();
        this.images.forget();
      }),
      panel.webview.onDidReceiveMessage((message: unknown) => {
        const parsed = parseFromLabPage(message);
        if (parsed.ok) this.handle(parsed.value);
        else dependencies.log.warn(`A message from the Lab was ignored: ${parsed.problem}`);
      }),
      inspections.onDidChange((uri) => {
        if (!inspections.peek(uri).busy) this.sendModels();
      }),
    );
    panel.webview.html = pageHtml(panel.webview, extensionUri, 'lab');
  }

  reveal(): void {
    this.panel.reveal();
  }

  dispose(): void {
    const all = this.disposables.splice(0);
    if (all.length === 0) return;
    vscode.Disposable.from(...all).dispose();
    this.panel.dispose();
    this.disposed.fire();
    this.disposed.dispose();
  }

  private handle(message: FromLabPage): void {
    switch (message.type) {
      case 'ready':
        this.loaded = true;
        this.sendModels();
        return;
      case 'start':
        this.run = message.run;
        this.begin(message.run, message.what, message.play).catch((error: unknown) => {
          this.post({ type: 'failed', run: message.run, message: messageOf(error) });
        });
        return;
      case 'play':
        this.worker.post({ kind: 'labPlay' });
        return;
      case 'pause':
        this.worker.post({ kind: 'labPause' });
        return;
      case 'step':
        this.worker.post({ kind: 'labStep' });
        return;
      case 'seen':
        this.worker.post({ kind: 'labSeen' });
        return;
      case 'openSignal':
        this.showSignal();
        return;
      case 'openImages':
        this.change(() => this.images.choose());
        return;
      case 'ownImages':
        this.change(() => this.images.useShipped());
        return;
      case 'log':
        this.dependencies.log.warn(`Lab: ${message.message}`);
    }
  }

  /** The panel that was looked at last, or, without any, that of a model that experiments may take, in the Lab's place. */
  private showSignal(): void {
    const { panels, inspections } = this.dependencies;
    if (panels.recent !== undefined) panels.recent.focus();
    else {
      const [model] = labModels(inspections);
      if (model !== undefined) panels.show(vscode.Uri.parse(model.uri), { entry: model.entry }, this.panel.viewColumn);
    }
  }

  private async begin(run: number, what: LabStart, play: boolean): Promise<void> {
    if (what.experiment === 'digits' || (what.experiment === 'race' && what.settings.data === 'digits'))
      await this.images.provide();
    const model = what.experiment === 'race' ? await this.modelOf(what.subject) : undefined;
    // Something else was started meanwhile.
    if (run !== this.run) return;
    this.worker.post({ kind: 'labStart', id: run, what, play, model });
  }

  private async modelOf(subject: Extract<LabStart, { experiment: 'race' }>['subject']): Promise<Packed | undefined> {
    if (subject.kind === 'sizes') return undefined;
    const { inspections } = this.dependencies;
    const uri = vscode.Uri.parse(subject.uri);
    const wait = inspections.await(uri);
    try {
      const model = await inspections.modelOf(await openSource(uri), subject.entry, raceBatch);
      if (typeof model === 'string') throw new Error(model);
      if (model === undefined) throw new Error(vscode.l10n.t('The file changed; start again.'));
      return model;
    } finally {
      wait.dispose();
    }
  }

  private change(images: () => Promise<void>): void {
    images().catch((error: unknown) => {
      this.post({ type: 'problem', message: messageOf(error) });
    });
  }

  private receive(reply: WorkerReply): void {
    switch (reply.kind) {
      case 'labFrame': {
        const { id: run, isPlaying, isOver, data } = reply;
        this.post({ type: 'frame', run, isPlaying, isOver, data });
        return;
      }
      case 'labImages': {
        const used = this.images.settle(reply.problem === undefined);
        if (reply.problem !== undefined) this.post({ type: 'problem', message: reply.problem });
        else if (used !== undefined)
          this.post({ type: 'images', name: used.name, count: reply.count ?? 0, isOwn: used.isOwn });
        return;
      }
      case 'failed':
        this.post({ type: 'failed', run: reply.id, message: reply.message });
        return;
      default:
    }
  }

  private sendModels(): void {
    if (!this.loaded) return;
    const models = labModels(this.dependencies.inspections);
    this.post({
      type: 'models',
      models,
      hasSignal: models.length > 0 || this.dependencies.panels.recent !== undefined,
    });
  }

  private post(message: ToLabPage): void {
    void this.panel.webview.postMessage(message);
  }
}
