import { describe, expect, it } from 'vitest';
import { isKnown, type Model } from '../../../../src/core/model/index.js';
import { lossOutput } from '../../../../src/core/propagation/loss.js';
import { readFile } from '../../../../src/core/read/read-file.js';

function read(methods: string, input: number[][] = [[4, 8]], entry = 'Net()'): Model {
  const text = `
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions import Categorical, Normal

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)
        self.b = nn.Linear(8, 8)

${methods.replace(/^\n/, '')}
`;
  const { models } = readFile({ file: 'm.py', text, entry, input }, { read: () => null, roots: [] });
  expect(models[0]!.unknown.filter((u) => !u.reason.startsWith('all that is returned'))).toEqual([]);
  return models[0]!;
}

const forward = (...lines: string[]): Model =>
  read(`    def forward(self, x):\n${lines.map((line) => `        ${line}\n`).join('')}`);

/** Kinds of the operations, those that stop gradients with what does. */
const steps = (m: Model): string[] =>
  m.graph.nodes
    .slice(1)
    .map(({ operation: op, stopsGradient }) =>
      stopsGradient === undefined ? op.kind : `${op.kind} (${stopsGradient})`,
    );

const notes = (m: Model): string[] => m.unknown.map((u) => u.reason);

/** Which of the outputs the loss is taken of. */
const loss = (m: Model): number => m.graph.outputs.indexOf(lossOutput(m.graph)!);

describe('where gradients stop', () => {
  it.each(['self.a(x).detach()', 'torch.detach(self.a(x))', 'self.a(x).data', 'self.a(x).detach_()'])('%s', (y) => {
    expect(steps(forward(`return self.b(${y})`))).toEqual(['linear', 'affine (detach)', 'linear']);
  });

  it('stands once, however often a tensor is detached, and nowhere for integers', () => {
    const model = forward('y = self.a(x)', 'i = y.argmax(1).detach()', 'return self.b(y.detach().data.cpu().detach())');
    expect(steps(model)).toEqual(['linear', 'place', 'affine (detach)', 'linear']);
  });

  it('keeps a detached weight the same parameter', () => {
    const model = forward('return F.linear(x, self.a.weight.detach()) + self.b(x)');
    const [own] = model.graph.nodes.filter((n) => n.operation.kind === 'parameter');
    expect(own).toMatchObject({ operation: { parameter: 0 }, stopsGradient: 'detach' });
  });

  it('leaves what is only copied attached', () => {
    expect(steps(forward('return self.b(self.a(x).clone().contiguous())'))).toEqual(['linear', 'linear']);
  });

  it.each([
    ['with torch.no_grad():', ['linear (no_grad)', 'linear']],
    ['with torch.inference_mode():', ['linear (no_grad)', 'linear']],
    ['with torch.set_grad_enabled(False):', ['linear (no_grad)', 'linear']],
    ['with torch.autograd.set_grad_enabled(mode=False):', ['linear (no_grad)', 'linear']],
    ['with torch.no_grad(), torch.enable_grad():', ['linear', 'linear']],
    ['with torch.inference_mode(False):', ['linear', 'linear']],
    ['with torch.set_grad_enabled(self.training):', ['linear', 'linear']],
    ['with torch.autocast("cuda"):', ['linear', 'linear']],
  ])('%s', (context, expected) => {
    expect(steps(forward(context, '    y = self.a(x)', 'return self.b(y)'))).toEqual(expected);
  });

  it('is inside a decorated function, and nowhere behind an error or a return in it', () => {
    const model = read(`
    @torch.no_grad()
    def one(self, x):
        """Doubles."""
        if x is not None:
            return x * 2

    @torch.no_grad
    def two(self, x):
        raise ValueError('no')

    def forward(self, x):
        y = self.one(self.a(x))
        try:
            self.two(y)
        except ValueError:
            pass
        return self.b(y) if torch.is_grad_enabled() and self.one.__doc__ else y
`);
    expect(steps(model)).toEqual(['linear', 'affine (no_grad)', 'linear']);
  });

  it('is what the innermost context says', () => {
    const model = forward(
      'torch.set_grad_enabled(False)',
      'y = self.a(x)',
      'with torch.enable_grad():',
      '    z = self.b(y)',
      'w = z * 2',
      'torch.set_grad_enabled(True)',
      'return w + z',
    );
    expect(steps(model)).toEqual(['linear (no_grad)', 'linear', 'affine (no_grad)', 'add']);
  });

  it('is at a sample of a distribution, and not at one by reparameterization', () => {
    const net = (how: string): Model => forward(`return self.b(Normal(self.a(x), 1.0).${how}())`);
    expect(steps(net('sample'))).toContain('affine (sample)');
    expect(steps(net('rsample')).join()).not.toContain('(');
  });
});

