import type * as ast from '../../python/syntax/ast.js';
import type { SourceRange } from '../../model/index.js';
import { parseCached, runStatements, type Interpreter } from '../../python/interpreter/index.js';
import { evaluate } from '../../python/interpreter/expressions.js';
import { LocalScope, moduleScope } from '../../python/interpreter/scope.js';
import { execute } from '../../python/interpreter/statements.js';
import { Dict, ModuleValue, PyException, Stopped, Tuple, Unknown, type Value } from '../../python/values/index.js';
import { moduleName } from '../module-name.js';
import { findSites, isMainBlock, type Level, type Site } from './find-sites.js';
import { namesIn, slice, starImports } from './slice.js';

/** What a call gives to what it calls. */
export interface SiteArguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** How many of them are known, and how many are not. */
  readonly known: number;
  readonly unknown: number;
}

/** Steps that finding the arguments of one call may take. */
const SITE_STEPS = 200_000;
/** A function's own arguments are looked for where it is called, and so on; so deep. */
const MOST_CALLERS = 3;

/** Evaluates calls of one file where they stand, executing no more of the file than their arguments depend on. */
export class SiteEvaluator {
  private readonly module: ModuleValue;
  private readonly body: readonly ast.Statement[];
  private readonly text: string;
  private readonly executed = new Set<ast.Statement>();

  private constructor(
    private readonly it: Interpreter,
    source: { readonly file: string; readonly text: string },
    /** The module has run already (but for what stands under `__main__`). */
    private readonly inspected: ModuleValue | undefined,
  ) {
    const parsed = parseCached(source.file, source.text);
    this.body = parsed.module.body;
    this.text = parsed.source;
    this.module = inspected ?? new ModuleValue(moduleName(source.file), source.file, false);
    if (inspected !== undefined) return;
    it.registerPlaces(source.file, parsed.places);
    this.module.names.set('__name__', '__main__');
    this.module.names.set('__file__', source.file);
  }

  /** For another file, of which nothing has run. */
  static of(it: Interpreter, file: string, text: string): SiteEvaluator {
    return new SiteEvaluator(it, { file, text }, undefined);
  }

  /** For the inspected file itself. */
  static ofInspected(it: Interpreter, module: ModuleValue, text: string): SiteEvaluator {
    return new SiteEvaluator(it, { file: module.file, text }, module);
  }

  sites(names: ReadonlySet<string>): Site[] {
    return findSites(this.body, names, this.text);
  }

  rangeOf(site: Site): SourceRange {
    return this.it.rangeIn(this.module, site.call);
  }

  /** Names that other names of the file were imported as: `from model import Net as Model` gives `Model` for `Net`. */
  aliases(name: string): string[] {
    return this.imports().flatMap((s) =>
      s.names.flatMap((n) => (n.name === name && n.asName !== null ? n.asName : [])),
    );
  }

  /** The last part of the module that a name is imported from; `undefined` when it isn't. */
  importedFrom(name: string): string | undefined {
    const found = this.imports().find((s) => s.names.some((n) => (n.asName ?? n.name) === name));
    return found === undefined ? undefined : (found.module ?? '.').split('.').at(-1);
  }

  private imports(): ast.ImportFrom[] {
    return this.body.filter((s): s is ast.ImportFrom => s.type === 'ImportFrom');
  }

  /** The value of what a site calls. */
  callee(site: Site): Value | undefined {
    return this.quietly(() => this.evaluate(site, [site.call.func])[0]);
  }

  /** The arguments of a site; `undefined` where they can't be had at all. */
  arguments(site: Site): SiteArguments | undefined {
    return this.quietly(() => {
      const { args, keywords } = site.call;
      const plain = args.map((a) => (a.type === 'Starred' ? a.value : a));
      const values = this.evaluate(site, [...plain, ...keywords.map((k) => k.value)]);
      const positional: Value[] = [];
      for (const [i, a] of args.entries()) {
        const value = values[i] ?? null;
        if (a.type !== 'Starred') positional.push(value);
        else if (value instanceof Unknown) return undefined;
        else positional.push(...this.it.toArray(value));
      }
      const named = new Map<string, Value>();
      for (const [i, k] of keywords.entries()) {
        const value = values[args.length + i] ?? null;
        if (k.name !== null) named.set(k.name, value);
        else if (value instanceof Unknown) return undefined;
        else for (const [key, v] of this.it.mappingPairs(value)) named.set(String(key), v);
      }
      const all = [...positional, ...named.values()];
      const unknown = all.filter((v) => v instanceof Unknown).length;
      return { positional, keywords: named, known: all.length - unknown, unknown };
    });
  }

