import type { Distribution } from '../../../model/index.js';
import { isKnown } from '../../../model/index.js';
import {
  ClassValue,
  Instance,
  native,
  NativeFunction,
  Unknown,
  type Runtime,
  type Value,
} from '../../../python/values/index.js';
import { scaled } from '../../../initializers/distributions.js';
import { Storage, Tensor } from '../tensor.js';
import { sizeOf } from '../trace.js';

/** `nn.Parameter(data)`: the same storage, registered by modules that it is assigned to. */
export function createParameterClass(tensorClass: ClassValue): ClassValue {
  const cls = new ClassValue('Parameter', [tensorClass], tensorClass.mro, null, undefined);
  cls.names.set(
    '__new__',
    native('Parameter', 'cls, data=None, requires_grad=True, **kwargs', ({ data, requires_grad }, rt) =>
      makeParameter(rt, data, rt.isTrue(requires_grad, true)),
    ),
  );
  cls.names.set('__init__', new NativeFunction('__init__', () => null));
  return cls;
}

/** A parameter of unknown size, for lazy modules; `materialize(shape)` gives it its size. */
export function createUninitializedParameterClass(parameterClass: ClassValue): ClassValue {
  const cls = new ClassValue('UninitializedParameter', [parameterClass], parameterClass.mro, null, undefined);
  cls.names.set(
    '__new__',
    native('UninitializedParameter', 'cls, requires_grad=True, device=None, dtype=None', (_a, rt) => {
      const t = new Tensor(
        rt.unknown('a lazy layer gets its size in its first forward', 'in_features'),
        'float',
        new Storage({ kind: 'uninitialized' }, { what: 'lazy' }),
      );
      t.role = 'parameter';
      t.isLazy = true;
      t.declaredAt = rt.here;
      return t;
    }),
  );
  cls.names.set('__init__', new NativeFunction('__init__', () => null));
  return cls;
}

function makeParameter(rt: Runtime, data: Value, requiresGrad: boolean): Value {
  const source = data instanceof Instance && data.payload instanceof Tensor ? data.payload : data;
  if (source instanceof Unknown) {
    const t = new Tensor(
      source,
      'float',
      new Storage({ kind: 'unknown', reason: source.reason }, { what: 'Parameter', range: rt.here }),
    );
    return asParameter(t, rt, requiresGrad);
  }
  if (source === null)
    return asParameter(
      new Tensor([0], 'float', new Storage({ kind: 'uninitialized' }, { what: 'Parameter' })),
      rt,
      requiresGrad,
    );
  if (!(source instanceof Tensor))
    return rt.raise('TypeError', `Parameter data must be a tensor, not ${rt.classOf(source).name}`);
  const storage =
    source.storage ??
    new Storage(
      { kind: 'unknown', reason: 'computed by an operation whose result is not followed' },
      { what: 'Parameter', range: rt.here },
    );
  return asParameter(new Tensor(source.shape, source.dtype, storage, null, source.region), rt, requiresGrad);
}

function asParameter(t: Tensor, rt: Runtime, requiresGrad: boolean): Tensor {
  t.role = 'parameter';
  t.requiresGrad = requiresGrad;
  t.declaredAt = rt.here;
  return t;
}

/** A weight that hooks compute from `from` before each forward. */
function effective(from: Tensor, distribution: Distribution, by: string): Tensor {
  const t = new Tensor(from.shape, from.dtype, new Storage(distribution, from.storage?.setBy ?? { what: 'default' }));
  if (t.storage && from.storage) t.storage.computedFrom = { storage: from.storage, by };
  t.role = 'effective';
  t.requiresGrad = true;
  t.declaredAt = from.declaredAt;
  ORIGINS.set(t, from);
  return t;
}

/** The parameters that effective weights are computed from. */
const ORIGINS = new WeakMap<Tensor, Tensor>();

export function originOf(effectiveTensor: Tensor): Tensor | undefined {
  return ORIGINS.get(effectiveTensor);
}

/**
 * weight_norm's g·v/‖v‖ per slice of axis `dim`: at first the same entries as v, since g = ‖v‖ (torch/nn/utils/weight_norm.py).
 * When g was set by itself, the entries scale by g over the norm that v has: std·√(entries of a slice).
 */
export const effectiveWeight = native('_effective_weight', 'v, g, dim=0', ({ v, g }) => {
  if (!(v instanceof Tensor)) return v;
  const dv = v.storage?.distribution ?? { kind: 'unknown', reason: 'weight_norm of a weight that is not known' };
  const entries = sizeOf(v);
  const slices = g instanceof Tensor ? sizeOf(g) : undefined;
  const dg = g instanceof Tensor ? g.storage?.distribution : undefined;
  if (!isKnown(dv) || !dg || !isKnown(dg) || entries === undefined || slices === undefined || slices === 0)
    return effective(v, dv, 'weight_norm');
  const norm = Math.sqrt((dv.std ** 2 + dv.mean ** 2) * (entries / slices));
  return effective(v, norm > 0 ? scaled(dv, Math.sqrt(dg.mean ** 2 + dg.std ** 2) / norm) : dv, 'weight_norm');
});

/**
 * spectral_norm's W/σ. The largest singular value of a rows×columns matrix of iid entries is std·(√rows + √columns)
 * (Bai & Yin 1993); after a single power iteration from a random vector it is still std·√(rows + columns).
 */
export const spectralWeight = native('_spectral_weight', 'w, rows, iterations', ({ w, rows, iterations }) => {
  if (!(w instanceof Tensor)) return w;
  const d = w.storage?.distribution ?? { kind: 'unknown', reason: 'spectral_norm of a weight that is not known' };
  const entries = sizeOf(w);
  if (!isKnown(d) || entries === undefined || typeof rows !== 'number' || rows === 0 || d.std === 0)
    return effective(w, d, 'spectral_norm');
  const columns = entries / rows;
  const sigma = d.std * (iterations === 1 ? Math.sqrt(rows + columns) : Math.sqrt(rows) + Math.sqrt(columns));
  return effective(w, scaled(d, 1 / sigma), 'spectral_norm');
});
