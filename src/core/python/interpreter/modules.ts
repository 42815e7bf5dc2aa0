import { parseCached, unpackCached, type Found } from './loader.js';
import type { PackedModule } from '../syntax/index.js';
import { ModuleValue, Unknown, unrecorded, type Value } from '../values/index.js';
import { boundNames, importing } from './bindings.js';
import type { ModuleFactory } from './hooks.js';
import type { Interpreter } from './interpreter.js';
import { foldersOf } from './module-folders.js';
import { runModule, runStatements } from './run-module.js';

/** The modules of one evaluation: found, executed and kept. */
export class Modules {
  private readonly byName = new Map<string, Value>();
  private readonly byFile = new Map<string, ModuleValue>();
  /** Modules that did `from x import *` with an x that isn't known: any name may come from there. */
  private readonly stars = new Map<ModuleValue, Unknown>();
  private readonly libraryStars = new Map<ModuleValue, ModuleValue[]>();
  private main: ModuleValue | undefined;

  constructor(
    private readonly it: Interpreter,
    private readonly library: ReadonlyMap<string, ModuleFactory>,
    private readonly replaceable: ReadonlySet<string>,
  ) {}

  /** `import name`: the module itself, or Unknown with the reason. Raises ModuleNotFoundError inside a `try` that expects it. */
  import(name: string): Value {
    const known = this.byName.get(name);
    if (known instanceof ModuleValue || (known !== undefined && !this.it.expectations.missingModulesRaise))
      return known;
    return this.locate(name) ?? this.missing(name);
  }

  /** A module if it is there, without a word where it isn't. */
  find(name: string): ModuleValue | undefined {
    const known = this.byName.get(name) ?? this.locate(name);
    return known instanceof ModuleValue ? known : undefined;
  }

  private missing(name: string): Value {
    const top = name.split('.')[0]!;
    if (this.it.expectations.missingModulesRaise)
      return this.it.raise('ModuleNotFoundError', `No module named '${name}'`);
    const reason =
      this.byName.get(top) instanceof ModuleValue
        ? `there is no module '${name}' in the workspace`
        : `the module '${top}' is not in the workspace`;
    const unknown = this.it.unknown(reason, name.split('.').at(-1) ?? name);
    this.it.note(reason);
    this.byName.set(name, unknown);
    return unknown;
  }

  private locate(name: string): Value | undefined {
    const top = name.split('.')[0]!;
    const overridden = this.replaceable.has(top) && this.it.loader.find(top) !== null;
    if (!overridden) {
      const factory = this.library.get(name);
      if (factory) return this.fromFactory(name, factory);
      if (top !== name && this.library.has(top)) return this.libraryAttribute(name);
    }
    const found = this.it.loader.find(name);
    return found ? this.load(name, found) : undefined;
  }

  private fromFactory(name: string, factory: ModuleFactory): Value {
    const module = factory(this.it, name);
    this.byName.set(name, module);
    return module;
  }

  /** A submodule that a library has as an attribute (`torch.nn.functional`). */
  private libraryAttribute(name: string): Value | undefined {
    const [top, ...rest] = name.split('.') as [string, ...string[]];
    let value: Value | undefined = this.import(top);
    for (const p of rest) value = value === undefined ? undefined : this.it.findAttr(value, p);
    if (value !== undefined) this.byName.set(name, value);
    return value;
  }

  /** `from .name import …` and `from . import …`, found by the importing file's place. */
  importRelative(from: ModuleValue, level: number, name: string | null): Value {
    const folders = from.file.split('/').slice(0, -level);
    const dir = folders.join('/');
    // The dotted name is only a name here; what counts is the folder.
    const parts = from.name.split('.');
    const base = parts.slice(0, Math.max(0, parts.length - (from.isPackage ? level - 1 : level)));
    const dotted = [...base, ...(name === null ? [] : [name])].join('.');
    const known = dotted === '' ? undefined : this.byName.get(dotted);
    if (known instanceof ModuleValue) return known;
    if (level > folders.length + 1)
      return this.it.unknown('a relative import beyond the top of the workspace', name ?? '.');
    const found = name === null ? this.it.loader.findPackage(dir) : this.it.loader.find(name, [dir]);
    if (found) return this.load(dotted === '' ? found.path : dotted, found);
    if (name === null) return this.folder(dotted, dir);
    return this.missing(dotted);
  }

