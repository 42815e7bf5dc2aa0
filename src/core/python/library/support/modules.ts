import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { ModuleValue, type Value } from '../../values/index.js';
import { fill, type Entries } from './classes.js';

/** Makes a module anew for each evaluation: user code may assign to a module's names. */
export type ModuleFactory = () => ModuleValue;

/** What a module does with names that its table doesn't hold. */
export type Missing = 'raise' | ((name: string, runtime: Runtime) => Value | undefined);

/** A module that knows all its names, or what to do with the others. */
export function moduleOf(name: string, tables: () => readonly Entries[], missing: Missing = 'raise'): ModuleFactory {
  return () => {
    const fallback = missing === 'raise' ? undefined : missing;
    const module = new ModuleValue(name, '', true, fallback, true);
    module.names.set('__name__', name);
    for (const table of tables()) fill(module.names, table);
    return module;
  };
}

/** Names that aren't in the table are Unknown, for a reason that names them. */
export function notEvaluated(module: string): Missing {
  return (name, runtime) =>
    name.startsWith('__') ? undefined : runtime.unknown(`${module}.${name} is not evaluated`, `${module}.${name}`);
}

/** Submodules that stand as attributes of their package, and, for the rest, another rule. */
export function submodules(module: string, names: readonly string[], missing: Missing = 'raise'): Missing {
  return (name, runtime) => {
    if (names.includes(name)) return runtime.importModule(`${module}.${name}`);
    return missing === 'raise' ? undefined : missing(name, runtime);
  };
}

/** A function that does nothing and returns None, whatever it is given. */
export function nothing(name: string): Value {
  return native(name, '*args, **kwargs', () => null);
}

/** A function whose result can't be known here. */
export function unknowable(name: string, reason: string): Value {
  return native(name, '*args, **kwargs', (_args, runtime) => runtime.unknown(reason, `${name}()`));
}
