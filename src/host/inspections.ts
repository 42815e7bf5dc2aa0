import * as vscode from 'vscode';
import type { Inspection } from '../core/inspect.js';
import type { EditsOffered, EditsWanted } from '../core/model/index.js';
import type { Packed, Users } from '../protocol/worker.js';
import { mentions } from '../protocol/users.js';
import type { Configs, FileConfig } from './configs.js';
import type { FileCache } from './files.js';
import { Jobs, type Known } from './jobs.js';
import { isPython, openedSource, sourceOf, type Source } from './source.js';
import type { JobResult, WorkerClient } from './worker/client.js';
import { messageOf } from '../protocol/messageOf.js';

export type InspectionState =
  | {
      readonly kind: 'ready';
      readonly version: string;
      readonly inspection: Inspection;
      /** By report; there while somebody looks at the source (`await`). */
      readonly models?: readonly Packed[] | undefined;
    }
  | { readonly kind: 'failed'; readonly version: string; readonly message: string };

interface Entry extends Known {
  /** What is known, perhaps of an older version. */
  state?: InspectionState;
  running?: {
    readonly version: string;
    readonly ticket: number;
    /** Its result will have the models. */
    readonly isAwaited: boolean;
    readonly promise: Promise<InspectionState | undefined>;
  };
  timer?: ReturnType<typeof setTimeout>;
  /** How long to wait for another key. */
  pause: number;
  /** A file that it depends on has changed. */
  stale: boolean;
}

export interface InspectionsDependencies {
  readonly worker: WorkerClient;
  readonly files: FileCache;
  readonly configs: Configs;
  readonly log: vscode.LogOutputChannel;
  readonly limitMilliseconds: number;
}

/** Milliseconds after the last key until a text is read: half of what reading it took the last time. */
const shortestPause = 50;
const longestPause = 150;

/** Inspections of open Python files and notebooks, made in the worker, kept until the text or an imported file changes. */
export class Inspections implements vscode.Disposable {
  private readonly entries = new Map<string, Entry>();
  /** How many look at a source. */
  private readonly awaited = new Map<string, number>();
  private ticket = 0;
  private readonly jobs: Jobs;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  /** An inspection began or ended. */
  readonly onDidChange = this.changed.event;
  private readonly ended = new vscode.EventEmitter<vscode.Uri>();
  /** An inspection ended. */
  readonly onDidEnd = this.ended.event;

