import { describe, expect, it } from 'vitest';
import { normal } from '../../../../src/core/initializers/index.js';
import type { GraphNode, Operation } from '../../../../src/core/model/index.js';
import { TorchState, withTorchState } from '../../../../src/core/frameworks/torch/context.js';
import { Storage, Tensor, type DType, type Size } from '../../../../src/core/frameworks/torch/tensor.js';
import type { Family } from '../../../../src/core/frameworks/torch/ops/kit/define.js';
import { attentions } from '../../../../src/core/frameworks/torch/ops/layers/attention.js';
import { gateFamily } from '../../../../src/core/frameworks/torch/ops/layers/gate.js';
import { losses } from '../../../../src/core/frameworks/torch/ops/layers/losses.js';
import { padFamily } from '../../../../src/core/frameworks/torch/ops/layers/pad.js';
import { recurrentFamily } from '../../../../src/core/frameworks/torch/ops/layers/recurrent.js';
import { resizeFamily } from '../../../../src/core/frameworks/torch/ops/layers/resize.js';
import { shuffleFamily } from '../../../../src/core/frameworks/torch/ops/layers/shuffle.js';
import { unfolds } from '../../../../src/core/frameworks/torch/ops/layers/unfold.js';
import { dataContent, makeConstant } from '../../../../src/core/frameworks/torch/ops/kit/make.js';
import {
  ClassValue,
  Float,
  List,
  NativeFunction,
  PyException,
  Tuple,
  type Runtime,
  type Value,
} from '../../../../src/core/python/values/index.js';
import { runPython } from '../../../support/python.js';

const FAMILIES: readonly Family[] = [
  attentions,
  gateFamily,
  losses,
  padFamily,
  recurrentFamily,
  resizeFamily,
  shuffleFamily,
  unfolds,
];

/** A trace in which functions can be called on tensors of given shapes. */
class Bench {
  readonly rt: Runtime = runPython('').it;
  private readonly cls = new ClassValue('Tensor', [], [], null, undefined);
  readonly state = new TorchState(() => false, {
    Tensor: this.cls,
    Parameter: this.cls,
    UninitializedParameter: this.cls,
    Module: this.cls,
  });

  constructor() {
    this.state.beginTrace();
    this.state.tracer.active = true;
  }

  in<T>(body: () => T): T {
    return withTorchState(this.state, body);
  }
  x(...shape: number[]): Tensor {
    return this.state.tracer.input(new Tensor(shape, 'float', null), 'x');
  }
  int(...shape: number[]): Tensor {
    return this.state.tracer.input(new Tensor(shape, 'int', null), 'i', 10);
  }
  parameter(...shape: number[]): Tensor {
    const t = new Tensor(shape, 'float', new Storage(normal(0, 0.1), { what: 'default' }));
    t.role = 'parameter';
    return t;
  }
  constant(dtype: DType, rows: readonly (readonly number[])[]): Tensor {
    const data = rows.flat();
    const shape = [rows.length, rows[0]?.length ?? 0];
    return this.in(() => makeConstant(this.rt, 'mask', shape, dtype, dataContent(data, 'mask')));
  }
  emit(operation: Operation, inputs: readonly Tensor[], shape: readonly number[], dtype: DType = 'float'): Tensor {
    return this.state.tracer.emit(this.rt, operation, inputs, [{ shape, dtype }])[0]!;
  }
  call(name: string, args: Value[], kwargs: Record<string, Value> = {}, part: keyof Family = 'functional'): Value {
    const f = FAMILIES.map((x) => x[part]?.[name] ?? x.torch?.[name]).find((v) => v !== undefined);
    if (!(f instanceof NativeFunction)) throw new Error(`no ${name}`);
    return this.in(() => this.rt.call(f, args, new Map(Object.entries(kwargs))));
  }
  nodes(kind?: string): GraphNode[] {
    return this.state.tracer.nodes.filter((n) => kind === undefined || n.operation.kind === kind);
  }
  kinds(): string[] {
    return this.nodes()
      .map((n) => n.operation.kind)
      .filter((k) => k !== 'input');
  }
}

