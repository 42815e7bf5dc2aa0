import type * as ast from '../syntax/ast.js';
import { ModuleValue, Unknown, type Scope, type Value } from '../values/index.js';
import { initialize } from './attributes.js';
import type { Interpreter } from './interpreter.js';
import { assignName } from './scope.js';
import type { Completion } from './statements.js';

export function importStatement(it: Interpreter, n: ast.Import, scope: Scope): Completion {
  for (const { name, asName } of n.names) {
    it.at(n);
    const module = it.importModule(name);
    if (asName !== null) assignName(asName, module, scope);
    else {
      // `import a.b.c` binds `a`.
      const top = name.split('.')[0]!;
      assignName(top, name === top ? module : it.importModule(top), scope);
    }
  }
  return undefined;
}

export function importFrom(it: Interpreter, n: ast.ImportFrom, scope: Scope): Completion {
  it.at(n);
  const names = n.names.map((x) => x.name);
  const module =
    n.level > 0
      ? it.modules.importRelative(scope.module, n.level, n.module)
      : it.modules.importForNames(n.module ?? '', names);
  for (const { name, asName } of n.names) {
    if (name === '*') importStar(it, module, scope);
    else
      assignName(
        asName ?? name,
        (module instanceof ModuleValue ? withoutInit(it, n, module, name) : undefined) ?? fromModule(it, module, name),
        scope,
      );
  }
  return undefined;
}

/** A name of a package that can be had without running its `__init__`; `from . import x` means the file x before anything else. */
function withoutInit(it: Interpreter, n: ast.ImportFrom, module: ModuleValue, name: string): Value | undefined {
  const file = n.module === null ? it.modules.submodule(module, name) : undefined;
  return file !== undefined ? file : it.modules.nameOfPending(module, name);
}

function fromModule(it: Interpreter, module: Value, name: string): Value {
  if (module instanceof Unknown) return new Unknown(module.reason, module.range, name);
  const own = it.findAttr(module, name);
  if (own !== undefined) return own;
  const v = module instanceof ModuleValue ? it.modules.byImport(module, name) : undefined;
  if (v !== undefined) return v;
  if (module instanceof ModuleValue && it.modules.isUnderWay(module)) return it.unknown(underWay(module), name);
  const where = module instanceof ModuleValue ? module.name : 'the module';
  if (it.expectations.missingModulesRaise)
    return it.raise('ImportError', `cannot import name '${name}' from '${where}'`);
  return it.unknown(`there is no '${name}' in ${where}`, name);
}

function importStar(it: Interpreter, module: Value, scope: Scope): void {
  if (!(module instanceof ModuleValue)) {
    if (module instanceof Unknown) {
      it.note(`names imported with * are not known: ${module.reason}`);
      it.starImportFailed(scope.module, module);
    }
    return;
  }
  initialize(module);
  const all = module.names.get('__all__');
  const listed =
    all !== undefined && !(all instanceof Unknown)
      ? it.toArray(all).filter((v): v is string => typeof v === 'string')
      : undefined;
  if (!listed && module.isLibrary && module.fallback) it.libraryStar(scope.module, module);
  for (const name of listed ?? [...module.names.keys()].filter((k) => !k.startsWith('_'))) {
    const v = it.findAttr(module, name);
    if (v !== undefined) assignName(name, v, scope);
  }
  if (it.modules.isUnderWay(module)) it.starImportFailed(scope.module, it.unknown(underWay(module)));
}

function underWay(module: ModuleValue): string {
  return `${module.name} is imported while it is read itself`;
}
