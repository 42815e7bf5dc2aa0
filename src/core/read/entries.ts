import type { SourceRange } from '../model/index.js';
import type { Interpreter } from '../python/interpreter/index.js';
import type * as ast from '../python/syntax/ast.js';
import { ClassValue, FunctionValue, type Instance, type ModuleValue } from '../python/values/index.js';
import { torchState } from '../frameworks/torch/context.js';
import { isModule, namedChildren, uniqueTensors } from '../frameworks/torch/nn/module-tree.js';

/** An expression that may build a model of the file, and where it comes from. */
export interface EntryCandidate {
  readonly entry: string;
  /** Class that it is expected to build; '' where that shows only when it runs. */
  readonly className: string;
  readonly from: 'directive' | 'instance' | 'call' | 'constructor' | 'factory' | 'symbolic';
  readonly definedAt?: SourceRange | undefined;
}

/**
 * What a file offers to inspect, best first for each class: instances made at module level, construction sites, the
 * plain constructor, factory functions, and as a last resort the constructor with its arguments left unknown.
 */
export function findEntries(
  it: Interpreter,
  module: ModuleValue,
  body: readonly ast.Statement[],
  text: string,
): EntryCandidate[] {
  const moduleClass = torchState().classes.Module;
  const classes: ClassValue[] = [];
  const candidates: EntryCandidate[] = [];
  const factories: FunctionValue[] = [];
  for (const [name, value] of module.names.entries()) {
    if (
      value instanceof ClassValue &&
      value.module === module &&
      value.isSubclassOf(moduleClass) &&
      value.name === name &&
      value.find('forward') instanceof FunctionValue
    )
      classes.push(value);
    else if (isModule(value) && (value.cls.module === module || isOwnModel(value, module.file)))
      candidates.push({
        entry: name,
        // Several models may be made of the same library class.
        className: value.cls.module === module ? value.cls.name : '',
        from: 'instance',
        definedAt: value.cls.module === module ? value.cls.range : value.constructedAt,
      });
    else if (value instanceof FunctionValue && value.scope.module === module && value.node.type === 'FunctionDef')
      factories.push(value);
  }
  const sites = constructionSites(body, new Set(classes.map((c) => c.name)), text);
  for (const c of classes) {
    for (const site of sites.get(c.name) ?? [])
      candidates.push({ entry: site, className: c.name, from: 'call', definedAt: c.range });
    if (canCallWithoutArguments(c.find('__init__'), 1))
      candidates.push({ entry: `${c.name}()`, className: c.name, from: 'constructor', definedAt: c.range });
  }
  for (const f of factories) {
    if (f.name.startsWith('_') || !canCallWithoutArguments(f, 0) || !mayReturnModel(f, classes)) continue;
    candidates.push({
      entry: `${f.name}()`,
      className: '',
      from: 'factory',
      definedAt: it.rangeIn(module, f.node.type === 'FunctionDef' ? f.node.nameRange : f.node),
    });
  }
  // A class that others of the file extend is read with them.
  const isBase = (c: ClassValue): boolean => classes.some((d) => d !== c && d.isSubclassOf(c));
  for (const c of classes.filter((d) => !isBase(d)))
    candidates.push({ entry: symbolicCall(c), className: c.name, from: 'symbolic', definedAt: c.range });
  return candidates;
}

/** A model put together from the library's classes in this file (`net = nn.Sequential(…)`); losses and bare activations are none. */
function isOwnModel(value: Instance, file: string): boolean {
  return (
    value.constructedAt?.file === file &&
    namedChildren(value).length > 1 &&
    uniqueTensors(value, '_parameters').length > 0
  );
}

/** The function behind decorators that keep it (`functools.wraps`). */
function unwrapped(fn: unknown): unknown {
  let f = fn;
  for (let i = 0; i < 8 && f instanceof FunctionValue; i++) {
    const inner = f.attributes.get('__wrapped__');
    if (!(inner instanceof FunctionValue)) break;
    f = inner;
  }
  return f;
}