function shapeOf(v: Value): readonly Size[] | readonly unknown[] {
  if (v instanceof Tensor) return v.shape as readonly Size[];
  return v instanceof Tuple ? v.items.map((i) => (i === null ? null : shapeOf(i))) : [];
}

/** Text of the Python exception that a call ends with. */
function failure(body: () => unknown): string {
  try {
    body();
  } catch (e) {
    if (e instanceof PyException) return `${e.className}: ${e.message}`;
    throw e;
  }
  return 'no exception';
}

const t = (...items: Value[]): Tuple => new Tuple(items);

/** Shapes and messages below were taken from PyTorch 2.13. */
describe('recurrent layers', () => {
  const lstm = (b: Bench, x: Tensor, hx: Value = null, more: Record<string, Value> = {}): Value =>
    b.call('_recurrent', [x, hx, 'lstm', 20], {
      parameters: new List([b.parameter(80, 10), b.parameter(80, 20), b.parameter(80), b.parameter(80)]),
      ...more,
    });

  it('gives (output, (h, c))', () => {
    const b = new Bench();
    expect(shapeOf(lstm(b, b.x(5, 3, 10)))).toEqual([
      [5, 3, 20],
      [
        [1, 3, 20],
        [1, 3, 20],
      ],
    ]);
    expect(b.nodes('recurrent')[0]?.operation).toMatchObject({ cell: 'lstm', hidden: 20, parameters: [0, 1, 2, 3] });
    expect(b.nodes('recurrent')[0]?.outputs.length).toBe(3);
  });
  it('takes unbatched input', () => {
    const b = new Bench();
    expect(shapeOf(lstm(b, b.x(5, 10)))).toEqual([
      [5, 20],
      [
        [1, 20],
        [1, 20],
      ],
    ]);
  });
  it('projects', () => {
    const b = new Bench();
    const result = lstm(b, b.x(5, 3, 10), null, { layers: 2, bidirectional: true, proj_size: 7 });
    expect(shapeOf(result)).toEqual([
      [5, 3, 14],
      [
        [4, 3, 7],
        [4, 3, 20],
      ],
    ]);
  });
  it('runs a GRU with the batch first, in both directions', () => {
    const b = new Bench();
    const args = { layers: 2, bidirectional: true, batch_first: true, parameters: new List([b.parameter(60, 10)]) };
    expect(shapeOf(b.call('_recurrent', [b.x(3, 5, 10), null, 'gru', 20], args))).toEqual([
      [3, 5, 40],
      [4, 3, 20],
    ]);
    expect(failure(() => b.call('_recurrent', [b.x(3, 5, 10), b.x(2, 3, 20), 'gru', 20], args))).toBe(
      'RuntimeError: Expected hidden size (4, 3, 20), got [2, 3, 20]',
    );
    expect(failure(() => b.call('_recurrent', [b.x(3, 5, 10), b.x(2, 20), 'gru', 20], args))).toBe(
      'RuntimeError: For batched 3-D input, hx should also be 3-D but got 2-D tensor',
    );
  });
  it('leaves out initial states that are zero', () => {
    const b = new Bench();
    const zero = b.in(() =>
      makeConstant(b.rt, 'zeros', [1, 3, 20], 'float', { distribution: { kind: 'constant', mean: 0, std: 0 } }),
    );
    lstm(b, b.x(5, 3, 10), t(zero, zero));
    expect(b.nodes('recurrent')[0]?.inputs.length).toBe(1);
    lstm(b, b.x(5, 3, 10), t(b.x(1, 3, 20), zero));
    expect(b.nodes('recurrent')[1]?.inputs.length).toBe(3);
  });
  it('steps', () => {
    const b = new Bench();
    const cell = { single: true };
    expect(shapeOf(lstm(b, b.x(3, 10), null, cell))).toEqual([
      [3, 20],
      [3, 20],
    ]);
    expect(shapeOf(lstm(b, b.x(10), null, cell))).toEqual([[20], [20]]);
    const gru = { single: true, parameters: new List([b.parameter(60, 10)]) };
    expect(shapeOf(b.call('_recurrent', [b.x(3, 10), b.x(3, 20), 'gru', 20], gru))).toEqual([3, 20]);
  });
  it('objects as torch does', () => {
    const b = new Bench();
    expect(failure(() => lstm(b, b.x(5, 3, 9)))).toBe(
      'RuntimeError: input.size(-1) must be equal to input_size. Expected 10, got 9',
    );
    expect(failure(() => lstm(b, b.x(1, 2, 3, 10)))).toBe(
      'ValueError: LSTM: Expected input to be 2D or 3D, got 4D instead',
    );
    expect(failure(() => lstm(b, b.x(5, 3, 10), t(b.x(1, 3, 20), b.x(1, 4, 20))))).toBe(
      'RuntimeError: Expected hidden[1] size (1, 3, 20), got [1, 4, 20]',
    );
    expect(failure(() => lstm(b, b.x(5, 3, 10), t(b.x(1, 20), b.x(1, 20))))).toBe(
      'RuntimeError: For batched 3-D input, hx and cx should also be 3-D but got (2-D, 2-D) tensors',
    );
    const cell = { single: true };
    expect(failure(() => lstm(b, b.x(3, 9), null, cell))).toBe(
      'RuntimeError: input has inconsistent input_size: got 9 expected 10',
    );
    expect(failure(() => lstm(b, b.x(3, 10), t(b.x(3, 19), b.x(3, 20)), cell))).toBe(
      'RuntimeError: hidden0 has inconsistent hidden_size: got 19, expected 20',
    );
    expect(failure(() => lstm(b, b.x(3, 10), t(b.x(2, 20), b.x(2, 20)), cell))).toBe(
      "RuntimeError: Input batch size 3 doesn't match hidden0 batch size 2",
    );
  });
});

