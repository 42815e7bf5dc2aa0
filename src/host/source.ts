import * as vscode from 'vscode';
import type { SourceRange } from '../core/model/index.js';

/** What is inspected: a Python file, or a notebook with its cells as one module. */
export interface Source {
  /** Of the file or the notebook. */
  readonly uri: vscode.Uri;
  /** As ranges of it name it. */
  readonly path: string;
  /** Differs whenever the text does. */
  readonly version: string;
  readonly isClosed: boolean;
  text(): string;
  /** Number of the cell that a document of it is; `undefined` for a file. */
  cellOf(document: vscode.TextDocument): number | undefined;
  /** The document that holds a range of it. */
  documentOf(range: SourceRange): vscode.TextDocument | undefined;
  /** The document that a directive is, or should be, written into. */
  readonly forDirectives: vscode.TextDocument | undefined;
}

/** The source that a document is, or is a cell of. */
export function sourceOf(document: vscode.TextDocument): Source {
  const notebook = vscode.workspace.notebookDocuments.find((n) => n.getCells().some((c) => c.document === document));
  return notebook === undefined ? new FileSource(document) : new NotebookSource(notebook);
}

/** The source of a panel or a link; opened when it isn't yet. */
export async function openSource(uri: vscode.Uri): Promise<Source> {
  const open = openedSource(uri);
  if (open !== undefined) return open;
  return uri.path.endsWith('.ipynb')
    ? new NotebookSource(await vscode.workspace.openNotebookDocument(uri))
    : new FileSource(await vscode.workspace.openTextDocument(uri));
}

/** The source of this URI if it is open. */
export function openedSource(uri: vscode.Uri): Source | undefined {
  const key = uri.toString();
  const notebook = vscode.workspace.notebookDocuments.find((n) => n.uri.toString() === key);
  if (notebook !== undefined) return new NotebookSource(notebook);
  const document = vscode.workspace.textDocuments.find((d) => d.uri.toString() === key);
  return document === undefined ? undefined : new FileSource(document);
}

export function isPython(document: vscode.TextDocument): boolean {
  return document.languageId === 'python';
}

class FileSource implements Source {
  constructor(private readonly document: vscode.TextDocument) {}

  get uri(): vscode.Uri {
    return this.document.uri;
  }
  get path(): string {
    return this.document.uri.path;
  }
  get version(): string {
    return String(this.document.version);
  }
  get isClosed(): boolean {
    return this.document.isClosed;
  }
  get forDirectives(): vscode.TextDocument {
    return this.document;
  }
  text(): string {
    return this.document.getText();
  }
  cellOf(): undefined {
    return undefined;
  }
  documentOf(range: SourceRange): vscode.TextDocument | undefined {
    return range.file === this.path ? this.document : undefined;
  }
}

class NotebookSource implements Source {
  constructor(private readonly notebook: vscode.NotebookDocument) {}

  get uri(): vscode.Uri {
    return this.notebook.uri;
  }
  get path(): string {
    const { path } = this.notebook.uri;
    // The core knows notebooks by their names; one that was never saved has none.
    return path.endsWith('.ipynb') ? path : `${path}.ipynb`;
  }
  get version(): string {
    const cells = this.notebook.getCells().map(({ document }) => `${document.uri.fragment}:${document.version}`);
    return [this.notebook.version, ...cells].join(' ');
  }
  get isClosed(): boolean {
    return this.notebook.isClosed;
  }
  /** The first cell that has a directive, or the first with code. */
  get forDirectives(): vscode.TextDocument | undefined {
    const documents = this.code().map(({ document }) => document);
    return documents.find((d) => /^[ \t]*#[ \t]*initscope:/m.test(d.getText())) ?? documents[0];
  }
  /** As a notebook's file has it, with every cell in its place. */
  text(): string {
    const cells = this.notebook.getCells().map((cell) => ({
      cell_type: isCode(cell) ? 'code' : 'raw',
      source: cell.document.getText(),
    }));
    return JSON.stringify({ cells });
  }
  cellOf(document: vscode.TextDocument): number | undefined {
    return this.notebook.getCells().find((cell) => cell.document === document)?.index;
  }
  documentOf(range: SourceRange): vscode.TextDocument | undefined {
    if (range.file !== this.path || range.cell === undefined) return undefined;
    return this.notebook.getCells()[range.cell]?.document;
  }
  private code(): vscode.NotebookCell[] {
    return this.notebook.getCells().filter(isCode);
  }
}

function isCode(cell: vscode.NotebookCell): boolean {
  return cell.kind === vscode.NotebookCellKind.Code && isPython(cell.document);
}