  constructor(private readonly dependencies: InspectionsDependencies) {
    const { worker, files, configs } = dependencies;
    this.jobs = new Jobs(worker, files, configs);
    this.disposables.push(
      this.changed,
      this.ended,
      configs.onDidChange(() => {
        for (const [key, entry] of this.entries) {
          const source = openedSource(vscode.Uri.parse(key));
          if (source !== undefined) this.renew(source, entry);
        }
      }),
      files.onDidChange((uri) => {
        this.markDependents(uri);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (isPython(document) && contentChanges.length > 0) this.schedule(sourceOf(document));
      }),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
        // Cells came, went or moved; what is typed in them is told as a change of their documents.
        const source = contentChanges.length > 0 ? openedSource(notebook.uri) : undefined;
        if (source !== undefined && this.entries.has(notebook.uri.toString())) this.schedule(source);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.forget(document.uri);
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => {
        this.forget(notebook.uri);
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        this.scheduleVisible();
      }),
    );
    this.scheduleVisible();
  }

  /** The inspection of the source's present text: from the cache or made now. `undefined` when a newer text came up meanwhile. */
  async get(source: Source): Promise<InspectionState | undefined> {
    const entry = this.entry(source.uri);
    const { version } = source;
    if (entry.state?.version === version && !entry.stale) return entry.state;
    if (entry.running?.version === version && !entry.stale) return entry.running.promise;
    clearTimeout(entry.timer);
    entry.stale = false;
    const ticket = ++this.ticket;
    const isAwaited = this.isAwaited(source.uri);
    const promise = this.run(source, entry, version, ticket);
    entry.running = { version, ticket, isAwaited, promise };
    this.changed.fire(source.uri);
    return promise;
  }

  /** The inspection of the present text once it is there, without hurrying it; `undefined` when the text moves on. */
  async present(source: Source, token: vscode.CancellationToken): Promise<InspectionState | undefined> {
    const { version } = source;
    const entry = this.entry(source.uri);
    const known = (): InspectionState | undefined =>
      entry.state?.version === version && !entry.stale ? entry.state : undefined;
    if (known() !== undefined) return known();
    if (entry.running === undefined) this.schedule(source);
    return new Promise((resolve) => {
      const listeners: vscode.Disposable[] = [];
      const end = (state?: InspectionState): void => {
        vscode.Disposable.from(...listeners).dispose();
        resolve(state);
      };
      listeners.push(
        token.onCancellationRequested(() => {
          end();
        }),
        this.ended.event((uri) => {
          if (uri.toString() !== source.uri.toString()) return;
          if (known() !== undefined || source.version !== version) end(known());
        }),
      );
    });
  }

  /** Somebody looks at this source until the result is disposed of: more time is taken, also for what was cut short before. */
  await(uri: vscode.Uri): vscode.Disposable {
    const key = uri.toString();
    const count = (change: number): void => {
      this.awaited.set(key, (this.awaited.get(key) ?? 0) + change);
    };
    count(1);
    const entry = this.entries.get(key);
    const source = openedSource(uri);
    if (entry !== undefined && source !== undefined && mayBeCutShort(entry.state)) this.renew(source, entry);
    let isOver = false;
    return new vscode.Disposable(() => {
      if (!isOver) count(-1);
      isOver = true;
    });
  }

  /**
   * The model of an entry as the source's present text has it, for further simulations; with another batch than the
   * usual one it is read anew. `undefined` when a newer text came up meanwhile, a text where there is no such model.
   */
  async modelOf(source: Source, entry: string, batch?: number): Promise<Packed | string | undefined> {
    const batched = batch === undefined ? undefined : await this.inspect(source, batch);
    if (batched !== undefined) {
      if (batched.kind === 'superseded' || batched.kind === 'timeout') return undefined;
      if (batched.kind === 'failed') return batched.message;
      return packedOf(batched.inspection, batched.models, entry);
    }
    const known = await this.get(source);
    const state = known?.kind === 'ready' && known.models === undefined ? await this.withModels(source) : known;
    if (state === undefined) return undefined;
    return state.kind === 'failed' ? state.message : packedOf(state.inspection, state.models, entry);
  }

  /** The inspection again, now that somebody wants the models; who else does waits for the same one. */
  private withModels(source: Source): Promise<InspectionState | undefined> {
    const entry = this.entry(source.uri);
    const { running } = entry;
    if (running?.isAwaited === true && running.version === source.version) return running.promise;
    entry.stale = true;
    return this.get(source);
  }

  /** Edits for the source's present text; nothing when a newer one came up meanwhile. */
  async edits(source: Source, wanted: EditsWanted): Promise<EditsOffered> {
    const none: EditsOffered = { fixes: [], refactorings: [] };
    const { version } = source;
    const state = await this.get(source);
    // Offsets of an older text would edit the wrong words.
    const isPresent = (): boolean => state?.version === version && source.version === version;
    if (state?.kind !== 'ready' || !isPresent()) return none;
    const result = await this.jobs.edits(source, this.entry(source.uri), wanted);
    if (result.kind === 'failed') this.dependencies.log.error(`${source.path}: ${result.message}`);
    return result.kind === 'edits' && isPresent() ? result.offered : none;
  }

  /** What is known at once: the last result, and whether a newer one is being made. */
  peek(uri: vscode.Uri): {
    readonly state: InspectionState | undefined;
    readonly busy: boolean;
    readonly configured: FileConfig | undefined;
  } {
    const entry = this.entries.get(uri.toString());
    return { state: entry?.state, busy: entry?.running !== undefined, configured: entry?.configured };
  }

  dispose(): void {
    for (const { timer } of this.entries.values()) clearTimeout(timer);
    this.entries.clear();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private entry(uri: vscode.Uri): Entry {
    const key = uri.toString();
    const known = this.entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = { read: new Set(), pause: longestPause, stale: false };
    this.entries.set(key, entry);
    return entry;
  }

  private inspect(source: Source, batch?: number): Promise<JobResult> {
    return this.jobs.inspect(source, this.entry(source.uri), { isAwaited: this.isAwaited(source.uri), batch });
  }

  private isAwaited(uri: vscode.Uri): boolean {
    return (this.awaited.get(uri.toString()) ?? 0) > 0;
  }

  private async run(
    source: Source,
    entry: Entry,
    version: string,
    ticket: number,
  ): Promise<InspectionState | undefined> {
    const started = performance.now();
    const result = await this.inspect(source).catch((error: unknown): JobResult => ({
      kind: 'failed',
      message: messageOf(error),
    }));
    if (entry.running?.ticket !== ticket) return undefined;
    delete entry.running;
    if (result.kind === 'superseded') return undefined;
    const state = this.toState(source.uri, version, result);
    entry.state = state;
    if (result.kind === 'done') entry.read = new Set(result.read);
    const took = performance.now() - started;
    entry.pause = Math.min(longestPause, Math.max(shortestPause, took / 2));
    this.dependencies.log.debug(`${source.path}: ${state.kind} in ${took.toFixed(0)} ms`);
    this.changed.fire(source.uri);
    this.ended.fire(source.uri);
    return state;
  }

  private toState(
    uri: vscode.Uri,
    version: string,
    result: Exclude<JobResult, { kind: 'superseded' }>,
  ): InspectionState {
    const name = vscode.workspace.asRelativePath(uri);
    const { log, limitMilliseconds } = this.dependencies;
    switch (result.kind) {
      case 'done':
        return { kind: 'ready', version, inspection: result.inspection, models: result.models };
      case 'timeout': {
        const seconds = limitMilliseconds / 1000;
        const message = vscode.l10n.t('This took longer than {0} s; InitScope stopped looking at {1}.', seconds, name);
        log.warn(message);
        return { kind: 'failed', version, message };
      }
      case 'failed':
        log.error(`${name}: ${result.message}`);
        return {
          kind: 'failed',
          version,
          message: vscode.l10n.t('InitScope could not read {0}: {1}', name, result.message),
        };
    }
  }

  private schedule(source: Source): void {
    const entry = this.entry(source.uri);
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      if (!source.isClosed) void this.get(source);
    }, entry.pause);
  }

  private scheduleVisible(): void {
    for (const { document } of vscode.window.visibleTextEditors) {
      if (!isPython(document)) continue;
      const source = sourceOf(document);
      if (this.entries.get(source.uri.toString())?.state?.version !== source.version) this.schedule(source);
    }
  }

  private markDependents(uri: vscode.Uri): void {
    for (const [key, entry] of this.entries) {
      const source = key === uri.toString() ? undefined : openedSource(vscode.Uri.parse(key));
      if (source === undefined) continue;
      if (entry.read.has(uri.path)) this.renew(source, entry);
      else if (entry.users !== undefined) void this.addUser(source, entry, entry.users, uri);
    }
  }

  /** A file that has changed may be one more that builds the source's models. */
  private async addUser(source: Source, entry: Entry, users: Users, uri: vscode.Uri): Promise<void> {
    if (uri.scheme !== source.uri.scheme || users.paths.includes(uri.path)) return;
    const text = await this.dependencies.files.read(uri);
    if (text === null || !mentions(text, users.names) || entry.users !== users) return;
    entry.users = { ...users, paths: [uri.path, ...users.paths] };
    this.renew(source, entry);
  }

  private renew(source: Source, entry: Entry): void {
    entry.stale = true;
    this.schedule(source);
  }

  private forget(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.entries.get(key)?.timer);
    this.entries.delete(key);
  }
}

/** The core takes well over half a second before it leaves anything out. */
const mayLeaveOutFrom = 500;

function mayBeCutShort(state: InspectionState | undefined): boolean {
  if (state?.kind !== 'ready') return false;
  const { parse, evaluate, simulate } = state.inspection.milliseconds;
  return parse + evaluate + simulate > mayLeaveOutFrom;
}

function packedOf(
  { reports }: Inspection,
  models: readonly Packed[] | undefined,
  entry: string,
): Packed | string | undefined {
  const index = reports.findIndex((report) => report.entry === entry);
  return index < 0 ? vscode.l10n.t('There is no model {0} any more.', entry) : models?.[index];
}
