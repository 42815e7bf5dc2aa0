import type { SourceRange } from '../model/index.js';
import type { Interpreter } from '../python/interpreter/index.js';
import type * as ast from '../python/syntax/ast.js';
import { ClassValue, FunctionValue, type Instance, type ModuleValue } from '../python/values/index.js';
import { torchState } from '../frameworks/torch/context.js';
import { isModule, namedChildren, uniqueTensors } from '../frameworks/torch/nn/module-tree.js';
import { calledBy, type Directive } from './directive.js';
import { children } from '../python/syntax/children.js';
import { bestFirst, sitesWithin, type RankedSite } from './sites/ranked-sites.js';

/** An expression that may build a model of the file, and where it comes from. */
export interface EntryCandidate {
  readonly entry: string;
  /** Class that it is expected to build; '' where that shows only when it runs. */
  readonly className: string;
  /** `partial`: a call of which not every argument is known; `elsewhere`: a call in another file. */
  readonly from: 'directive' | 'instance' | 'call' | 'constructor' | 'factory' | 'elsewhere' | 'partial' | 'symbolic';
  readonly definedAt?: SourceRange | undefined;
  /** Shapes that the directive gives with it. */
  readonly input?: Directive['input'] | undefined;
  /** The call that gives the arguments. */
  readonly site?: RankedSite | undefined;
}

/** What a file offers, and what calls in other files may tell more about. */
export interface Entries {
  readonly candidates: readonly EntryCandidate[];
  /** Classes with a `forward`, by name. */
  readonly classes: ReadonlyMap<string, ClassValue>;
  /** Functions that seem to return a model but need arguments, by name. */
  readonly factories: ReadonlyMap<string, FunctionValue>;
}

/**
 * What a file offers to inspect, best first for each class: instances made at module level, calls whose arguments are
 * known, the plain constructor, factory functions, calls of which some arguments are known, and as a last resort the
 * constructor with its arguments left unknown.
 */
export function findEntries(it: Interpreter, module: ModuleValue, text: string): Entries {
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
  const plain = factories.filter((f) => isFactory(f, classes) && canCallWithoutArguments(f, 0));
  const classByName = new Map(classes.map((c) => [c.name, c]));
  // What such a function builds is shown under the function's own name.
  const within = new Set(plain.map((f) => f.node));
  const sites = bestFirst(sitesWithin(it, module, text, classByName, within));
  for (const c of classes) {
    candidates.push(...siteCandidates(sites, c, 'call').filter(({ site }) => site?.arguments.unknown === 0));
    if (canCallWithoutArguments(c.find('__init__'), 1))
      candidates.push({ entry: `${c.name}()`, className: c.name, from: 'constructor', definedAt: c.range });
  }
  for (const f of plain)
    candidates.push({
      entry: `${f.name}()`,
      className: '',
      from: 'factory',
      definedAt: it.rangeIn(module, f.node.type === 'FunctionDef' ? f.node.nameRange : f.node),
    });
  for (const c of classes)
    candidates.push(...siteCandidates(sites, c, 'partial').filter(({ site }) => site?.arguments.unknown !== 0));
  // A class that others of the file extend is read with them.
  const isBase = (c: ClassValue): boolean => classes.some((d) => d !== c && d.isSubclassOf(c));
  for (const c of classes.filter((d) => !isBase(d)))
    candidates.push({ entry: symbolicCall(c), className: c.name, from: 'symbolic', definedAt: c.range });
  const needy = factories.filter((f) => isFactory(f, classes) && !canCallWithoutArguments(f, 0));
  return { candidates, classes: classByName, factories: new Map(needy.map((f) => [f.name, f])) };
}

/** What directives ask for. */
export function directiveCandidates(
  directives: readonly Directive[],
  classes: ReadonlyMap<string, ClassValue>,
): EntryCandidate[] {
  return directives.flatMap(({ entry, input }): EntryCandidate[] => {
    if (entry === undefined) return [];
    const c = classes.get(calledBy(entry) ?? '');
    return [{ entry, className: c?.name ?? '', from: 'directive', definedAt: c?.range, input }];
  });
}

/** Different calls of a class or function; those that say nothing of its arguments are left out. */
export function siteCandidates(
  sites: readonly RankedSite[],
  target: RankedSite['target'],
  from: EntryCandidate['from'],
): EntryCandidate[] {
  const texts = new Set<string>();
  return sites
    .filter((s) => s.target === target && (s.arguments.known > 0 || s.arguments.unknown === 0))
    .filter((s) => !texts.has(s.text) && texts.add(s.text).size <= MOST_SITES)
    .map((site) => ({
      entry: site.text,
      className: target instanceof ClassValue ? target.name : '',
      from,
      definedAt: target instanceof ClassValue ? target.range : site.at,
      site,
    }));
}

/** Different calls of one class that are tried. */
const MOST_SITES = 4;

function isFactory(f: FunctionValue, classes: readonly ClassValue[]): boolean {
  return !f.name.startsWith('_') && mayReturnModel(f, classes);
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
export function unwrapped(fn: unknown): unknown {
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

/** Every call and name below some nodes, outermost first. */
function visit(nodes: readonly object[], f: (e: ast.Call | ast.Name) => void): void {
  for (const n of nodes) {
    if ('type' in n && (n.type === 'Call' || n.type === 'Name')) f(n as ast.Call | ast.Name);
    visit(children(n), f);
  }
}
