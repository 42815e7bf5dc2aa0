import type { SourceRange } from '../../../model/index.js';
import { Iterator, type Instance, type Runtime, type Value } from '../../../python/values/index.js';
import { torchState } from '../context.js';
import { Tensor, type Storage } from '../tensor.js';
import { registry } from './module-tree.js';

/** A pass of the user's code over modules: what it came by, and what was written meanwhile. */
export interface Walk {
  readonly range: SourceRange;
  /** The parameters of each module by itself. */
  readonly visited: (readonly Storage[])[];
  readonly written: Set<Storage>;
}

/** Begins one where the user's code, not the library's own, goes over modules. */
function begin(rt: Runtime): Walk | undefined {
  const state = torchState();
  const range = rt.here;
  if (state.isDefaultInit || state.tracer.active || range === undefined) return undefined;
  const walk: Walk = { range, visited: [], written: new Set() };
  state.walks.push(walk);
  return walk;
}

function visit(walk: Walk, module: Instance): void {
  const own = registry(module, '_parameters')?.values() ?? [];
  walk.visited.push(own.flatMap((t) => (t instanceof Tensor && t.storage ? [t.storage] : [])));
}

/** `apply`: calls with each module. */
export function walkThrough(rt: Runtime, modules: Iterable<Instance>, body: (m: Instance) => void): void {
  const state = torchState();
  const before = state.walk;
  const walk = begin(rt);
  for (const m of modules) {
    state.walk = walk;
    if (walk) visit(walk, m);
    try {
      body(m);
    } finally {
      state.walk = before;
    }
  }
}

/** `modules()`: hands out what is in the modules, one after another, to a loop whose body may initialize it. */
export function walkOver<T>(
  rt: Runtime,
  modules: readonly T[],
  moduleOf: (item: T) => Instance,
  valueOf: (item: T) => Value,
): Iterator {
  const state = torchState();
  const before = state.walk;
  const walk = begin(rt);
  let i = 0;
  return new Iterator(() => {
    const item = modules[i++];
    state.walk = item === undefined ? before : walk;
    if (item === undefined) return undefined;
    if (walk) visit(walk, moduleOf(item));
    return valueOf(item);
  }, 'generator');
}
