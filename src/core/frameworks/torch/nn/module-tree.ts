import { Dict, Instance, type Value } from '../../../python/values/index.js';
import { Tensor } from '../tensor.js';

/** The three registries that nn.Module keeps on every instance; absent until `Module.__init__` has run. */
export type Registry = '_parameters' | '_buffers' | '_modules';

export function registry(module: Instance, name: Registry): Dict | undefined {
  const d = module.names.get(name);
  return d instanceof Dict ? d : undefined;
}

/** Whether an object is an nn.Module (one whose `Module.__init__` has run). */
export function isModule(v: Value): v is Instance {
  return v instanceof Instance && v.names.get('_modules') instanceof Dict;
}

/** Direct children by name; names whose module was set to None are left out. */
export function namedChildren(module: Instance): (readonly [string, Instance])[] {
  const out: (readonly [string, Instance])[] = [];
  for (const [k, v] of registry(module, '_modules')?.pairs() ?? []) if (isModule(v)) out.push([String(k), v]);
  return out;
}

/** All modules below and including `module`, each once, under its first name, depth first: torch's `named_modules`. */
export function* namedModules(
  module: Instance,
  prefix = '',
  seen = new Set<Instance>(),
  removeDuplicate = true,
): Generator<readonly [string, Instance]> {
  if (removeDuplicate) {
    if (seen.has(module)) return;
    seen.add(module);
  }
  yield [prefix, module];
  for (const [name, child] of namedChildren(module))
    yield* namedModules(child, join(prefix, name), seen, removeDuplicate);
}

export interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
  readonly owner: Instance;
}

/** Every registered tensor under every name it has, in torch's order (`named_parameters(remove_duplicate=False)` over distinct modules and again over shared ones). */
export function* namedTensors(
  module: Instance,
  which: '_parameters' | '_buffers',
  prefix = '',
  recurse = true,
): Generator<NamedTensor> {
  const modules = recurse ? namedModules(module, prefix, new Set(), false) : [[prefix, module] as const];
  for (const [path, owner] of modules) {
    for (const [name, tensor] of registry(owner, which)?.pairs() ?? [])
      if (tensor instanceof Tensor) yield { name: join(path, String(name)), tensor, owner };
  }
}

/** The same, each tensor once under its first name: what `named_parameters()` gives. */
export function uniqueTensors(
  module: Instance,
  which: '_parameters' | '_buffers',
  prefix = '',
  recurse = true,
): NamedTensor[] {
  const seen = new Set<Tensor>();
  const out: NamedTensor[] = [];
  for (const t of namedTensors(module, which, prefix, recurse)) {
    if (seen.has(t.tensor)) continue;
    seen.add(t.tensor);
    out.push(t);
  }
  return out;
}

export function join(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}
