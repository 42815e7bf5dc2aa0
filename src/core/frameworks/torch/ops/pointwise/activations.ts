import type { NativeFunction, Runtime, Value } from '../../../../python/values/index.js';
import { activationNamed, constantsOf } from '../../../../propagation/activations/index.js';
import { torchState } from '../../context.js';
import type { Tensor } from '../../tensor.js';
import { op, tensorArgument, type Family, type Table } from '../kit/define.js';
import { opaque } from '../kit/make.js';
import { flag, real } from '../kit/values.js';
import { parameterOf } from '../products/weights.js';
import { assignInPlace } from '../storage/write.js';
import { mapEntries } from './apply.js';

/** Applies an activation of core/propagation by its name. */
export function activate(
  rt: Runtime,
  x: Tensor,
  name: string,
  constants: Readonly<Record<string, number>> = {},
): Tensor {
  const activation = activationNamed(name);
  if (!activation) return opaque(rt, name, `the activation ${name} has no rule`, [x], { shape: x.shape });
  const own = constantsOf(activation, constants);
  const dtype = x.dtype === 'complex' ? 'complex' : 'float';
  return mapEntries(
    rt,
    x,
    { kind: 'activation', name: activation.name, constants: own },
    (v) => (poles[activation.name] === v ? -Infinity : activation.value(v, own)),
    dtype,
  );
}

/** Where entries that are known become -inf, as in `torch.log(torch.tril(ones))`; on the way forward they count as 0. */
const poles: Readonly<Record<string, number>> = { log: 0, log2: 0, log10: 0, log1p: -1 };

interface Entry {
  /** Name in core/propagation where it differs from torch's. */
  readonly name?: string;
  /** Constants after `input`, as torch writes them, and the name each has in core/propagation. */
  readonly signature?: string;
  readonly constants?: Readonly<Record<string, string>>;
}

/** Activations of torch.nn.functional that are one function of one number. */
const TABLE: Readonly<Record<string, Entry>> = {
  relu: {},
  relu6: {},
  leaky_relu: { signature: 'negative_slope=0.01', constants: { negative_slope: 'slope' } },
  elu: { signature: 'alpha=1.0', constants: { alpha: 'alpha' } },
  celu: { signature: 'alpha=1.0', constants: { alpha: 'alpha' } },
  selu: {},
  silu: {},
  mish: {},
  sigmoid: {},
  logsigmoid: { name: 'log_sigmoid' },
  tanh: {},
  hardtanh: { signature: 'min_val=-1.0, max_val=1.0', constants: { min_val: 'low', max_val: 'high' } },
  hardsigmoid: { name: 'hard_sigmoid' },
  hardswish: {},
  softplus: { signature: 'beta=1, threshold=20', constants: { beta: 'beta', threshold: 'threshold' } },
  softsign: {},
  tanhshrink: {},
  softshrink: { signature: 'lambd=0.5', constants: { lambd: 'lambda' } },
  hardshrink: { signature: 'lambd=0.5', constants: { lambd: 'lambda' } },
  threshold: { signature: 'threshold, value', constants: { threshold: 'threshold', value: 'value' } },
};

function activationFunction(name: string, entry: Entry): NativeFunction {
  const constants = Object.entries(entry.constants ?? {});
  const extra = entry.signature === undefined ? '' : `, ${entry.signature}`;
  const signature = `input${extra}, inplace=False`;
  return op(name, signature, (x, args, rt) => {
    const a = args as Readonly<Record<string, Value>>;
    const given = Object.fromEntries(constants.map(([theirs, ours]) => [ours, real(a[theirs] ?? null, theirs, rt)]));
    return settle(activate(rt, x, entry.name ?? name, given), x, name, a['inplace'] ?? false, rt);
  });
}

/** `inplace=True`: the argument itself becomes the result. */
export function settle(result: Tensor, x: Tensor, name: string, inplace: Value, rt: Runtime): Tensor {
  if (!flag(inplace, rt)) return result;
  assignInPlace(x, result, name, rt);
  return x.value === result.value ? x : result;
}

const table: Table = Object.fromEntries(
  Object.entries(TABLE).map(([name, entry]) => [name, activationFunction(name, entry)]),
);

const gelu = op('gelu', "input, approximate='none'", (x, a, rt) =>
  activate(rt, x, a.approximate === 'tanh' ? 'gelu_tanh' : 'gelu'),
);

/** Random slopes in training; their mean in evaluation. */
const rrelu = op('rrelu', 'input, lower=0.125, upper=0.3333333333333333, training=False, inplace=False', (x, a, rt) => {
  const constants = { lower: real(a.lower, 'lower', rt), upper: real(a.upper, 'upper', rt) };
  const name = flag(a.training, rt) ? 'rrelu_train' : 'rrelu';
  return settle(activate(rt, x, name, constants), x, 'rrelu', a.inplace, rt);
});

const prelu = op('prelu', 'input, weight', (x, a, rt) => {
  const weight = tensorArgument(a.weight, 'prelu', 'weight', rt);
  if (parameterOf(weight) !== undefined) {
    const learned = torchState().tracer.parameterId(weight);
    return mapEntries(rt, x, { kind: 'activation', name: 'prelu', constants: {}, learned }, null);
  }
  return opaque(rt, 'prelu', 'a PReLU whose slopes are computed', [x, weight], { shape: x.shape });
});

/** torch's names for activations where `torch.` and `torch.nn.functional` agree, and those of one of them only. */
const BOTH = ['relu', 'sigmoid', 'tanh', 'selu', 'celu', 'threshold', 'hardshrink', 'softplus', 'softshrink'];
const METHODS = ['relu', 'sigmoid', 'tanh', 'hardshrink'];

const pick = (names: readonly string[]): Table =>
  Object.fromEntries(names.flatMap((n) => (table[n] ? [[n, table[n]] as const] : [])));

export const activations: Family = {
  torch: { ...pick(BOTH), prelu, rrelu, gelu },
  functional: { ...table, gelu, rrelu, prelu },
  methods: { ...pick(METHODS), prelu },
};
