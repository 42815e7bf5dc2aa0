import type { SourceRange, TextEdit } from '../../model/index.js';
import type { ast } from '../../python/syntax/index.js';
import { argumentOf, changeArguments, isInitializer, separatorAt } from './source/arguments.js';
import { standing, type Document, type Standing } from './source/document.js';
import type { Imports } from './source/imports.js';
import { dotted, type Node } from './source/tree.js';
import { callText, type Spelled, type Target } from './spell.js';

/** A place in the source that gives a tensor its values, and how to give it others. */
export interface Site {
  readonly target: Target;
  /** The initializer of `torch.nn.init` that is called there. */
  readonly call?: { readonly node: ast.Call; readonly name: string } | undefined;
  readonly isUniform: boolean;
  readonly at: Standing;
  /** Edits after which the tensor is drawn as spelled. */
  replace(spelled: Spelled): readonly TextEdit[] | undefined;
}

/** Methods of tensors that overwrite them. */
const WRITING = new Set(['normal_', 'uniform_', 'fill_', 'zero_', 'copy_', 'trunc_normal_', 'constant_', 'random_']);

/** What a range, as parameters say who set them, is in the source; undefined where it is none of the known forms. */
export function siteAt(document: Document, imports: Imports, range: SourceRange, type?: string): Site | undefined {
  const path = document.pathTo(range);
  const at = standing(document, path);
  if (at === undefined) return undefined;
  const { start, end } = document.located(range);
  // A statement may be no more than the call in it.
  const node = path.filter((n) => n.start === start && n.end === end).at(-1);
  if (node?.type === 'Call') return siteOfCall({ document, imports, at, type }, node);
  const { statement } = at;
  // `layer.weight.data = torch.randn(…)`: the target was noted.
  if (statement.type === 'Assign' && statement.targets.length === 1) {
    const target = targetOf(document, statement.targets[0]!, type);
    if (target)
      return wholly(
        { document, imports, at, type },
        target,
        statement,
        /\brand\(|uniform/.test(document.slice(statement.value)),
      );
  }
  return undefined;
}

interface Context {
  readonly document: Document;
  readonly imports: Imports;
  readonly at: Standing;
  readonly type: string | undefined;
}

function siteOfCall(c: Context, node: ast.Call): Site | undefined {
  const { document, imports, at, type } = c;
  const written = dotted(node.func);
  const full = written === undefined ? undefined : imports.resolve(written);
  const name = full?.startsWith('torch.nn.init.') === true ? full.slice('torch.nn.init.'.length) : undefined;
  if (name !== undefined && isInitializer(name.endsWith('_') ? name : `${name}_`)) {
    const tensor = argumentOf(node, name, 'tensor') ?? node.args[0];
    if (tensor === undefined || tensor.type === 'Starred') return undefined;
    return {
      target: targetOf(document, tensor, type) ?? { tensor: document.slice(tensor) },
      call: { node, name },
      isUniform: name.includes('uniform'),
      at,
      replace: (spelled) => recalled(c, node, name, spelled),
    };
  }
  if (node.func.type === 'Attribute' && WRITING.has(node.func.attr)) {
    const target = targetOf(document, node.func.value, type);
    return target && wholly(c, target, node, node.func.attr === 'uniform_');
  }
  return undefined;
}

/** An expression, or a statement, as a whole gives way to a call of an initializer. */
function wholly({ document, imports, at }: Context, target: Target, node: Node, isUniform: boolean): Site {
  return {
    target,
    isUniform,
    at,
    replace({ comment: _, ...spelled }) {
      return [document.edit(node.start, node.end, callText(spelled, target.tensor, imports))];
    },
  };
}

/** The tensor meant by `m.weight.data` is `m.weight`. */
export function targetOf(document: Document, e: ast.Expression, type?: string): Target | undefined {
  const bare = e.type === 'Attribute' && e.attr === 'data' ? e.value : e;
  if (bare.type === 'Call' && bare.func.type === 'Attribute' && bare.func.attr === 'detach')
    return targetOf(document, bare.func.value, type);
  if (bare.type !== 'Attribute' && bare.type !== 'Name' && bare.type !== 'Subscript') return undefined;
  const tensor = document.slice(bare);
  return bare.type === 'Attribute' && bare.attr === 'weight'
    ? { tensor, module: document.slice(bare.value), type }
    : { tensor };
}

/** The same call with another initializer, or other arguments of the same; what is equal is not touched. */
function recalled({ document, imports }: Context, node: ast.Call, name: string, spelled: Spelled): TextEdit[] {
  const edits: TextEdit[] = [];
  const isSame = name === spelled.initializer;
  if (!isSame) edits.push(renamed(document, imports, node, spelled.initializer));
  const tensor = argumentOf(node, name, 'tensor');
  const others = (isSame ? PASSED : ALL).filter((p) => !(p in spelled.arguments));
  if (isSame || tensor === undefined) {
    const none = Object.fromEntries(others.map((p) => [p, null]));
    return [...edits, ...changeArguments(document, node, name, { ...none, ...spelled.arguments })];
  }
  // Of another function only the generator is an argument of the new one too.
  const generator = argumentOf(node, name, 'generator');
  const separator = separatorAt(document, tensor);
  const given = Object.entries(spelled.arguments).map(([p, value]) => `${separator}${p}=${value}`);
  if (generator) given.push(`${separator}generator=${document.slice(generator)}`);
  const last = [...node.args, ...node.keywords.map((k) => k.value)].reduce(
    (end, a) => Math.max(end, a.end),
    tensor.end,
  );
  return [...edits, document.edit(tensor.end, last, given.join(''))];
}

/** Arguments that change the scale, taken out where the recommendation doesn't name them. */
const PASSED = ['a', 'mean'];
const ALL = [...PASSED, 'b', 'std', 'gain', 'mode', 'nonlinearity', 'val', 'sparsity', 'groups'];

/** Another name for what is called, in the way that the call names it. */
export function renamed(document: Document, imports: Imports, { func }: ast.Call, initializer: string): TextEdit {
  if (func.type === 'Attribute') return document.edit(func.end - func.attr.length, func.end, initializer);
  const written = imports.spell(`torch.nn.init.${initializer}`);
  return document.edit(func.start, func.end, written);
}
