import type { Model, Parameter, SourceRange } from '../../../model/index.js';
import { children } from '../../../python/syntax/children.js';
import type { ast } from '../../../python/syntax/index.js';
import type { Cause, Rule } from '../rule.js';
import { importedNames, nameOf } from './names.js';

/** A call as it stands in the file. */
export interface WrittenCall {
  readonly node: ast.Call;
  /** What is called, by its full name where an import tells it: `torch.nn.init.zeros_`. */
  readonly name: string;
}

/** A file as it was written, and the models that were read from it. */
export interface Written {
  readonly module: ast.Module;
  readonly text: string;
  readonly models: readonly Model[];
  readonly calls: readonly WrittenCall[];
  at(node: ast.Located): SourceRange;
}

/** A rule that looks at what is written, where the models that come of it don't show it. */
export interface WrittenRule extends Pick<Rule, 'code' | 'name' | 'severity'> {
  find(w: Written): readonly Cause[];
}

export interface WrittenFile {
  readonly module: ast.Module;
  /** The Python text: of a notebook its cells, put together. */
  readonly source: string;
  readonly places: (node: ast.Located) => SourceRange;
}

export function writtenOf({ module, source, places }: WrittenFile, models: readonly Model[]): Written {
  const nodes: ast.Call[] = [];
  const visit = (node: object): void => {
    if ('type' in node && node.type === 'Call') nodes.push(node as ast.Call);
    for (const child of children(node)) visit(child);
  };
  visit(module);
  const imports = importedNames(module);
  const calls = nodes.map((node) => ({ node, name: nameOf(node.func, imports) }));
  return { module, text: source, models, calls, at: places };
}

/** The parameters (of one model, or of all) that a call set, now or before something else did. */
export function setBy(w: Written, call: ast.Located, model?: Model): readonly Parameter[] {
  const { file, start, cell } = w.at(call);
  const isHere = (r: SourceRange | undefined): boolean => r?.file === file && r.start === start && r.cell === cell;
  return (model ? [model] : w.models).flatMap((m) =>
    m.parameters.filter((p) => [p.setBy, ...(p.setBefore ?? [])].some((by) => isHere(by.range))),
  );
}
