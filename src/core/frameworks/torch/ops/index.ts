import type { Interpreter } from '../../../python/interpreter/index.js';
import type { ClassValue, Value } from '../../../python/values/index.js';
import { deviceClass } from '../device.js';
import { setTensorProtocol } from '../tensor.js';
import { filled } from './creation/filled.js';
import { fromData } from './creation/from-data.js';
import { matrices } from './creation/matrices.js';
import { random } from './creation/random.js';
import { ranges } from './creation/ranges.js';
import { initFunctions, randomMethods } from './init/index.js';
import type { Family, Table } from './kit/define.js';
import { attentions } from './layers/attention.js';
import { dropouts } from './layers/dropout.js';
import { embeddings } from './layers/embedding.js';
import { gateFamily } from './layers/gate.js';
import { losses } from './layers/losses.js';
import { norms } from './layers/norm.js';
import { padFamily } from './layers/pad.js';
import { pools } from './layers/pool.js';
import { recurrentFamily } from './layers/recurrent.js';
import { resizeFamily } from './layers/resize.js';
import { shuffleFamily } from './layers/shuffle.js';
import { softmaxes } from './layers/softmax.js';
import { unfolds } from './layers/unfold.js';
import { makeAutogradFunctionClass } from './modules/autograd.js';
import { checkpointFunctions } from './modules/checkpoint.js';
import { environment } from './modules/environment.js';
import { fft, stft, windows } from './modules/fft.js';
import { linalg, linalgFamily } from './modules/linalg.js';
import { machineModules } from './modules/machine.js';
import { special } from './modules/special.js';
import { questions } from './modules/testing.js';
import { activations } from './pointwise/activations.js';
import { binaries } from './pointwise/binary.js';
import { comparisons } from './pointwise/compare.js';
import { unary } from './pointwise/unary.js';
import { convolutions } from './products/convolution.js';
import { einsums } from './products/einsum.js';
import { linears } from './products/linear.js';
import { matrixProducts } from './products/matmul.js';
import { outerProducts } from './products/outer.js';
import { reductions } from './reduce/index.js';
import { gathering } from './shape/gather.js';
import { joining } from './shape/join.js';
import { moving } from './shape/moving.js';
import { permuting } from './shape/permute.js';
import { repeating } from './shape/repeat.js';
import { reshaping } from './shape/reshape.js';
import { splitting } from './shape/split.js';
import { copying } from './storage/copy.js';
import { basicFunctions, basics } from './tensor/basics.js';
import { createTensorClass as tensorClass, tensorTypes } from './tensor/class.js';
import { dunders } from './tensor/dunders.js';
import { inPlace } from './tensor/inplace.js';
import { makeProtocol } from './tensor/protocol.js';
import { restFunctions, restMethods } from './tensor/rest.js';

export { opaqueFunction } from './kit/define.js';
export { initFunctions } from './init/index.js';
export { entries } from './kit/entries.js';
export { distributionOf } from './storage/write.js';
export { dtypes } from '../dtype.js';

/** Names of one module of torch. */
export type NativeModule = Readonly<Record<string, Value>>;

const FAMILIES: readonly Family[] = [
  filled,
  random,
  ranges,
  matrices,
  fromData,
  activations,
  unary,
  binaries,
  comparisons,
  linears,
  convolutions,
  matrixProducts,
  einsums,
  outerProducts,
  reductions,
  reshaping,
  permuting,
  repeating,
  joining,
  splitting,
  gathering,
  moving,
  norms,
  pools,
  dropouts,
  softmaxes,
  attentions,
  embeddings,
  losses,
  padFamily,
  gateFamily,
  shuffleFamily,
  resizeFamily,
  recurrentFamily,
  unfolds,
  linalgFamily,
];

const merge = (pick: (f: Family) => Readonly<Record<string, Value>> | undefined): Record<string, Value> =>
  Object.assign({}, ...FAMILIES.map((f) => pick(f) ?? {})) as Record<string, Value>;

