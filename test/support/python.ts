import {
  Interpreter,
  type FrameworkHooks,
  type Limits,
  DEFAULT_LIMITS,
} from '../../src/core/python/interpreter/index.js';
import type { ModuleValue } from '../../src/core/python/values/index.js';

const noFramework: FrameworkHooks = {
  modules: new Map(),
  replaceable: new Set(),
  baseForUnknown: () => undefined,
  isModule: () => false,
};

/** Runs Python text as the module `main`, with other files beside it. */
export function runPython(
  text: string,
  files: Readonly<Record<string, string>> = {},
  limits: Partial<Limits> = {},
): { it: Interpreter; module: ModuleValue; reprOf: (name: string) => string } {
  const it = new Interpreter({ read: (path) => files[path] ?? null, roots: [''] }, noFramework, {
    ...DEFAULT_LIMITS,
    ...limits,
  });
  const module = it.modules.runMain('main', 'main.py', text);
  return {
    it,
    module,
    reprOf: (name) => {
      const v = module.names.get(name);
      return v === undefined ? '<undefined>' : it.repr(v);
    },
  };
}