  /** A folder without `__init__.py`. */
  private folder(name: string, dir: string): ModuleValue {
    const module = new ModuleValue(name, `${dir}/__init__.py`, false, undefined, true);
    if (name !== '') this.byName.set(name, module);
    return module;
  }

  /** `from package import names`: a folder without `__init__.py` shows itself only through a file in it. */
  importForNames(name: string, names: readonly string[]): Value {
    const known = this.byName.get(name);
    if (known !== undefined && !(known instanceof Unknown)) return known;
    if (!this.library.has(name.split('.')[0]!) || this.replaceable.has(name.split('.')[0]!)) {
      if (!this.it.loader.find(name)) {
        for (const n of names) {
          const found = this.it.loader.find(`${name}.${n}`);
          if (found)
            return this.folder(
              name,
              found.path
                .split('/')
                .slice(0, found.isPackage ? -2 : -1)
                .join('/'),
            );
        }
      }
    }
    return this.import(name);
  }

  private load(name: string, found: Found): ModuleValue {
    const known = this.byFile.get(found.path);
    if (known) {
      this.byName.set(name, known);
      return known;
    }
    if (this.it.budget.importsAreLate) return this.leftOut(name);
    const module = new ModuleValue(name, found.path, false, undefined, found.isPackage);
    this.byName.set(name, module);
    this.byFile.set(found.path, module);
    const run = (): void => {
      this.it.expectations.none(() => {
        runModule(this.it, module, parseCached(module.file, found.text, true));
      });
    };
    // A package's __init__ often imports the whole library; it runs when a name of it is asked for, not for a module inside it.
    if (found.isPackage) {
      module.pending = run;
      this.pendingTexts.set(module, found.text);
    } else run();
    this.attach(name, module);
    return module;
  }

  /** A file that is not read because the imports before it took too long. */
  private leftOut(name: string): ModuleValue {
    const reason = `${name} was not read: the imports before it took too long`;
    const module = new ModuleValue(name, '', true, (n, rt) => (n.startsWith('__') ? undefined : rt.unknown(reason, n)));
    this.byName.set(name, module);
    this.it.note(reason);
    return module;
  }

  /** Makes `a.b` an attribute of `a`. */
  private attach(name: string, module: ModuleValue): void {
    const dot = name.lastIndexOf('.');
    if (dot < 0) return;
    const parentName = name.slice(0, dot);
    let parent = this.byName.get(parentName);
    if (!(parent instanceof ModuleValue)) {
      const folder = module.file
        .split('/')
        .slice(0, module.isPackage ? -2 : -1)
        .join('/');
      // Names that come of relative imports need not be found below a root.
      const found = this.it.loader.find(parentName) ?? this.it.loader.findPackage(folder);
      parent = found ? this.load(parentName, found) : this.folder(parentName, folder);
      if (!found) this.attach(parentName, parent as ModuleValue);
    }
    const p = parent as ModuleValue;
    if (!p.names.has(name.slice(dot + 1))) p.names.set(name.slice(dot + 1), module);
  }

