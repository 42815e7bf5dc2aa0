import type { FrameworkHooks, Interpreter, ModuleFactory } from '../../python/interpreter/index.js';
import { ModuleValue, NativeObject, Unknown, type Runtime, type Value } from '../../python/values/index.js';
import { bystanders } from './bystanders.js';
import { TorchState, torchState } from './context.js';
import { libraryGroups } from './library/index.js';
import type { LibraryFile } from './library/library-file.js';
import { createModuleClass } from './nn/module-class.js';
import { isModule } from './nn/module-tree.js';
import { Tensor } from './tensor.js';
import {
  createParameterClass,
  createUninitializedParameterClass,
  effectiveWeight,
  spectralWeight,
} from './nn/parameter.js';
import {
  createTensorClass,
  autogradFunctionClass,
  nativeModules,
  opaqueFunction,
  type NativeModule,
} from './ops/index.js';

/** Makes the state of one evaluation, with the classes that belong to it. */
export function createTorchState(it: Interpreter): TorchState {
  const Tensor = createTensorClass(it.objectClass);
  const Parameter = createParameterClass(Tensor);
  return new TorchState(() => it.inLibrary, {
    Tensor,
    Parameter,
    UninitializedParameter: createUninitializedParameterClass(Parameter),
    Module: createModuleClass(it.objectClass),
  });
}

/** Names that only exist because of how this library is built. */
function internalName(it: Interpreter, module: string, name: string): Value | undefined {
  if (name === 'Function' && module.startsWith('torch.autograd')) return autogradFunctionClass(it);
  const { classes } = torchState();
  if (module === 'torch') {
    if (name === '_effective_weight') return effectiveWeight;
    if (name === '_spectral_weight') return spectralWeight;
    if (name === 'Tensor') return classes.Tensor;
    return undefined;
  }
  if (!module.startsWith('torch.nn')) return undefined;
  if (name === 'Module') return classes.Module;
  if (name === 'Parameter') return classes.Parameter;
  if (name === 'UninitializedParameter') return classes.UninitializedParameter;
  return undefined;
}

/** Library files written in Python, each run once an evaluation, when a name of it is asked for. */
class LibraryFiles {
  private readonly run = new Map<string, ModuleValue>();
  private readonly definitions = new Map<string, ReadonlyMap<string, LibraryFile>>();

  constructor(private readonly it: Interpreter) {}

  find(group: string, name: string): Value | undefined {
    const entry = this.index(group).get(name);
    if (!entry) return undefined;
    let module = this.run.get(entry.file);
    if (!module) {
      module = new ModuleValue(group, `library:${entry.file}`, true);
      this.run.set(entry.file, module);
      this.it.modules.runLibrary(module, entry.module);
    }
    return module.names.get(name);
  }

  /** Which file of a group defines which name. */
  private index(group: string): ReadonlyMap<string, LibraryFile> {
    let known = this.definitions.get(group);
    if (!known) {
      const map = new Map<string, LibraryFile>();
      for (const entry of libraryGroups[group] ?? []) for (const name of entry.module.names) map.set(name, entry);
      known = map;
      this.definitions.set(group, known);
    }
    return known;
  }
}

function factoryFor(
  module: string,
  natives: NativeModule | undefined,
  files: (it: Interpreter) => LibraryFiles,
): ModuleFactory {
  return (it) => {
    const value = new ModuleValue(
      module,
      '',
      true,
      (name) => {
        const found =
          internalName(it, module, name) ??
          natives?.[name] ??
          files(it).find(module, name) ??
          submodule(it, module, name);
        const result = found ?? missing(it, module, name);
        if (result !== undefined && !(result instanceof Unknown)) value.names.set(name, result);
        return result;
      },
      true,
    );
    return value;
  };
}

function submodule(it: Interpreter, module: string, name: string): Value | undefined {
  const dotted = `${module}.${name}`;
  return moduleNames.has(dotted) ? it.importModule(dotted) : undefined;
}

/** A lower-case name that the library lacks: most often a function, sometimes a module. */
class MissingMember extends NativeObject {
  readonly typeName = 'builtin_function_or_method';
  constructor(private readonly name: string) {
    super();
  }
  override call(args: Value[], kwargs: ReadonlyMap<string, Value> | undefined, rt: Runtime): Value {
    return opaqueFunction(this.name).call(rt, args, kwargs);
  }
  override getAttribute(name: string, rt: Runtime): Value | undefined {
    return name.startsWith('__') ? undefined : rt.unknown(`InitScope does not know ${this.name}.${name}`, name);
  }
}

/** A name that the library lacks: functions of torch still take part in the trace, as operations without a rule. */
function missing(it: Interpreter, module: string, name: string): Value | undefined {
  if (name.startsWith('__')) return undefined;
  const isFunction =
    /^[a-z_][a-z0-9_]*$/.test(name) && /^torch(\.nn\.functional|\.linalg|\.fft|\.special)?$/.test(module);
  if (isFunction) return new MissingMember(`${module}.${name}`);
  const reason = bystanders.get(module);
  return it.unknown(reason ? `${module}.${name} ${reason}` : `InitScope does not know ${module}.${name}`, name);
}

const moduleNames = new Set([
  ...bystanders.keys(),
  ...Object.keys(nativeModules),
  ...Object.keys(libraryGroups),
  'torch.nn.functional',
  'torch.nn.init',
]);
// Packages above a known module are modules as well.
for (const name of [...moduleNames])
  for (let i = name.lastIndexOf('.'); i > 0; i = name.lastIndexOf('.', i - 1)) moduleNames.add(name.slice(0, i));

/** Everything that the interpreter must know of torch and the libraries round it. */
/** A tensor of the forward that is being traced. */
function isTraced(v: Value): boolean {
  const { tracer } = torchState();
  return v instanceof Tensor && tracer.active && v.value !== null && tracer.isTraced([v]);
}

export function torchHooks(): FrameworkHooks {
  const perInterpreter = new WeakMap<Interpreter, LibraryFiles>();
  const files = (it: Interpreter): LibraryFiles => {
    let f = perInterpreter.get(it);
    if (!f) perInterpreter.set(it, (f = new LibraryFiles(it)));
    return f;
  };
  const modules = new Map<string, ModuleFactory>();
  for (const name of moduleNames) modules.set(name, factoryFor(name, nativeModules[name], files));
  const replaceable = new Set([...moduleNames].map((n) => n.split('.')[0]!).filter((n) => n !== 'torch'));
  return { modules, replaceable, baseForUnknown: () => torchState().classes.Module, isModule, isTraced };
}
