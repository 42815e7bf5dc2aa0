import { describe, expect, it } from 'vitest';
import { withTorchState } from '../../../../src/core/frameworks/torch/context.js';
import { Tensor } from '../../../../src/core/frameworks/torch/tensor.js';
import type { GraphNode } from '../../../../src/core/model/index.js';
import { Unknown, type Value } from '../../../../src/core/python/values/index.js';
import { executeIn } from '../../../../src/core/python/interpreter/index.js';
import { runTorch } from './support.js';

/** Runs `body` as a forward on `x`, with what `setup` made at hand; gives the nodes after the input's. */
function trace(
  body: string,
  shape: Tensor['shape'] = [2, 8],
  setup = '',
): { readonly nodes: readonly GraphNode[]; readonly y: Value; readonly kinds: readonly string[] } {
  const { it: interpreter, module, state } = runTorch(setup);
  return withTorchState(state, () => {
    state.beginTrace();
    module.names.set('x', state.tracer.input(new Tensor(shape, 'float', null), 'x'));
    state.tracer.active = true;
    try {
      executeIn(interpreter, module, body);
    } finally {
      state.tracer.active = false;
    }
    const nodes = state.tracer.nodes.slice(1);
    return { nodes, y: module.names.get('y') as Value, kinds: nodes.map((n) => n.operation.kind) };
  });
}

const shapeOf = (v: Value): unknown => (v instanceof Tensor ? v.shape : v);
const W =
  'w = nn.Parameter(torch.randn(8, 5))\nv = nn.Parameter(torch.randn(5, 8))\nb = nn.Parameter(torch.zeros(5))\n';

describe('products with parameters', () => {
  it.each([
    ['y = x @ w', true],
    ['y = torch.matmul(x, w)', true],
    ['y = x.mm(w)', true],
    ['y = torch.einsum("bi,io->bo", x, w)', true],
    ['y = torch.tensordot(x, w, 1)', true],
    ['y = x @ v.t()', undefined],
    ['y = x @ v.T', undefined],
    ['y = F.linear(x, v)', undefined],
    ['y = torch.einsum("bi,oi->bo", x, v)', undefined],
    ['y = (w.t() @ x.t()).t()', true],
    ['y = (v @ x.t()).t()', undefined],
  ])('%s is a linear layer', (body, transposed) => {
    const { nodes, y } = trace(body, [2, 8], W);
    expect(shapeOf(y)).toEqual([2, 5]);
    const operation = nodes.find((n) => n.operation.kind === 'linear')?.operation;
    expect(operation).toMatchObject({ kind: 'linear', weight: 0 });
    expect((operation as { transposed?: boolean }).transposed).toBe(transposed);
    expect(nodes.some((n) => n.operation.kind === 'matmul' || n.operation.kind === 'einsum')).toBe(false);
  });

  it('keeps the bias of addmm apart and that of F.linear inside', () => {
    expect(trace('y = torch.addmm(b, x, w)', [2, 8], W).kinds).toEqual(['linear', 'parameter', 'add']);
    expect(trace('y = F.linear(x, v, b)', [2, 8], W).nodes.map((n) => n.operation)).toEqual([
      { kind: 'linear', weight: 0, bias: 1 },
    ]);
  });

  it('takes computed weights as inputs', () => {
    const { nodes, kinds } = trace('y = F.linear(x, v * 2, b)', [2, 8], W);
    expect(kinds).toEqual(['parameter', 'affine', 'linear']);
    expect(nodes[2]).toMatchObject({ operation: { kind: 'linear', weight: 'input', bias: 1 } });
    expect(nodes[2]?.inputs).toEqual([0, nodes[1]?.outputs[0]]);
    const conv = 'k = nn.Parameter(torch.randn(4, 2, 3, 3))\n';
    const standardised = 'y = F.conv2d(x, (k - k.mean((1, 2, 3), keepdim=True)) / k.std((1, 2, 3), keepdim=True))';
    expect(trace(standardised, [1, 2, 8, 8], conv).nodes.at(-1)?.operation).toMatchObject({
      kind: 'convolution',
      weight: 'input',
    });
  });
});

describe('arithmetic', () => {
  it.each([
    ['y = x * 2', [{ kind: 'affine', factor: 2, offset: 0 }]],
    ['y = 1 - x', [{ kind: 'affine', factor: -1, offset: 1 }]],
    ['y = x / math.sqrt(4)', [{ kind: 'affine', factor: 0.5, offset: 0 }]],
    ['y = x / torch.sqrt(torch.tensor(16.0))', [{ kind: 'affine', factor: 0.25, offset: 0 }]],
    [
      'y = 2 / x',
      [
        { kind: 'power', exponent: -1 },
        { kind: 'affine', factor: 2, offset: 0 },
      ],
    ],
    ['y = x ** 2', [{ kind: 'power', exponent: 2 }]],
    ['y = x * x', [{ kind: 'power', exponent: 2 }]],
    ['y = x + x', [{ kind: 'affine', factor: 2, offset: 0 }]],
    ['y = torch.clamp(x, min=0)', [{ kind: 'clamp', low: 0 }]],
    [
      'y = (x > 0.5).float()',
      [
        { kind: 'activation', name: 'step' },
        { kind: 'affine', factor: 1 },
      ],
    ],
    ['y = x.to("cuda").contiguous().float().clone() * 3', [{ kind: 'affine', factor: 3, offset: 0 }]],
    [
      'y = F.leaky_relu(x, negative_slope=0.2)',
      [{ kind: 'activation', name: 'leaky_relu', constants: { slope: 0.2 } }],
    ],
  ])('%s', (body, operations) => {
    const { nodes } = trace(body);
    expect(nodes.map((n) => n.operation)).toMatchObject(operations);
  });
});