describe('attention', () => {
  const S = 'scaled_dot_product_attention';
  it('has the shape of the queries with the width of the values', () => {
    const b = new Bench();
    expect(shapeOf(b.call(S, [b.x(2, 4, 5, 8), b.x(2, 4, 6, 8), b.x(2, 4, 6, 9)]))).toEqual([2, 4, 5, 9]);
    const args = [b.x(2, 8, 5, 8), b.x(2, 2, 6, 8), b.x(2, 2, 6, 8)];
    expect(shapeOf(b.call(S, args, { enable_gqa: true, is_causal: true, scale: new Float(0.5) }))).toEqual([
      2, 8, 5, 8,
    ]);
    expect(b.nodes('attention')[1]?.operation).toMatchObject({ causal: true, scale: 0.5 });
    expect(failure(() => b.call(S, args))).toBe(
      'RuntimeError: The size of tensor a (8) must match the size of tensor b (2) at non-singleton dimension 1',
    );
  });
  it('objects as torch does', () => {
    const b = new Bench();
    const [q, k] = [b.x(2, 4, 5, 8), b.x(2, 4, 6, 8)];
    expect(failure(() => b.call(S, [q, b.x(2, 4, 6, 7), k]))).toBe(
      'RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [8, 8] but got: [8, 7].',
    );
    expect(failure(() => b.call(S, [q, k, k, b.x(5, 6)], { is_causal: true }))).toBe(
      'RuntimeError: _scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True',
    );
    expect(failure(() => b.call(S, [q, k, k, b.x(5, 7)]))).toBe(
      'RuntimeError: The size of tensor a (6) must match the size of tensor b (7) at non-singleton dimension 3',
    );
  });
  it('turns masks of minus infinity into masks of 0 and 1', () => {
    const b = new Bench();
    const x = b.x(2, 4, 2, 8);
    b.call(S, [
      x,
      x,
      x,
      b.constant('float', [
        [0, -Infinity],
        [0, 0],
      ]),
    ]);
    const node = b.nodes('attention')[0];
    expect(node?.inputs.length).toBe(4);
    const mask = b.nodes().find((n) => n.outputs[0] === node?.inputs[3]);
    expect(mask?.operation).toMatchObject({ kind: 'constant', distribution: { mean: 0.75 } });
    b.call(S, [
      x,
      x,
      x,
      b.constant('float', [
        [0, 0],
        [0, 0],
      ]),
    ]);
    expect(b.nodes('attention')[1]?.inputs.length).toBe(3);
  });
  it('sees through masks that forward computes', () => {
    const b = new Bench();
    const [x, seen, hidden] = [b.x(2, 4, 5, 8), b.x(2, 5), b.x(2, 5)];
    const wide = b.emit({ kind: 'reshape' }, [seen], [2, 1, 1, 5]);
    const inverted = b.emit({ kind: 'affine', factor: -1, offset: 1 }, [wide], [2, 1, 1, 5]);
    const low = b.emit({ kind: 'affine', factor: -1e4, offset: 0 }, [inverted], [2, 1, 1, 5]);
    b.call(S, [x, x, x, low]);
    expect(b.nodes('attention')[0]?.inputs[3]).toBe(wide.value);

    const zeros = b.constant('float', [[0, 0, 0, 0, 0]]);
    const filled = b.emit({ kind: 'maskedFill', value: -Infinity }, [zeros, hidden], [2, 5]);
    b.call(S, [x, x, x, b.emit({ kind: 'select' }, [filled], [2, 1, 1, 5])]);
    const keep = b.nodes().find((n) => n.outputs[0] === b.nodes('attention')[1]?.inputs[3]);
    expect(keep).toMatchObject({ operation: { kind: 'affine', factor: -1, offset: 1 }, inputs: [hidden.value] });
  });
  it('leaves out masks that depend on the input in ways that are not followed', () => {
    const b = new Bench();
    const x = b.x(2, 4, 5, 8);
    const compared = b.emit({ kind: 'opaque', name: 'compare', reason: '' }, [b.int(2, 5)], [2, 1, 1, 5], 'bool');
    b.call(S, [x, x, x, compared]);
    expect(b.nodes('attention')[0]?.inputs.length).toBe(3);
  });
  it('adds biases to the scores', () => {
    const b = new Bench();
    const x = b.x(2, 4, 5, 8);
    expect(shapeOf(b.call(S, [x, x, x, b.parameter(4, 5, 5)]))).toEqual([2, 4, 5, 8]);
    expect(b.kinds()).toEqual(['permute', 'matmul', 'affine', 'parameter', 'add', 'softmax', 'matmul']);
  });

  const mha = (b: Bench, q: Tensor, k: Tensor, v: Tensor, more: Record<string, Value> = {}): Value => {
    const weights = [b.parameter(48, 16), b.parameter(48), null, null, false, new Float(0)];
    const args: Value[] = [q, k, v, 16, 4, ...weights, b.parameter(16, 16), b.parameter(16)];
    return b.call('multi_head_attention_forward', args, more);
  };
  it('applies the packed weight once where query, key and value are the same', () => {
    const b = new Bench();
    const x = b.x(5, 2, 16);
    expect(shapeOf(mha(b, x, x, x))).toEqual([
      [5, 2, 16],
      [2, 5, 5],
    ]);
    expect(b.nodes('linear').map((n) => n.operation)).toMatchObject([
      { weight: 0, bias: 1 },
      { weight: 2, bias: 3 },
    ]);
    expect(b.nodes('attention').length).toBe(1);
  });
  it('applies it to each input of cross-attention', () => {
    const b = new Bench();
    const [q, k] = [b.x(5, 2, 16), b.x(6, 2, 16)];
    expect(shapeOf(mha(b, q, k, k, { need_weights: false }))).toEqual([[5, 2, 16], null]);
    expect(b.nodes('linear').map((n) => (n.operation as { weight: unknown }).weight)).toEqual([0, 0, 2]);
  });
  it('takes unbatched input', () => {
    const b = new Bench();
    expect(shapeOf(mha(b, b.x(5, 16), b.x(6, 16), b.x(6, 16)))).toEqual([
      [5, 16],
      [5, 6],
    ]);
  });
  it('objects as torch does', () => {
    const b = new Bench();
    expect(failure(() => mha(b, b.x(5, 2, 8), b.x(6, 2, 8), b.x(6, 2, 8)))).toBe(
      'AssertionError: was expecting embedding dimension of 16, but got 8',
    );
    expect(failure(() => mha(b, b.x(5, 2, 16), b.x(6, 2, 16), b.x(7, 2, 16)))).toBe(
      'AssertionError: key shape torch.Size([6, 2, 16]) does not match value shape torch.Size([7, 2, 16])',
    );
    const [q, k] = [b.x(5, 2, 16), b.x(6, 2, 16)];
    expect(failure(() => mha(b, q, k, k, { attn_mask: b.x(5, 7) }))).toBe(
      'RuntimeError: The shape of the 2D attn_mask is torch.Size([5, 7]), but should be (5, 6).',
    );
    expect(failure(() => mha(b, q, k, k, { key_padding_mask: b.x(6, 2) }))).toBe(
      'AssertionError: Expected key_padded_mask.shape[0] to be 2, but got 6',
    );
  });
});

