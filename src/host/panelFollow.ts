import * as vscode from 'vscode';
import type { SourceRange } from '../core/model/index.js';
import { layersAt } from '../protocol/atOffset.js';
import type { ToPanel } from '../protocol/panel.js';
import type { Inspections } from './inspections.js';
import { openedSource, sourceOf } from './source.js';

/** The two ways between a panel and the editor: places that it reveals, and the cursor that it follows. */
export class EditorLink implements vscode.Disposable {
  private readonly highlight = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    borderColor: new vscode.ThemeColor('editor.rangeHighlightBorder'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.rangeHighlightForeground'),
  });
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly document: vscode.Uri,
    private readonly inspections: Inspections,
    private readonly post: (message: ToPanel) => void,
  ) {
    this.listener = vscode.window.onDidChangeTextEditorSelection((event) => {
      this.follow(event);
    });
  }

  dispose(): void {
    this.listener.dispose();
    this.highlight.dispose();
  }

  /** Only the document itself and files of the workspace: a panel has no business elsewhere. */
  async reveal(range: SourceRange, focus: boolean): Promise<void> {
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
    this.clear();
    editor.setDecorations(this.highlight, [new vscode.Range(start, end)]);
  }

  private clear(): void {
    for (const editor of vscode.window.visibleTextEditors) editor.setDecorations(this.highlight, []);
  }

  private follow({ textEditor, selections, kind }: vscode.TextEditorSelectionChangeEvent): void {
    // Where the panel itself has put the cursor, it needs not be told.
    if (kind === undefined) return;
    const { document } = textEditor;
    const source = sourceOf(document);
    if (source.uri.toString() !== this.document.toString()) return;
    this.clear();
    const { state } = this.inspections.peek(source.uri);
    // Offsets of an older text would point at other layers.
    if (state?.kind !== 'ready' || state.version !== source.version) return;
    const [selection] = selections;
    if (selection === undefined) return;
    const offset = document.offsetAt(selection.active);
    const line = document.lineAt(selection.active.line);
    const cell = source.cellOf(document);
    const at = (o: number) => layersAt(state.inspection, source.path, o, cell);
    const places = at(offset);
    // Somewhere on the line is near enough, as for whoever steps through the code.
    const first = document.offsetAt(line.range.start) + line.firstNonWhitespaceCharacterIndex;
    for (let o = first; places.length === 0 && o < document.offsetAt(line.range.end); o++) places.push(...at(o));
    if (places.length > 0) this.post({ type: 'cursor', places });
  }
}