/** Whether a call needs nothing: every parameter after the first `bound` has a default. */
function canCallWithoutArguments(wrapped: unknown, bound: number): boolean {
  const fn = unwrapped(wrapped);
  if (!(fn instanceof FunctionValue)) return fn !== undefined;
  const { positionalOnly, positional, keywordOnly } = fn.args;
  return [...[...positionalOnly, ...positional].slice(bound), ...keywordOnly].every((p) => fn.defaults.has(p.name));
}

/** A factory names a class of the file or another function in what it returns. */
function mayReturnModel(f: FunctionValue, classes: readonly ClassValue[]): boolean {
  if (!(f.body as readonly object[]).some(returnsValue)) return false;
  const names = new Set(classes.map((c) => c.name));
  let found = false;
  visit(f.body as readonly ast.Statement[], (n) => {
    if (
      n.type === 'Call' &&
      n.func.type === 'Name' &&
      (names.has(n.func.id) || /model|net|build|create|make|_/.test(n.func.id))
    )
      found = true;
    // `return model` of something built by a registry call
    if (n.type === 'Name' && names.has(n.id)) found = true;
  });
  return found;
}

/** Whether a statement of the function itself returns something: scripts' `main()` does not. */
function returnsValue(s: object): boolean {
  const node = s as { readonly type?: string; readonly value?: unknown };
  if (node.type === 'Return') return node.value !== null;
  if (node.type === 'FunctionDef' || node.type === 'ClassDef' || node.type === 'Lambda') return false;
  return Object.values(s).some((c: unknown) =>
    Array.isArray(c) ? c.some((x: unknown) => typeof x === 'object' && x !== null && returnsValue(x)) : false,
  );
}

/** `Net(hidden, classes)`: a constructor call whose arguments are left unknown, named after the parameters. */
function symbolicCall(c: ClassValue): string {
  const init = unwrapped(c.find('__init__'));
  if (!(init instanceof FunctionValue)) return `${c.name}()`;
  const { positionalOnly, positional, keywordOnly } = init.args;
  const required = [...positionalOnly, ...positional].slice(1).filter((p) => !init.defaults.has(p.name));
  const keywords = keywordOnly.filter((p) => !init.defaults.has(p.name));
  return `${c.name}(${[...required.map((p) => p.name), ...keywords.map((p) => `${p.name}=${p.name}`)].join(', ')})`;
}

/** Calls of the file's classes anywhere in the file, as text; those inside classes are parts of other models, not models. */
function constructionSites(
  body: readonly ast.Statement[],
  names: ReadonlySet<string>,
  text: string,
): Map<string, string[]> {
  const out = new Map<string, string[]>();
  const add = (n: ast.Expression): void => {
    if (n.type !== 'Call' || n.func.type !== 'Name' || !names.has(n.func.id) || n.args.length + n.keywords.length === 0)
      return;
    const list = out.get(n.func.id) ?? [];
    if (list.length === 0) out.set(n.func.id, list);
    const slice = text.slice(n.start, n.end);
    const source = slice.includes('#') ? slice : slice.replace(/\s+/g, ' ');
    if (list.length < 4 && !list.includes(source)) list.push(source);
  };
  visit(
    body.filter((s) => s.type !== 'ClassDef'),
    (n) => {
      add(n);
    },
  );
  return out;
}

/** Every expression below some statements, outermost first. */
function visit(nodes: readonly object[], f: (e: ast.Expression) => void): void {
  for (const n of nodes) {
    if ('type' in n && 'start' in n && isExpression(n as ast.Expression)) f(n as ast.Expression);
    for (const child of Object.values(n) as unknown[]) {
      if (Array.isArray(child))
        visit(
          child.filter((c): c is object => typeof c === 'object' && c !== null),
          f,
        );
      else if (typeof child === 'object' && child !== null) visit([child], f);
    }
  }
}

function isExpression(n: { readonly type: string }): boolean {
  return n.type === 'Call' || n.type === 'Name';
}
