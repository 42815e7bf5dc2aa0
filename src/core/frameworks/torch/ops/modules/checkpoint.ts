import { native, type Runtime, type Tuple, type Value } from '../../../../python/values/index.js';
import { Dict } from '../../../../python/values/index.js';
import { passThrough } from './contexts.js';

const OPTIONS = new Set([
  'use_reentrant',
  'preserve_rng_state',
  'context_fn',
  'determinism_check',
  'debug',
  'early_stop',
]);

/** Recomputing instead of keeping changes nothing in what is computed. */
const checkpoint = native('checkpoint', 'function, *args, **kwargs', (a, rt) => {
  const kwargs = new Map<string, Value>();
  if (a.kwargs instanceof Dict)
    for (const [k, v] of a.kwargs.pairs()) if (!OPTIONS.has(String(k))) kwargs.set(String(k), v);
  return rt.call(a.function, [...(a.args as Tuple).items], kwargs.size > 0 ? kwargs : undefined);
});

const sequential = native('checkpoint_sequential', 'functions, segments, input, **kwargs', (a, rt: Runtime) => {
  let x: Value = a.input;
  for (const f of rt.iterate(
    rt.findAttr(a.functions, 'children') ? rt.callMethod(a.functions, 'children') : a.functions,
  ))
    x = rt.call(f, [x]);
  return x;
});

export const checkpointFunctions: Record<string, Value> = {
  checkpoint,
  checkpoint_sequential: sequential,
  ...passThrough('set_checkpoint_early_stop', 'set_checkpoint_debug_enabled'),
};
