import { touch, type Runtime } from '../../../../python/values/index.js';
import { Storage, Tensor } from '../../tensor.js';
import { op, type Table } from '../kit/define.js';
import { isTraced, makeConstant } from '../kit/make.js';
import { hasRank } from '../kit/sizes.js';
import { isContiguous } from '../storage/layout.js';
import { contentOf } from '../storage/write.js';
import { detached, sameEntries } from './attributes.js';

function clone(rt: Runtime, x: Tensor): Tensor {
  if (isTraced([x])) {
    const t = sameEntries(x);
    t.requiresGrad = x.requiresGrad;
    return t;
  }
  return x.storage === null ? sameEntries(x) : makeConstant(rt, 'clone', x.shape, x.dtype, contentOf(x));
}

/** A tensor of its own with the same entries: what `copy.deepcopy` of a module makes of its parameters. */
function deepCopy(rt: Runtime, x: Tensor): Tensor {
  const t = shallowCopy(x);
  if (x.storage) {
    const { distribution, data, setBy, rows } = { ...contentOf(x), rows: x.storage.rows };
    const own = hasRank(x.shape) && typeof x.shape[0] === 'number' ? x.shape[0] : rows;
    t.storage = new Storage(distribution, setBy ?? x.storage.setBy, x.region ? own : rows, data ?? null);
    if (x.region === null) t.storage.drawnAs({ source: x.storage.draw.source, by: 'copy', at: rt.here });
    t.region = null;
  }
  return t;
}

/** Another object for the same storage. */
function shallowCopy(x: Tensor): Tensor {
  const t = new Tensor(x.shape, x.dtype, x.storage, x.value, x.region);
  Object.assign(t, {
    role: x.role,
    requiresGrad: x.requiresGrad,
    declaredAt: x.declaredAt,
    isLazy: x.isLazy,
    wasLazy: x.wasLazy,
  });
  t.extras = x.extras && new Map(x.extras);
  return t;
}

/** Methods that give a tensor of its own, or another object for the same entries. */
export const copies: Table = {
  contiguous: op('contiguous', 'input, memory_format=None', (x, _a, rt) =>
    isTraced([x]) || x.storage === null || isContiguous(x)
      ? x
      : makeConstant(rt, 'contiguous', x.shape, x.dtype, contentOf(x)),
  ),
  clone: op('clone', 'input, memory_format=None', (x, _a, rt) => clone(rt, x)),
  __deepcopy__: op('__deepcopy__', 'input, memo=None', (x, _a, rt) => deepCopy(rt, x)),
  __copy__: op('__copy__', 'input', (x) => shallowCopy(x)),
  detach: op('detach', 'input', (x, _a, rt) => detached(rt, x)),
  detach_: op('detach_', 'input', (x, _a, rt) => {
    if (x.value === null || !isTraced([x])) return x;
    touch(x);
    x.value = detached(rt, x).value;
    return x;
  }),
  // What `sample` of a distribution gives: drawn from its parameters, but not by a function of them.
  _sampled: op('_sampled', 'input', (x, _a, rt) => detached(rt, x, 'sample')),
};