  /** Nothing that fails here is news to the user: the site is one of several guesses. */
  private quietly<T>(body: () => T | undefined): T | undefined {
    const notes = this.it.notes.list.length;
    try {
      return this.it.budget.withSteps(SITE_STEPS, body);
    } catch (e) {
      if (e instanceof PyException || (e instanceof Stopped && e.cause !== 'cancelled')) return undefined;
      throw e;
    } finally {
      this.it.notes.take(notes);
    }
  }

  private evaluate(site: Site, expressions: readonly ast.Expression[], callers = 0): Value[] {
    const scope = this.scopeAt(site, new Set(expressions.flatMap(namesIn)), callers);
    return this.it.inFrame(this.module, () => expressions.map((e) => evaluate(this.it, e, scope)));
  }

  /** The scope in which a site stands, with the names that it needs. */
  private scopeAt(site: Site, needed: Set<string>, callers: number): LocalScope {
    const functions = site.levels.slice(1);
    const parts = functions
      .reverse()
      .map((level) => ({ level, statements: slice(level.before, needed) }))
      .reverse();
    let scope = this.moduleLevel(parts.length === 0 ? site.levels[0].before : this.body, needed);
    for (const { level, statements } of parts) {
      const inner = new LocalScope(scope, this.module);
      this.bindParameters(level, inner, needed, callers);
      this.run(statements, inner);
      scope = inner;
    }
    return scope;
  }

  /** Runs what matters of the module; what stands under `__main__` goes into a scope of its own when the module has run. */
  private moduleLevel(body: readonly ast.Statement[], needed: Set<string>): LocalScope {
    const scope = moduleScope(this.module);
    if (this.inspected !== undefined) {
      const main = new LocalScope(scope, this.module);
      const inMain = new Set(this.body.flatMap((s) => (isMainBlock(s) ? s.body : [])));
      const own = body.flatMap((s) => (isMainBlock(s) ? s.body : [s])).filter((s) => inMain.has(s));
      this.run(slice(own, needed), main);
      return main;
    }
    const statements = slice(body, needed);
    const bound = new Set(statements);
    const stars = starImports(this.body).filter((s) => !bound.has(s));
    for (const s of [...stars, ...statements]) {
      if (this.executed.has(s)) continue;
      this.executed.add(s);
      runStatements(this.it, this.module, [s]);
    }
    return scope;
  }

  private run(statements: readonly ast.Statement[], scope: LocalScope): void {
    this.it.inFrame(this.module, () => {
      for (const s of statements) {
        try {
          execute(this.it, [s], scope);
        } catch (e) {
          if (!(e instanceof PyException)) throw e;
        }
      }
    });
  }

  private bindParameters({ fn, cls }: Level, scope: LocalScope, needed: ReadonlySet<string>, callers: number): void {
    if (fn === undefined) return;
    const { positionalOnly, positional, keywordOnly, varargs, kwargs } = fn.args;
    const ordered = [...positionalOnly, ...positional];
    const wanted = [...ordered, ...keywordOnly].filter((p) => needed.has(p.name));
    const caller = wanted.length > 0 && callers < MOST_CALLERS ? this.callerOf(fn, cls) : undefined;
    const unknown = (name: string): Unknown =>
      new Unknown(
        `${name} is an argument of ${fn.name} that nothing in this file gives`,
        this.it.rangeIn(this.module, fn.nameRange),
        name,
      );
    for (const p of wanted) {
      const given =
        caller?.call.keywords.find((k) => k.name === p.name)?.value ??
        caller?.call.args[ordered.indexOf(p) - (cls === undefined ? 0 : 1)];
      if (caller !== undefined && given !== undefined && given.type !== 'Starred')
        scope.names.set(p.name, this.evaluate(caller, [given], callers + 1)[0] ?? null);
      else if (p.default !== null) {
        const { default: value } = p;
        const outer =
          this.inspected === undefined
            ? this.moduleLevel(this.body, new Set(namesIn(value)))
            : moduleScope(this.module);
        scope.names.set(
          p.name,
          this.it.inFrame(this.module, () => evaluate(this.it, value, outer)),
        );
      } else scope.names.set(p.name, unknown(p.name));
    }
    // What may be given besides is given by nobody.
    if (varargs) scope.names.set(varargs.name, new Tuple([]));
    if (kwargs) scope.names.set(kwargs.name, new Dict());
  }

  /** Where the file calls one of its functions, or makes an object of the class whose constructor it is; not within it. */
  private callerOf(fn: ast.FunctionDef, cls: ast.ClassDef | undefined): Site | undefined {
    if (cls !== undefined && fn.name !== '__init__') return undefined;
    return this.sites(new Set([cls?.name ?? fn.name])).find(
      (s) => s.levels.every((l) => l.fn !== fn) && s.call.func.type === 'Name',
    );
  }
}