  /**
   * `from package import name` while the package's `__init__` has not run: when that takes the name from elsewhere by an
   * import, only that import is done; when it does not bind the name, the name is a file of the package. Everything
   * else needs the whole `__init__`.
   */
  nameOfPending(module: ModuleValue, name: string): Value | undefined {
    const text = module.pending ? this.pendingTexts.get(module) : undefined;
    if (text === undefined) return undefined;
    const known = module.names.get(name);
    // A file of the package that was loaded already may have the name of a function that `__init__` takes from it.
    if (known !== undefined && !(known instanceof ModuleValue)) return known;
    const body = parseCached(module.file, text, true).module.body;
    const binding = body.filter((s) => boundNames(s).includes(name)).at(-1);
    if (binding && importing([binding], name)) return this.byImport(module, name);
    if (binding?.type === 'Assign' && binding.value.type === 'Constant') {
      runStatements(this.it, module, [binding]);
      return module.names.get(name);
    }
    const hasStar = body.some((s) => s.type === 'ImportFrom' && s.names.some((n) => n.name === '*'));
    return binding || hasStar ? undefined : this.submodule(module, name);
  }
  /**
   * A name that a package's `__init__` imports somewhere, also on a side that did not run: packages that load lazily
   * (`if TYPE_CHECKING: from .x import X`) list their names so.
   */
  byImport(module: ModuleValue, name: string): Value | undefined {
    const text = this.pendingTexts.get(module);
    if (text === undefined) return undefined;
    const parsed = parseCached(module.file, text, true);
    const found = importing(parsed.module.body, name);
    if (!found) return undefined;
    // `from package import name` in the package's own `__init__` means the file of that name.
    const key = `${module.file} ${name}`;
    if (this.underWay.has(key)) return this.submodule(module, name);
    this.underWay.add(key);
    this.it.registerPlaces(module.file, parsed.places);
    unrecorded(() => {
      runStatements(this.it, module, [{ ...found, names: found.names.filter((n) => (n.asName ?? n.name) === name) }]);
    });
    this.underWay.delete(key);
    return module.names.get(name);
  }
  /** Names being taken from `__init__`s that have not run. */
  private readonly underWay = new Set<string>();
  private readonly pendingTexts = new WeakMap<ModuleValue, string>();

  /** An attribute that is a module of a package and not imported yet. */
  submodule(module: ModuleValue, name: string): Value | undefined {
    if (module.isLibrary || !module.isPackage) return undefined;
    const found = this.it.loader.find(name, foldersOf(module));
    return found ? this.load(`${module.name}.${name}`, found) : undefined;
  }

  /** Runs the text of a module that is inspected itself. */
  runMain(name: string, file: string, text: string): ModuleValue {
    const module = new ModuleValue(name, file, false, undefined, file.endsWith('/__init__.py'));
    this.byName.set(name, module);
    this.byFile.set(file, module);
    this.main = module;
    try {
      runModule(this.it, module, parseCached(file, text));
    } finally {
      this.main = undefined;
    }
    return module;
  }

  /**
   * The module that is inspected, while it runs. Python would have run its package's `__init__` before it, or a second
   * copy of it as a script: whoever imports it in a circle finds all its names there, which here come only later.
   */
  isUnderWay(module: ModuleValue): boolean {
    return module === this.main;
  }

  /** Runs a library file that ships with InitScope. */
  runLibrary(module: ModuleValue, packed: PackedModule): void {
    this.it.expectations.none(() => {
      runModule(this.it, module, unpackCached(module.file, packed));
    });
  }

  // ---------------------------------------------------------------- star imports

  setUnknownStar(module: ModuleValue, why: Unknown): void {
    this.stars.set(module, why);
  }
  unknownStar(module: ModuleValue): Unknown | undefined {
    return this.stars.get(module);
  }
  addLibraryStar(into: ModuleValue, from: ModuleValue): void {
    this.libraryStars.set(into, [...(this.libraryStars.get(into) ?? []), from]);
  }
  /** A name that a `from library import *` would have bound. */
  undefinedName(module: ModuleValue, name: string): Value | undefined {
    for (const from of this.libraryStars.get(module) ?? []) {
      const v = from.fallback?.(name, this.it);
      if (v !== undefined) return v;
    }
    return undefined;
  }
}