describe('in place', () => {
  it('rebinds the tensor to the new value', () => {
    expect(trace('y = x\ny += 1\nF.relu(y, inplace=True)\ny.mul_(2)').kinds).toEqual([
      'affine',
      'activation',
      'affine',
    ]);
    expect(trace('y = x.clone()\ny.add_(x)\nz = y * 2').nodes.map((n) => n.inputs)).toEqual([[0], [1]]);
  });

  it('puts assignments together from what stands before, the part and what stands after', () => {
    const { kinds, nodes, y } = trace('y = torch.zeros(2, 8)\ny[:, 2:4] = x[:, :2]\ny[0] = 1');
    expect(shapeOf(y)).toEqual([2, 8]);
    expect(kinds.filter((k) => k === 'concatenate')).toHaveLength(2);
    expect(nodes.every((n) => n.operation.kind !== 'opaque')).toBe(true);
  });

  it('fills under masks', () => {
    expect(trace('y = x * 1.5\ny[x > 0] = 0').nodes.at(-1)?.operation).toEqual({ kind: 'maskedFill', value: 0 });
  });

  it('leaves buffers and parameters as they were initialised', () => {
    const setup = 'r = torch.zeros(8)\np = nn.Parameter(torch.ones(8))\n';
    const body = 'r.mul_(0.9).add_(x.mean(0))\np.data.clamp_(0, 0.5)\nr.fill_(3)\np.data.normal_()';
    const { it: interpreter, module, state } = runTorch(setup);
    withTorchState(state, () => {
      state.beginTrace();
      module.names.set('x', state.tracer.input(new Tensor([2, 8], 'float', null), 'x'));
      state.tracer.active = true;
      executeIn(interpreter, module, body);
      state.tracer.active = false;
      const constants = ['r', 'p'].map((n) => (module.names.get(n) as Tensor).storage?.distribution.mean);
      expect(constants).toEqual([0, 1]);
    });
  });
});

describe('what is not known', () => {
  const open = new Unknown('given at run time', undefined, 'n');

  it('flows on as sizes', () => {
    expect(shapeOf(trace('y = x.view(x.size(0), -1)', [open, 3, 4]).y)).toMatchObject([{ symbol: 'n' }, 12]);
    expect(shapeOf(trace('y = x.flatten(1)', [2, open, 4]).y)).toMatchObject([2, { symbol: 'n * 4' }]);
    expect(shapeOf(trace('y = F.max_pool2d(x, 2)', [1, 3, open, 8]).y)).toMatchObject([1, 3, {}, 4]);
    expect(shapeOf(trace('y = torch.cat([x, x], 1)', [2, open]).y)).toMatchObject([2, { symbol: 'n + n' }]);
    expect(shapeOf(trace('y = x[:, 1:]', [2, open]).y)).toMatchObject([2, { symbol: 'n - 1' }]);
    expect(shapeOf(trace('y = x.view(2, 4, -1).mean(1)', open).y)).toMatchObject([2, {}]);
  });

  it('becomes an opaque node that says why', () => {
    const { nodes, y } = trace('y = F.max_pool2d(x, torch.load("k"))', [1, 3, 8, 8]);
    expect(nodes[0]?.operation).toMatchObject({
      kind: 'opaque',
      name: 'max_pool2d',
      reason: expect.stringContaining('torch.load') as string,
    });
    expect(y).toBeInstanceOf(Tensor);
    expect(trace('y = x * torch.load("k")').y).toMatchObject({ shape: [2, 8] });
    expect(trace('y = torch.not_there(x)').nodes[0]?.operation).toMatchObject({ kind: 'opaque' });
  });
});

describe('round about forward', () => {
  it('runs through checkpoints, context managers and custom functions', () => {
    const setup = `
from torch.utils.checkpoint import checkpoint
class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.save_for_backward(x)
        ctx.k = k
        return x * k
    @staticmethod
    def backward(ctx, g):
        return g * ctx.k, None
@torch.no_grad()
def halve(x):
    return x / 2
`;
    const body = `
with torch.no_grad(), torch.autocast('cuda'):
    y = checkpoint(lambda t: t + 1, x, use_reentrant=False)
y = halve(Double.apply(y, 3))
`;
    expect(trace(body, [2, 8], setup).nodes.map((n) => n.operation)).toMatchObject([
      { kind: 'affine', offset: 1 },
      { kind: 'affine', factor: 3 },
      { kind: 'affine', factor: 0.5 },
    ]);
  });

  it('gives named results', () => {
    expect(shapeOf(trace('y = x.max(1).values', [2, 8]).y)).toEqual([2]);
    expect(shapeOf(trace('v, y = x.topk(3)', [2, 8]).y)).toEqual([2, 3]);
    expect(trace('y = x.shape.numel()', [2, 8]).y).toBe(16);
  });
});
