import { describe, expect, it } from 'vitest';
import { withTorchState } from '../../../../src/core/frameworks/torch/context.js';
import {
  functionalFunctions,
  initFunctions,
  nativeModules,
  tensorMethods,
  torchFunctions,
} from '../../../../src/core/frameworks/torch/ops/index.js';
import { NOT_FOLLOWED } from '../../../../src/core/frameworks/torch/ops/kit/define.js';
import { Tensor } from '../../../../src/core/frameworks/torch/tensor.js';
import {
  Float,
  List,
  NativeFunction,
  PyException,
  Stopped,
  Tuple,
  Unknown,
  type Value,
} from '../../../../src/core/python/values/index.js';
import { runTorch } from './support.js';

const { it: interpreter, state, evaluate } = runTorch('');

/** Argument lists that functions meet when things are not known, or are plainly wrong. */
function argumentLists(): Value[][] {
  const unknown = new Unknown('the reason', undefined, 'n');
  const traced = (shape: Tensor['shape'], dtype: Tensor['dtype'] = 'float'): Tensor =>
    state.tracer.input(new Tensor(shape, dtype, null), 'x');
  const open = (): Tensor => traced([unknown, 4, unknown]);
  const noRank = (): Tensor => traced(unknown);
  const x = (): Tensor => traced([2, 4, 8, 8]);
  const constant = (): Value => evaluate('torch.randn(2, 3, 4)');
  const empty = (): Value => evaluate('torch.zeros(0, 3)');
  const scalar = (): Value => evaluate('torch.tensor(2.0)');
  const firsts = [x, open, noRank, constant, empty, scalar, () => unknown, () => null, () => 3, () => 'text'];
  const rests: (() => Value[])[] = [
    () => [],
    () => [unknown],
    () => [unknown, unknown, unknown, unknown],
    () => [1, 1],
    () => [2, 0, 1],
    () => [-1],
    () => [99],
    () => [new Tuple([2, unknown])],
    () => [new Tuple([2, 2]), new Tuple([1, 1]), 1],
    () => [x(), x(), x()],
    () => [open(), noRank()],
    () => [noRank()],
    () => [constant(), 1],
    () => [new Float(0.5), new Float(NaN)],
    () => [new List([x(), unknown])],
    () => [null, null, null],
    () => ['same', 'text'],
  ];
  return firsts.flatMap((f) => rests.map((r) => [f(), ...r()]));
}

const tables: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
  torch: torchFunctions,
  functional: functionalFunctions,
  methods: tensorMethods,
  init: initFunctions,
  linalg: nativeModules['torch.linalg'] ?? {},
  fft: nativeModules['torch.fft'] ?? {},
};

describe.each(Object.keys(tables))('%s never fails but as Python does', (table) => {
  const functions = Object.entries(tables[table] ?? {}).filter(([, f]) => f instanceof NativeFunction);
  it.each(functions)('%s', (_, f) => {
    withTorchState(state, () => {
      for (const active of [true, false]) {
        state.beginTrace();
        state.tracer.active = active;
        for (const args of argumentLists()) {
          const before = state.tracer.nodes.length;
          try {
            const result = (f as NativeFunction).call(interpreter, args, undefined);
            expect(result).not.toBeUndefined();
            if (result instanceof Unknown) expect(result.reason).not.toContain(NOT_FOLLOWED);
          } catch (e) {
            if (!(e instanceof PyException) && !(e instanceof Stopped)) throw e;
          }
          for (const { operation } of state.tracer.nodes.slice(before))
            if (operation.kind === 'opaque') expect(operation.reason).not.toContain(NOT_FOLLOWED);
        }
      }
      state.tracer.active = false;
    });
  });
});