/** Methods of tensors. */
export const tensorMethods: Table = Object.assign(
  {},
  ...FAMILIES.map((f) => f.methods ?? {}),
  restMethods,
  alsoMethods(),
  basics,
  dunders,
  copying,
  randomMethods,
) as Table;

/** Functions of torch that tensors have as methods, too. */
function alsoMethods(): Table {
  const names = ['multinomial', 'isclose', 'bincount', 'inner', 'addbmm', 'cross', 'dist', 'vander'];
  const functions = merge((f) => f.torch);
  return {
    ...Object.fromEntries(names.flatMap((n) => (functions[n] ? [[n, functions[n]] as const] : []))),
    stft,
  };
}

/** Activations and the like that torch also offers with an underscore. */
const IN_PLACE = [
  'relu',
  'selu',
  'celu',
  'rrelu',
  'threshold',
  'sigmoid',
  'tanh',
  'exp',
  'sqrt',
  'clamp',
  'abs',
  'neg',
  'sin',
  'cos',
  'floor',
  'ceil',
  'round',
  'log',
  'dropout',
  'alpha_dropout',
  'feature_dropout',
  'erf',
  'square',
  'reciprocal',
  'rsqrt',
  'trunc',
  'nan_to_num',
];
const IN_PLACE_FUNCTIONAL = ['relu', 'relu6', 'leaky_relu', 'elu', 'celu', 'selu', 'rrelu', 'threshold', 'hardtanh'];

function withInPlaceForms(functions: Record<string, Value>, names: readonly string[]): Record<string, Value> {
  for (const name of names) {
    const plain = functions[name] as Table[string] | undefined;
    if (plain) functions[`${name}_`] = inPlace(name, plain);
  }
  return functions;
}

/** torch.xxx */
export const torchFunctions: Record<string, Value> = withInPlaceForms(
  {
    ...restFunctions,
    ...environment,
    ...basicFunctions,
    ...merge((f) => f.torch),
    ...questions,
    ...windows,
    ...tensorTypes,
    stft,
    device: deviceClass,
    fill_: randomMethods['fill_'] as Value,
    zero_: randomMethods['zero_'] as Value,
  },
  IN_PLACE,
);

/** torch.nn.functional.xxx */
export const functionalFunctions: Record<string, Value> = withInPlaceForms(
  { ...pickShared(), ...merge((f) => f.functional) },
  IN_PLACE_FUNCTIONAL,
);

/** Functions that torch.nn.functional takes over from torch as they are. */
function pickShared(): Record<string, Value> {
  const shared = [
    'tanh',
    'sigmoid',
    'selu_',
    'celu_',
    'conv_tbc',
    'native_channel_shuffle',
    'pairwise_distance',
    'hardshrink',
  ];
  return Object.fromEntries(
    shared.flatMap((n) => (torchFunctions[n] !== undefined ? [[n, torchFunctions[n]] as const] : [])),
  );
}

export const tensorProtocol = makeProtocol(tensorMethods);
setTensorProtocol(tensorProtocol);

/** `torch.Tensor`, one an evaluation. */
export function createTensorClass(object: ClassValue): ClassValue {
  return tensorClass(object, tensorMethods);
}

const autogradClasses = new WeakMap<object, ClassValue>();

/** `torch.autograd.Function`, one an evaluation. */
export function autogradFunctionClass(it: Interpreter): ClassValue {
  let cls = autogradClasses.get(it);
  if (!cls) autogradClasses.set(it, (cls = makeAutogradFunctionClass(it.objectClass)));
  return cls;
}

/** Modules of torch that are written in TypeScript, by dotted name. */
export const nativeModules: Readonly<Record<string, NativeModule>> = {
  torch: torchFunctions,
  'torch.nn.functional': functionalFunctions,
  'torch.nn.init': initFunctions,
  'torch.linalg': linalg,
  'torch.fft': fft,
  'torch.special': special,
  'torch.utils.checkpoint': checkpointFunctions,
  'torch._C._nn': functionalFunctions,
  ...machineModules,
};
