import type { Model, Parameter, SourceRange } from '../../../model/index.js';
import { eachNode } from '../../../python/syntax/children.js';
import type { ast } from '../../../python/syntax/index.js';
import type { Cause, Rule } from '../rule.js';
import { addImports, nameOf } from './names.js';

/** A call as it stands in the file. */
export interface WrittenCall {
  readonly node: ast.Call;
  /** What is called, by its full name where an import tells it: `torch.nn.init.zeros_`. */
  readonly name: string;
}

/** A file as it was written, and the models that were read from it. */
export interface Written {
  readonly text: string;
  readonly models: readonly Model[];
  readonly calls: readonly WrittenCall[];
  /** Conditions within functions, with the innermost function around. */
  readonly conditions: readonly { readonly node: ast.If; readonly owner: ast.FunctionDef }[];
  readonly products: readonly ast.BinOp[];
  at(node: ast.Located): SourceRange;
}

/** A rule that looks at what is written, where the models that come of it don't show it. */
export interface WrittenRule extends Pick<Rule, 'code' | 'name' | 'severity'> {
  /** Text without which there is nothing to find: most files need not be walked through. */
  readonly mentions: RegExp;
  find(w: Written): readonly Cause[];
}

export interface WrittenFile {
  readonly module: ast.Module;
  /** The Python text: of a notebook its cells, put together. */
  readonly source: string;
  readonly places: (node: ast.Located) => SourceRange;
}

export function writtenOf({ module, source, places }: WrittenFile, models: readonly Model[]): Written {
  const calls: ast.Call[] = [];
  const functions: ast.FunctionDef[] = [];
  const ifs: ast.If[] = [];
  const products: ast.BinOp[] = [];
  const imports = new Map<string, string>();
  eachNode(module, (node) => {
    const n = node as ast.Statement | ast.Expression;
    if (n.type === 'Call') calls.push(n);
    else if (n.type === 'If') ifs.push(n);
    else if (n.type === 'FunctionDef') functions.push(n);
    else if (n.type === 'BinOp' && n.op === '*') products.push(n);
    else if (n.type === 'Import' || n.type === 'ImportFrom') addImports(imports, n);
  });
  const ownerOf = ({ start, end }: ast.Located): ast.FunctionDef | undefined =>
    // Outer functions come first.
    functions.filter((f) => f.start <= start && end <= f.end).at(-1);
  return {
    text: source,
    models,
    calls: calls.map((node) => ({ node, name: nameOf(node.func, imports) })),
    conditions: ifs.flatMap((node) => {
      const owner = ownerOf(node);
      return owner ? [{ node, owner }] : [];
    }),
    products,
    at: places,
  };
}

/** The parameters (of one model, or of all) that a call set, now or before something else did. */
export function setBy(w: Written, call: ast.Located, model?: Model): readonly Parameter[] {
  const { file, start, cell } = w.at(call);
  const isHere = (r: SourceRange | undefined): boolean => r?.file === file && r.start === start && r.cell === cell;
  return (model ? [model] : w.models).flatMap((m) =>
    m.parameters.filter((p) => [p.setBy, ...(p.setBefore ?? [])].some((by) => isHere(by.range))),
  );
}
