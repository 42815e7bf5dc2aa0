import * as vscode from 'vscode';
import type { Inspection } from '../core/inspect.js';
import type { Users } from '../protocol/worker.js';
import { mentions } from '../protocol/users.js';
import type { FileCache } from './files.js';
import { importRoots } from './importRoots.js';
import { UserSearch } from './userSearch.js';
import type { JobResult, WorkerClient } from './worker/client.js';

export type InspectionState =
  | { readonly kind: 'ready'; readonly version: number; readonly inspection: Inspection }
  | { readonly kind: 'failed'; readonly version: number; readonly message: string };

interface Entry {
  /** What is known, perhaps of an older version. */
  state?: InspectionState;
  running?: {
    readonly version: number;
    readonly ticket: number;
    readonly promise: Promise<InspectionState | undefined>;
  };
  timer?: ReturnType<typeof setTimeout>;
  /** Files that the result depends on. */
  read: ReadonlySet<string>;
  /** Where the file's models may be built, as far as that was looked for. */
  users?: Users | undefined;
  /** A file that it depends on has changed. */
  stale: boolean;
}

const debounceMilliseconds = 150;
/** Each round reads files that the round before found to be imported. */
const maxRounds = 40;

/** Inspections of open Python documents, made in the worker, kept until the text or an imported file changes. */
export class Inspections implements vscode.Disposable {
  private readonly entries = new Map<string, Entry>();
  private ticket = 0;
  private readonly search: UserSearch;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly changed = new vscode.EventEmitter<vscode.TextDocument>();
  /** An inspection began or ended. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly worker: WorkerClient,
    private readonly files: FileCache,
    private readonly log: vscode.LogOutputChannel,
    private readonly limitMilliseconds: number,
  ) {
    this.search = new UserSearch(files);
    this.disposables.push(
      this.changed,
      files.onDidChange((uri) => {
        this.markDependents(uri);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (isPython(document) && contentChanges.length > 0) this.schedule(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.forget(document.uri);
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        this.scheduleVisible();
      }),
    );
    this.scheduleVisible();
  }

  /** The inspection of the document's present text: from the cache or made now. `undefined` when a newer text came up meanwhile. */
  async get(document: vscode.TextDocument): Promise<InspectionState | undefined> {
    const entry = this.entry(document.uri);
    const { version } = document;
    if (entry.state?.version === version && !entry.stale) return entry.state;
    if (entry.running?.version === version && !entry.stale) return entry.running.promise;
    clearTimeout(entry.timer);
    entry.stale = false;
    const ticket = ++this.ticket;
    const promise = this.run(document, entry, version, ticket);
    entry.running = { version, ticket, promise };
    this.changed.fire(document);
    return promise;
  }

  /** What is known at once: the last result, and whether a newer one is being made. */
  peek(uri: vscode.Uri): { readonly state: InspectionState | undefined; readonly busy: boolean } {
    const entry = this.entries.get(uri.toString());
    return { state: entry?.state, busy: entry?.running !== undefined };
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
    const entry: Entry = { read: new Set(), stale: false };
    this.entries.set(key, entry);
    return entry;
  }

  private async run(
    document: vscode.TextDocument,
    entry: Entry,
    version: number,
    ticket: number,
  ): Promise<InspectionState | undefined> {
    const started = performance.now();
    const result = await this.inspect(document).catch((error: unknown): JobResult => ({
      kind: 'failed',
      message: error instanceof Error ? error.message : String(error),
    }));
    if (entry.running?.ticket !== ticket) return undefined;
    delete entry.running;
    if (result.kind === 'superseded') return undefined;
    const state = this.toState(document, version, result);
    entry.state = state;
    if (result.kind === 'done') entry.read = new Set(result.read);
    this.log.debug(`${document.uri.path}: ${state.kind} in ${(performance.now() - started).toFixed(0)} ms`);
    this.changed.fire(document);
    return state;
  }

  private toState(
    document: vscode.TextDocument,
    version: number,
    result: Exclude<JobResult, { kind: 'superseded' }>,
  ): InspectionState {
    const name = vscode.workspace.asRelativePath(document.uri);
    switch (result.kind) {
      case 'done':
        return { kind: 'ready', version, inspection: result.inspection };
      case 'timeout': {
        const seconds = this.limitMilliseconds / 1000;
        const message = vscode.l10n.t('This took longer than {0} s; InitScope stopped looking at {1}.', seconds, name);
        this.log.warn(message);
        return { kind: 'failed', version, message };
      }
      case 'failed':
        this.log.error(`${name}: ${result.message}`);
        return {
          kind: 'failed',
          version,
          message: vscode.l10n.t('InitScope could not read {0}: {1}', name, result.message),
        };
    }
  }

  /** Inspects; reads the workspace files that turn out to be needed, and inspects again. */
  private async inspect(document: vscode.TextDocument): Promise<JobResult> {
    const text = document.getText();
    const request = { file: document.uri.path, text };
    const roots = await importRoots(document.uri);
    const files = new Map<string, string | null>();
    const load = async (paths: Iterable<string>): Promise<void> => {
      await Promise.all(
        [...paths].map(async (path) =>
          files.set(path, await this.files.read(document.uri.with({ path, query: '', fragment: '' }))),
        ),
      );
    };
    const entry = this.entry(document.uri);
    await load(entry.read);
    for (let round = 1; ; round++) {
      const result = await this.worker.run({ key: document.uri.toString(), request, roots, users: entry.users, files });
      if (result.kind !== 'done') return result;
      const { needs, seeks } = result.inspection;
      const missing = needs.filter((path) => !files.has(path));
      if ((missing.length === 0 && seeks.length === 0) || round === maxRounds) return result;
      if (seeks.length > 0) {
        const names = [...new Set([...seeks, ...(entry.users?.names ?? [])])];
        entry.users = { names, paths: await this.search.find(document.uri, names) };
        missing.push(...entry.users.paths.filter((path) => !files.has(path)));
      }
      await load(missing);
    }
  }

  private schedule(document: vscode.TextDocument): void {
    const entry = this.entry(document.uri);
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => void this.get(document), debounceMilliseconds);
  }

  private scheduleVisible(): void {
    for (const { document } of vscode.window.visibleTextEditors) {
      if (isPython(document) && this.entries.get(document.uri.toString())?.state?.version !== document.version) {
        this.schedule(document);
      }
    }
  }

  private markDependents(uri: vscode.Uri): void {
    for (const document of vscode.workspace.textDocuments) {
      const entry = this.entries.get(document.uri.toString());
      if (entry === undefined || document.uri.toString() === uri.toString()) continue;
      if (entry.read.has(uri.path)) this.renew(document, entry);
      else if (entry.users !== undefined) void this.addUser(document, entry, entry.users, uri);
    }
  }

  /** A file that has changed may be one more that builds the document's models. */
  private async addUser(document: vscode.TextDocument, entry: Entry, users: Users, uri: vscode.Uri): Promise<void> {
    if (uri.scheme !== document.uri.scheme || users.paths.includes(uri.path)) return;
    const text = await this.files.read(uri);
    if (text === null || !mentions(text, users.names) || entry.users !== users) return;
    entry.users = { ...users, paths: [uri.path, ...users.paths] };
    this.renew(document, entry);
  }

  private renew(document: vscode.TextDocument, entry: Entry): void {
    entry.stale = true;
    this.schedule(document);
  }

  private forget(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.entries.get(key)?.timer);
    this.entries.delete(key);
  }
}

export function isPython(document: vscode.TextDocument): boolean {
  return document.languageId === 'python';
}
