import { BoundMethod, type Runtime, type Value } from '../../../../python/values/index.js';
import { touch, Unknown } from '../../../../python/values/index.js';
import { torchState } from '../../context.js';
import type { Tensor, TensorProtocol } from '../../tensor.js';
import type { Table } from '../kit/define.js';
import { entries } from '../kit/entries.js';
import { isTraced, setter } from '../kit/make.js';
import { hasRank, isComplete, product } from '../kit/sizes.js';
import { flag, tensorOf, Undetermined } from '../kit/values.js';
import { getItem } from '../shape/indexing.js';
import { setItem } from '../shape/assign.js';
import { unbind } from '../shape/split.js';
import { contentOf, writeDistribution } from '../storage/write.js';
import { opaque } from '../kit/make.js';
import { ATTRIBUTES } from './attributes.js';
import { withInPlace } from './inplace.js';
import { binary, unary } from './operators.js';

/** `x.data = y`: the tensor's entries become those of y. */
function setData(x: Tensor, value: Value, rt: Runtime): void {
  const source = tensorOf(value);
  if (!source) {
    const reason = value instanceof Unknown ? value.reason : 'set to a value that is not known';
    writeDistribution(x, { kind: 'unknown', reason }, setter('data', rt));
    return;
  }
  if (isTraced([source])) return;
  touch(x);
  x.shape = source.shape;
  const content = contentOf(source);
  writeDistribution(x, content.distribution, setter('data', rt), content.data ?? null);
}

function setExtra(x: Tensor, name: string, value: Value): void {
  touch(x);
  (x.extras ??= new Map<string, Value>()).set(name, value);
}

export function makeProtocol(methods: Table): TensorProtocol {
  const method = withInPlace(methods);
  return {
    getAttribute(x, name, rt) {
      if (Object.hasOwn(ATTRIBUTES, name)) return ATTRIBUTES[name]?.(x, rt);
      const found = method(name);
      return found && new BoundMethod(x, found);
    },
    setAttribute(x, name, value, rt) {
      if (name === 'data') setData(x, value, rt);
      else if (name === 'requires_grad') {
        touch(x);
        x.requiresGrad = flag(value, rt, true);
      } else if (name !== 'grad') setExtra(x, name, value);
      return true;
    },
    getItem(x, index, rt) {
      try {
        return getItem(rt, x, index);
      } catch (e) {
        if (!(e instanceof Undetermined)) throw e;
        return opaque(rt, 'getitem', e.unknown.reason, [x], { shape: e.shape ?? e.unknown.as('…'), dtype: x.dtype });
      }
    },
    setItem(x, index, value, rt) {
      try {
        setItem(rt, x, index, value);
      } catch (e) {
        if (!(e instanceof Undetermined)) throw e;
        writeDistribution(x, { kind: 'unknown', reason: e.unknown.reason }, setter('setitem', rt));
      }
    },
    binary: (op, x, other, reflected, rt) => binary(op, x, other, reflected, rt),
    unary,
    iterate(x, rt) {
      if (!hasRank(x.shape)) return nothing(rt, x.shape.reason);
      const [size] = x.shape;
      if (size === undefined) return rt.raise('TypeError', 'iteration over a 0-d tensor');
      return typeof size === 'number'
        ? unbind(rt, x, 0)
        : nothing(rt, `the number of rows is not known (${size.reason})`);
    },
    length(x, rt) {
      if (!hasRank(x.shape)) return x.shape;
      return x.shape[0] ?? rt.raise('TypeError', 'len() of a 0-d tensor');
    },
    truth(x, rt) {
      const data = entries(x);
      if (data?.length === 1) return data[0] !== 0;
      if (isComplete(x.shape) && product(x.shape) !== 1)
        rt.raise('RuntimeError', 'Boolean value of Tensor with more than one value is ambiguous');
      return rt.unknown('the truth of a computed tensor');
    },
    classOf: (x) => {
      const { classes } = torchState();
      if (x.role !== 'parameter') return classes.Tensor;
      return x.isLazy ? classes.UninitializedParameter : classes.Parameter;
    },
  };
}

function nothing(rt: Runtime, reason: string): Value[] {
  rt.note(`what is iterated here is not known (${reason}); the loop was read as running zero times`);
  return [];
}