describe('resizing and rearranging', () => {
  it.each<[string, number[], Record<string, Value>, number[]]>([
    ['interpolate', [1, 2, 8, 8], { scale_factor: new Float(1.6) }, [1, 2, 12, 12]],
    ['interpolate', [1, 2, 8, 8], { size: t(5, 6), mode: 'bilinear', align_corners: true }, [1, 2, 5, 6]],
    ['interpolate', [1, 2, 8], { scale_factor: 2, mode: 'linear' }, [1, 2, 16]],
    ['pixel_shuffle', [1, 8, 3, 4], { upscale_factor: 2 }, [1, 2, 6, 8]],
    ['pixel_unshuffle', [1, 8, 4, 6], { downscale_factor: 2 }, [1, 32, 2, 3]],
    ['channel_shuffle', [1, 8, 4, 5], { groups: 2 }, [1, 8, 4, 5]],
    ['pad', [1, 1, 5], { pad: t(-1, 2), mode: 'reflect' }, [1, 1, 6]],
    ['pad', [1, 1, 3, 3], { pad: t(1, 1, 1, 1, 1, 1, 1, 1), value: 2 }, [3, 3, 5, 5]],
    ['pad', [1, 1, 3, 3], { pad: t(-1, 5, 1, 1), mode: 'replicate' }, [1, 1, 5, 7]],
    ['unfold', [2, 3, 5, 6], { kernel_size: t(2, 3) }, [2, 18, 16]],
    ['unfold', [3, 5, 6], { kernel_size: t(2, 3) }, [18, 16]],
    ['fold', [2, 18, 16], { output_size: t(5, 6), kernel_size: t(2, 3) }, [2, 3, 5, 6]],
    ['fold', [18, 16], { output_size: t(5, 6), kernel_size: t(2, 3) }, [3, 5, 6]],
    ['glu', [4, 5], { dim: 0 }, [2, 5]],
  ])('%s of %j', (name, shape, kwargs, expected) => {
    const b = new Bench();
    expect(shapeOf(b.call(name, [b.x(...shape)], kwargs))).toEqual(expected);
  });
  it('samples a grid', () => {
    const b = new Bench();
    expect(shapeOf(b.call('grid_sample', [b.x(1, 3, 4, 5), b.x(1, 7, 8, 2)]))).toEqual([1, 3, 7, 8]);
    expect(shapeOf(b.call('affine_grid', [b.x(2, 2, 3), t(2, 3, 4, 5)]))).toEqual([2, 4, 5, 2]);
  });
  it('slides windows along an axis', () => {
    const b = new Bench();
    expect(shapeOf(b.call('unfold', [b.x(3, 10), 1, 3, 2], {}, 'methods'))).toEqual([3, 4, 3]);
    expect(b.kinds()).toEqual(['select']);
    expect(shapeOf(b.call('unfold', [b.x(2, 3, 8, 8), 2, 4, 4], {}, 'methods'))).toEqual([2, 3, 2, 8, 4]);
    expect(b.kinds()).toEqual(['select', 'reshape', 'permute']);
  });
  it('crops before it pads', () => {
    const b = new Bench();
    b.call('pad', [b.x(1, 1, 5), t(-1, 2)]);
    expect(b.kinds()).toEqual(['select', 'pad']);
    expect(b.nodes('pad')[0]?.operation).toMatchObject({ amounts: [[0, 2]], mode: 'zeros', value: 0 });
  });
  it.each<[string, number[], Record<string, Value>, string]>([
    [
      'interpolate',
      [1, 2, 8],
      { size: 5, mode: 'bilinear' },
      'NotImplementedError: Got 3D input, but bilinear mode needs 4D input',
    ],
    ['interpolate', [1, 2, 8, 8], {}, 'ValueError: either size or scale_factor should be defined'],
    [
      'interpolate',
      [1, 2, 8, 8],
      { size: 4, scale_factor: 2 },
      'ValueError: only one of size or scale_factor should be defined',
    ],
    [
      'interpolate',
      [1, 2, 8, 8],
      { size: t(5, 5, 5) },
      'ValueError: Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of [8, 8] and output size of (5, 5, 5). Please provide input tensor in (N, C, d1, d2, ...,dK) format and output size in (o1, o2, ...,oK) format.',
    ],
    [
      'pixel_shuffle',
      [1, 7, 3, 4],
      { upscale_factor: 2 },
      "RuntimeError: pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)=7 is not divisible by 4",
    ],
    [
      'pad',
      [1, 1, 3],
      { pad: t(3, 3), mode: 'reflect' },
      'RuntimeError: Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (3, 3) at dimension 2 of input [1, 1, 3]',
    ],
    ['pad', [1, 3, 4], { pad: t(1, 2, 3) }, 'RuntimeError: Padding length must be divisible by 2'],
    [
      'pad',
      [1, 1, 3],
      { pad: t(4, 4), mode: 'circular' },
      'RuntimeError: Padding value causes wrapping around more than once.',
    ],
    ['pad', [1, 1, 3], { pad: t(4, 4), mode: 'foo' }, 'NotImplementedError: Unrecognised padding mode foo'],
    ['glu', [3, 5], {}, 'RuntimeError: Halving dimension must be even, but dimension 1 is size 5'],
  ])('%s of %j objects as torch does', (name, shape, kwargs, expected) => {
    const b = new Bench();
    expect(failure(() => b.call(name, [b.x(...shape)], kwargs))).toBe(expected);
  });
});