describe('a gradient that goes straight through', () => {
  it.each([
    ['x + (y - x).detach()', true],
    ['(y - x).data + x', true],
    ['y.detach() - x.detach() + x', true],
    ['y - x.detach() + x', false],
  ])('%s', (written, isStopped) => {
    const model = forward('y = self.b(x)', 'x = self.a(x)', `return ${written}`);
    const node = model.graph.nodes.at(-1)!;
    expect(node.operation.kind).toBe('straightThrough');
    const target = model.graph.nodes.find((n) => n.outputs[0] === node.inputs[1])!;
    expect(target.stopsGradient !== undefined).toBe(isStopped);
  });

  it('is not what a plain sum does', () => {
    expect(steps(forward('y = self.b(x)', 'x = self.a(x)', 'return x + (y - x)')).at(-1)).toBe('add');
  });
});

describe('the output that the loss is taken of', () => {
  it.each([
    ['y, x', 0],
    ['y.detach(), y', 1],
    ['y.argmax(1), y', 1],
    ['Normal(y, 1.0).sample(), Normal(y, 1.0).rsample()', 1],
    ['y.data', 0],
  ])('%s', (returned, place) => {
    const model = forward('y = self.a(x)', `return ${returned}`);
    expect(loss(model)).toBe(place);
  });
});

describe('methods that models act with', () => {
  const act = (returned: string, decorator = '@torch.no_grad()'): Model =>
    read(`
    ${decorator}
    def act(self, x):
        p = Normal(self.a(x), 1.0)
        s = p.sample()
        v = self.b(x)
        return ${returned}
`);

  it('give what they would in training', () => {
    const model = act('s, v');
    expect(steps(model).filter((s) => s.includes('('))).toEqual(['affine (sample)']);
    expect(loss(model)).toBe(1);
    expect(notes(model)).toEqual([expect.stringContaining('without gradients')]);
  });

  it('give arrays, lists and numbers that are made of tensors, in their order', () => {
    for (const returned of [
      's.numpy(), v.numpy()',
      's.cpu().numpy(), v.tolist()',
      's.tolist(), {"v": v.mean().item()}',
    ]) {
      const model = act(returned);
      expect(model.graph.outputs).toHaveLength(2);
      expect(loss(model)).toBe(1);
    }
  });

  it('give detached tensors that are trained elsewhere', () => {
    for (const returned of ['s.detach(), v.detach()', 's.numpy(), v.detach().cpu().numpy()']) {
      const model = act(returned, '# in training');
      const of = model.graph.nodes.find((n) => n.outputs[0] === lossOutput(model.graph));
      expect(of?.operation).toMatchObject({ kind: 'linear', weight: 2 });
      expect(notes(model)).toEqual([expect.stringContaining('detached')]);
    }
  });

  it('give no gradient to what is only sampled', () => {
    const model = act('s');
    expect(steps(model)).toContain('linear (no_grad)');
    expect(notes(model)).toEqual([]);
  });

  it('leave numbers beside tensors out', () => {
    expect(act('v.mean().item(), v', '# in training').graph.outputs).toHaveLength(1);
    expect(act('v.argmax(1), v.tolist()', '# in training').graph.outputs).toHaveLength(1);
  });
});

describe('a momentum encoder', () => {
  const text = `
import torch
import torch.nn as nn
import torch.nn.functional as F

class Base(nn.Module):
    def encode(self, x):
        return self.k(x)

class Net(Base):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(16, 8)
        self.k = nn.Linear(16, 8)
        self.register_buffer('queue', F.normalize(torch.randn(8, 32), dim=0))

    @torch.no_grad()
    def update(self):
        for q, k in zip(self.q.parameters(), self.k.parameters()):
            k.data = k.data * 0.9 + q.data * 0.1

    @torch.no_grad()
    def encode(self, x):
        self.update()
        return super().encode(x)

    def forward(self, x):
        q, k = F.normalize(self.q(x), dim=1), F.normalize(self.encode(x), dim=1)
        return torch.cat([(q * k).sum(1, keepdim=True), q @ self.queue.clone().detach()], dim=1)
`;
  const [model] = readFile({ file: 'm.py', text, input: [[4, 16]] }, { read: () => null, roots: [] }).models;

  it('is computed without gradients, and its keys have unit length', () => {
    expect(model!.unknown).toEqual([]);
    const stopped = model!.layers.filter((l) => model!.graph.nodes[l.nodes[0]]!.stopsGradient === 'no_grad');
    expect(stopped.map((l) => l.name)).toContain('k');
    expect(stopped.map((l) => l.name)).not.toContain('q');
    const [queue] = model!.graph.nodes.flatMap((n) => (n.operation.kind === 'constant' ? [n.operation] : []));
    expect(queue!.distribution).toMatchObject({ kind: 'normal', mean: 0 });
    expect(isKnown(queue!.distribution) && queue!.distribution.std ** 2).toBeCloseTo(1 / 8, 12);
  });
});