describe('losses', () => {
  it('are numbers, or one for each entry', () => {
    const b = new Bench();
    const none = { reduction: 'none' };
    expect(shapeOf(b.call('cross_entropy', [b.x(3, 5), b.int(3)]))).toEqual([]);
    expect(shapeOf(b.call('cross_entropy', [b.x(3, 5, 7), b.int(3, 7)], none))).toEqual([3, 7]);
    expect(shapeOf(b.call('cross_entropy', [b.x(3, 5, 7), b.x(3, 5, 7)], none))).toEqual([3, 7]);
    expect(shapeOf(b.call('l1_loss', [b.x(3, 5), b.x(3, 1)], none))).toEqual([3, 5]);
    expect(shapeOf(b.call('triplet_margin_loss', [b.x(3, 5), b.x(3, 5), b.x(3, 5)], none))).toEqual([3]);
    expect(shapeOf(b.call('ctc_loss', [b.x(50, 16, 20), b.int(16, 30), b.int(16), b.int(16)], none))).toEqual([16]);
  });
  it('object as torch does', () => {
    const b = new Bench();
    expect(failure(() => b.call('cross_entropy', [b.x(3, 5), b.int(4)]))).toBe(
      'ValueError: Expected input batch_size (3) to match target batch_size (4).',
    );
    expect(failure(() => b.call('cross_entropy', [b.x(3, 7, 5), b.int(3, 7)]))).toBe(
      'RuntimeError: Expected target size [3, 5], got [3, 7]',
    );
  });
  it('compares directions', () => {
    const b = new Bench();
    expect(shapeOf(b.call('cosine_similarity', [b.x(3, 1, 5), b.x(1, 4, 5)], { dim: -1 }))).toEqual([3, 4]);
    expect(b.kinds()).toEqual(['normalize', 'normalize', 'multiply', 'reduce']);
    expect(shapeOf(b.call('pairwise_distance', [b.x(3, 5), b.x(3, 5)]))).toEqual([3]);
  });
});
