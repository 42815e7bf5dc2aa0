import { describe, expect, it } from 'vitest';
import { constant, normal, orthogonal } from '../../../src/core/initializers/index.js';
import { softmaxOf } from '../../../src/core/propagation/moments/softmax-moments.js';
import { GraphBuilder } from './builder.js';

describe('convolution', () => {
  it.each([
    [4, 0.694],
    [7, 0.819],
    [14, 0.907],
    [32, 0.959],
  ])('zero padding on %i×%i maps loses variance at the border', (size, factor) => {
    const b = new GraphBuilder();
    const y = b.conv(b.input([64, 32, size, size]), 32, 3, { padding: 1 });
    expect(b.run([y]).second(y)).toBeCloseTo(((3 * size - 2) / (3 * size)) ** 2, 10);
    expect(b.run([y]).second(y)).toBeCloseTo(factor, 2);
  });

  it('circular padding loses none', () => {
    const b = new GraphBuilder();
    const y = b.conv(b.input([8, 32, 8, 8]), 32, 3, { padding: 1, mode: 'circular' });
    expect(b.run([y]).second(y)).toBeCloseTo(1, 10);
  });

  it('a second layer of zero padding sees the first one’s weaker border', () => {
    const b = new GraphBuilder();
    const y = b.conv(b.conv(b.input([8, 32, 4, 4]), 32, 3, { padding: 1 }), 32, 3, { padding: 1 });
    // Per axis: positions see (2,3,3,2)/3 of the input, then sums of neighbours (5,8,8,5)/9.
    expect(b.run([y]).second(y)).toBeCloseTo((26 / 9 / 4) ** 2, 10);
  });

  it('also where places were joined to tokens and cut anew in between', () => {
    const b = new GraphBuilder();
    const x = b.input([8, 32, 4, 6]);
    const weak = b.conv(x, 32, 3, { padding: 1 });
    const tokens = b.permute(b.reshape(weak, [8, 32, 24]), [0, 2, 1]);
    const maps = b.reshape(b.permute(tokens, [0, 2, 1]), [8, 32, 4, 6]);
    const [straight, around] = [b.conv(weak, 32, 3, { padding: 1 }), b.conv(maps, 32, 3, { padding: 1 })];
    const [direct, detour] = [b.run([straight]), b.run([around])];
    expect(detour.second(around)).toBeCloseTo(direct.second(straight), 10);
    // The loss's gradient is alike everywhere, the next one weaker at the border.
    expect(detour.gradient(x)).toBeCloseTo(direct.gradient(x), 10);
    expect(detour.gradient(x)).not.toBeCloseTo(direct.gradient(weak) ** 2, 3);
  });

  it('depthwise: 9 terms', () => {
    const b = new GraphBuilder();
    const y = b.conv(b.input([8, 256, 16, 16]), 256, 3, { groups: 256, gain2: 2 });
    expect(b.run([y]).second(y)).toBeCloseTo(2, 10);
  });

  it('transposed: default initialization gives (Cin/Cout)/(3s²)', () => {
    const b = new GraphBuilder();
    const x = b.input([8, 64, 64, 64]);
    const weight = b.parameter([64, 128, 4, 4], normal(0, Math.sqrt(1 / (3 * 128 * 16))));
    const y = b.node(
      {
        kind: 'convolution',
        weight,
        window: {
          kernel: [4, 4],
          stride: [2, 2],
          padding: [
            [1, 1],
            [1, 1],
          ],
          dilation: [1, 1],
        },
        groups: 1,
        transposed: true,
        paddingMode: 'zeros',
      },
      [x],
      [8, 128, 128, 128],
    );
    const run = b.run([y]);
    expect(run.second(y) / (64 / 128 / 12)).toBeGreaterThan(0.97);
    expect(run.second(y) / (64 / 128 / 12)).toBeLessThan(1.001);
    // Every input entry reaches 128·16 outputs.
    expect(run.gradient(x) / (1 / 3)).toBeGreaterThan(0.97);
  });

  it('stride thins the gradient', () => {
    const b = new GraphBuilder();
    const x = b.input([8, 64, 32, 32]);
    const y = b.conv(x, 64, 3, { stride: 2, padding: 1 });
    const gradient = b.run([y]).gradient(x);
    expect(gradient).toBeGreaterThan(0.23);
    expect(gradient).toBeLessThan(0.2501);
  });

  it('orthogonal and dirac weights', () => {
    const b = new GraphBuilder();
    const x = b.input([8, 64]);
    const w = b.parameter([128, 64], orthogonal(1, [128, 64]));
    const y = b.node({ kind: 'linear', weight: w }, [x], [8, 128]);
    expect(b.run([y]).second(y)).toBeCloseTo(0.5, 10);
  });
});

describe('normalization', () => {
  it('batch norm fixes the variance and takes the shared offset off', () => {
    const b = new GraphBuilder();
    const h = b.act(b.conv(b.input([32, 64, 8, 8]), 64, 3, { padding: 1, mode: 'circular', gain2: 2 }), 'relu');
    const z = b.conv(h, 64, 1, { gain2: 2 });
    const y = b.norm(z, 'batch');
    const run = b.run([y]);
    expect(run.variance(y)).toBeCloseTo(1, 3);
    expect(run.mean(y)).toBe(0);
    // What is normalized is 1 − 1/π of E[z²]: the gradient is divided by that.
    expect(run.gradient(z)).toBeGreaterThan(1 / (2 * (1 - 1 / Math.PI)) - 0.02);
    expect(run.gradient(z)).toBeLessThan(1 / (2 * (1 - 1 / Math.PI)) + 0.03);
  });

  it('a vanished signal is left vanished: eps counts', () => {
    const b = new GraphBuilder();
    const y = b.norm(b.linear(b.input([64, 100]), 100, 1e-8), 'layer', { eps: 1e-5 });
    expect(b.run([y]).variance(y)).toBeCloseTo(1e-3, 4);
  });

  it('small batches: the gradient is divided by a fluctuating variance and loses two directions', () => {
    const b = new GraphBuilder();
    const x = b.input([8, 256]);
    const z = b.linear(x, 256, 1);
    const y = b.norm(z, 'batch');
    // Gaussian entries, 7 degrees of freedom: E[1/v̂]·(7/8) = 7/5, of 8 directions 6 are left: 7/5·6/8·8/7 = 1.2.
    expect(b.run([y]).gradient(z)).toBeCloseTo(1.2, 1);
  });

  it('layer norm and RMS norm', () => {
    for (const over of ['layer', 'rms'] as const) {
      const b = new GraphBuilder();
      const x = b.linear(b.input([8, 16, 128]), 128, 3);
      const y = b.norm(x, over);
      const run = b.run([y]);
      expect(run.second(y)).toBeCloseTo(1, 1);
      expect(run.gradient(x)).toBeCloseTo(1 / 3, 1);
    }
  });

  it('an RMS norm written out does the same', () => {
    const b = new GraphBuilder();
    const x = b.linear(b.input([8, 16, 256]), 256, 3);
    const square = b.node({ kind: 'power', exponent: 2 }, [x], [8, 16, 256]);
    const mean = b.node({ kind: 'reduce', how: 'mean', axes: [2], keepDims: true }, [square], [8, 16, 1]);
    const root = b.act(b.node({ kind: 'affine', factor: 1, offset: 1e-6 }, [mean], [8, 16, 1]), 'rsqrt');
    const y = b.multiply(x, root);
    const run = b.run([y]);
    expect(run.second(y)).toBeCloseTo(1, 1);
    expect(run.gradient(x)).toBeCloseTo(1 / 3, 1);
  });

  it('a layer norm written out does the same', () => {
    const b = new GraphBuilder();
    const x = b.linear(b.act(b.linear(b.input([8, 16, 256]), 256, 2), 'relu'), 256, 2);
    const mean = b.node({ kind: 'reduce', how: 'mean', axes: [2], keepDims: true }, [x], [8, 16, 1]);
    const std = b.node({ kind: 'reduce', how: 'std', axes: [2], keepDims: true }, [x], [8, 16, 1]);
    const centred = b.node({ kind: 'subtract' }, [x, mean], [8, 16, 256]);
    const y = b.node(
      { kind: 'divide' },
      [centred, b.node({ kind: 'affine', factor: 1, offset: 1e-6 }, [std], [8, 16, 1])],
      [8, 16, 256],
    );
    expect(b.run([y]).second(y)).toBeCloseTo(1, 1);
  });
});

describe('pointwise composites', () => {
  it('x·sigmoid(x) is SiLU, forward and backward', () => {
    const b = new GraphBuilder();
    const z = b.linear(b.input([64, 500]), 500, 1);
    const direct = b.act(z, 'silu');
    const written = b.multiply(z, b.act(z, 'sigmoid'));
    expect(b.run([written]).second(written)).toBeCloseTo(b.run([direct]).second(direct), 6);
    expect(b.run([written]).gradient(z)).toBeCloseTo(b.run([direct]).gradient(z), 4);
  });

  it('GELU spelt out', () => {
    const b = new GraphBuilder();
    const z = b.linear(b.input([64, 500]), 500, 2);
    const shape = [64, 500];
    const cube = b.node({ kind: 'power', exponent: 3 }, [z], shape);
    const inner = b.node(
      { kind: 'affine', factor: Math.sqrt(2 / Math.PI), offset: 0 },
      [b.add(z, b.node({ kind: 'affine', factor: 0.044715, offset: 0 }, [cube], shape))],
      shape,
    );
    const gate = b.node({ kind: 'affine', factor: 0.5, offset: 0.5 }, [b.act(inner, 'tanh')], shape);
    const y = b.multiply(z, gate);
    const reference = b.act(z, 'gelu_tanh');
    expect(b.run([y]).second(y)).toBeCloseTo(b.run([reference]).second(reference), 5);
    expect(b.run([y]).gradient(z)).toBeCloseTo(b.run([reference]).gradient(z), 4);
  });

  it('z + z doubles', () => {
    const b = new GraphBuilder();
    const z = b.linear(b.input([64, 500]), 500, 1);
    const y = b.add(z, z);
    expect(b.run([y]).second(y)).toBeCloseTo(4, 3);
    expect(b.run([y]).gradient(z)).toBeCloseTo(4, 2);
  });

  it.each([
    ['sigmoid', 0.293379],
    ['relu', 0.5],
    ['gelu', 0.425221],
    ['silu', 0.355776],
    ['identity', 1],
    ['tanh', 0.394294],
  ])('gated unit with %s', (activation, want) => {
    const b = new GraphBuilder();
    const y = b.node({ kind: 'gate', activation, axis: 1 }, [b.linear(b.input([64, 256]), 512, 1)], [64, 256]);
    expect(b.run([y]).second(y)).toBeCloseTo(want, 5);
  });
});

describe('pooling', () => {
  it.each([
    [2, 1.029375, 0.491715],
    [3, 1.485013, 0.357353],
    [4, 1.765991, 0.29501],
    [5, 1.965315, 0.258511],
  ])('largest of a %i×%i window of independent normals', (k, mean, variance) => {
    const b = new GraphBuilder();
    const y = b.pool(b.input([64, 8, k * 4, k * 4]), 'max', k);
    const run = b.run([y]);
    expect(run.mean(y)).toBeCloseTo(mean, 3);
    expect(run.second(y) - run.mean(y) ** 2).toBeCloseTo(variance, 3);
  });

  it('max pooling before and after ReLU is the same', () => {
    for (const k of [2, 3]) {
      const b = new GraphBuilder();
      const z = b.conv(b.input([8, 32, 12, 12]), 32, 1);
      const before = b.act(b.pool(z, 'max', k), 'relu');
      const after = b.pool(b.act(z, 'relu'), 'max', k);
      expect(b.run([before]).second(before)).toBeCloseTo(b.run([after]).second(after), 2);
      if (k === 2) expect(b.run([after]).second(after)).toBeCloseTo(1.543785, 2);
      else expect(b.run([after]).second(after)).toBeCloseTo(2.562559, 2);
      // Gradient goes to the picked entries, which are positive with probability 1 − 2⁻ⁿ.
      const want = (1 - 2 ** -(k * k)) / (k * k);
      expect(b.run([before]).gradient(z) / want).toBeCloseTo(1, 1);
      expect(b.run([after]).gradient(z) / want).toBeCloseTo(1, 1);
    }
  });

  it('averaging keeps what positions share', () => {
    const b = new GraphBuilder();
    const h = b.act(b.conv(b.input([8, 64, 16, 16]), 64, 1, { gain2: 2 }), 'relu');
    const y = b.pool(h, 'average', 4);
    const mean2 = 1 / Math.PI;
    expect(b.run([y]).second(y)).toBeCloseTo(mean2 + (1 - mean2) / 16, 6);
    const g = b.globalAverage(h);
    expect(b.run([g]).gradient(h)).toBeCloseTo(1 / 256 ** 2, 7);
  });
});

describe('residual streams', () => {
  it('He branches without a norm double the variance a block', () => {
    const b = new GraphBuilder();
    let x = b.linear(b.input([64, 512]), 512, 1);
    const seconds: number[] = [];
    const stream: number[] = [];
    for (let l = 0; l < 6; l++) {
      x = b.add(x, b.linear(b.act(b.linear(x, 512, 1), 'relu'), 512, 2));
      stream.push(x);
    }
    const run = b.run([x]);
    for (const v of stream) seconds.push(run.second(v));
    seconds.forEach((q, l) => {
      expect(q / 2 ** (l + 1)).toBeCloseTo(1, 6);
    });
  });

  it('pre-activation batch norm blocks grow by a constant: a channel’s variance by 0.66, the rest is in its mean', () => {
    const b = new GraphBuilder();
    let x = b.conv(b.input([8, 64, 32, 32]), 64, 3, { padding: 1 });
    const stream: number[] = [];
    for (let l = 0; l < 8; l++) {
      const h = b.conv(b.act(b.norm(x, 'batch'), 'relu'), 64, 3, { padding: 1, gain2: 2 });
      x = b.add(x, b.conv(b.act(b.norm(h, 'batch'), 'relu'), 64, 3, { padding: 1, gain2: 2 }));
      stream.push(x);
    }
    const run = b.run([x]);
    // Measured with PyTorch 2.13, three draws.
    const measured = [1.6305, 2.2974, 2.9533, 3.6278, 4.3158, 4.9896, 5.6786, 6.3504];
    stream.forEach((v, l) => {
      const withinChannel = run.second(v) * (1 - run.correlation(v));
      expect(withinChannel / measured[l]!, `block ${l + 1}`).toBeGreaterThan(0.96);
      expect(withinChannel / measured[l]!, `block ${l + 1}`).toBeLessThan(1.04);
    });
    const seconds = stream.map((v) => run.second(v));
    const steps = seconds.slice(1).map((q, i) => q - seconds[i]!);
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.01);
  });

  it('pre-LN transformer with PyTorch’s defaults: 1.06, 1.13, 1.28, 1.61, 2.35, 3.35 after 1, 2, 4, 8, 16, 24 layers; post-LN stays at 1', () => {
    const d = 512;
    const [samples, tokens, heads] = [32, 64, 8];
    const layer = (
      b: GraphBuilder,
      x: number,
      norm: (v: number) => number,
    ): { attention: number; after: (v: number) => number } => {
      const xavier = (out: number): number => b.parameter([out, d], normal(0, Math.sqrt(2 / (4 * d))));
      const project = (v: number): number => {
        const p = b.node({ kind: 'linear', weight: xavier(d) }, [v], [samples, tokens, d]);
        return b.permute(b.reshape(p, [samples, tokens, heads, d / heads]), [0, 2, 1, 3]);
      };
      const n = norm(x);
      const o = b.node(
        { kind: 'attention', causal: false, dropout: 0 },
        [project(n), project(n), project(n)],
        [samples, heads, tokens, d / heads],
      );
      const joined = b.reshape(b.permute(o, [0, 2, 1, 3]), [samples, tokens, d]);
      return {
        attention: b.linear(joined, d, 1 / 3, 0),
        after: (v) => b.torchLinear(b.act(b.torchLinear(norm(v), 2048), 'relu'), d),
      };
    };
    const b = new GraphBuilder();
    let x = b.input([samples, tokens, d]);
    const pre: number[] = [];
    for (let l = 0; l < 24; l++) {
      const { attention, after } = layer(b, x, (v) => b.norm(v, 'layer'));
      x = b.add(x, attention);
      x = b.add(x, after(x));
      pre.push(x);
    }
    const run = b.run([x]);
    for (const [l, q] of [
      [1, 1.06],
      [2, 1.13],
      [4, 1.28],
      [8, 1.61],
      [16, 2.35],
      [24, 3.35],
    ] as const)
      expect(run.variance(pre[l - 1]!) / q, `layer ${l}`).toBeCloseTo(1, 1);

    const p = new GraphBuilder();
    let y = p.input([samples, tokens, d]);
    for (let l = 0; l < 6; l++) {
      const { attention, after } = layer(p, y, (v) => v);
      y = p.norm(p.add(y, attention), 'layer');
      y = p.norm(p.add(y, after(y)), 'layer');
    }
    expect(p.run([y]).second(y)).toBeCloseTo(1, 2);
  });
});

describe('attention and softmax', () => {
  it('concentration of a softmax', () => {
    expect(1000 * softmaxOf(1)(1000).concentration).toBeCloseTo(2.69, 1);
    expect(10 * softmaxOf(1)(10).concentration).toBeCloseTo(1.948, 2);
    expect(softmaxOf(0)(10).concentration).toBeCloseTo(0.1, 12);
    expect(softmaxOf(400)(10).concentration).toBeGreaterThan(0.8);
    expect(softmaxOf(5)(1).concentration).toBe(1);
  });

  it('averages independent tokens, keeps equal ones', () => {
    const b = new GraphBuilder();
    const [n, h, t, d] = [8, 4, 32, 64];
    const q = b.input([n, h, t, d]);
    const k = b.input([n, h, t, d]);
    const v = b.input([n, h, t, d]);
    const y = b.node({ kind: 'attention', causal: false, dropout: 0, scale: 0 }, [q, k, v], [n, h, t, d]);
    expect(b.run([y]).second(y)).toBeCloseTo(1 / t, 6);
    const sharp = b.node({ kind: 'attention', causal: false, dropout: 0 }, [q, k, v], [n, h, t, d]);
    expect(b.run([sharp]).second(sharp)).toBeCloseTo(softmaxOf(1)(t).concentration, 3);
    const token = b.node({ kind: 'repeat' }, [b.input([n, h, 1, d])], [n, h, t, d]);
    const same = b.node({ kind: 'attention', causal: false, dropout: 0 }, [q, k, token], [n, h, t, d]);
    expect(b.run([same]).second(same)).toBeCloseTo(1, 3);
  });

  it('written out as matmul, softmax, matmul it is the same', () => {
    const b = new GraphBuilder();
    const [n, h, t, d] = [8, 4, 32, 64];
    const [q, k, v] = [b.input([n, h, t, d]), b.input([n, h, t, d]), b.input([n, h, t, d])] as const;
    const scores = b.node(
      { kind: 'affine', factor: 1 / Math.sqrt(d), offset: 0 },
      [b.node({ kind: 'matmul' }, [q, b.permute(k, [0, 1, 3, 2])], [n, h, t, t])],
      [n, h, t, t],
    );
    const p = b.node({ kind: 'softmax', axis: 3, log: false }, [scores], [n, h, t, t]);
    const y = b.node({ kind: 'matmul' }, [p, v], [n, h, t, d]);
    const fused = b.node({ kind: 'attention', causal: false, dropout: 0 }, [q, k, v], [n, h, t, d]);
    const a = b.run([y]);
    const f = b.run([fused]);
    expect(a.second(y)).toBeCloseTo(f.second(fused), 6);
    for (const x of [q, k, v]) expect(a.gradient(x) / f.gradient(x)).toBeCloseTo(1, 4);
  });

  it('a causal mask: the first tokens average over few', () => {
    const b = new GraphBuilder();
    const [n, h, t, d] = [8, 4, 16, 64];
    const [q, k, v] = [b.input([n, h, t, d]), b.input([n, h, t, d]), b.input([n, h, t, d])] as const;
    const y = b.node({ kind: 'attention', causal: true, dropout: 0, scale: 0 }, [q, k, v], [n, h, t, d]);
    let harmonic = 0;
    for (let i = 1; i <= t; i++) harmonic += 1 / i;
    expect(b.run([y]).second(y)).toBeCloseTo(harmonic / t, 6);
  });
});

describe('other operations', () => {
  it('dropout', () => {
    const b = new GraphBuilder();
    const x = b.act(b.linear(b.input([64, 256]), 256, 2), 'relu');
    const y = b.node({ kind: 'dropout', p: 0.5, unit: 'entry' }, [x], [64, 256]);
    const run = b.run([y]);
    expect(run.second(y)).toBeCloseTo(2 * run.second(x), 8);
    expect(run.gradient(x)).toBeCloseTo(2, 1);
    expect(b.run([y], { training: false }).second(y)).toBeCloseTo(run.second(x), 8);
  });

  it('alpha dropout keeps N(0,1), and passes less gradient', () => {
    const b = new GraphBuilder();
    const x = b.linear(b.input([64, 256]), 256, 1);
    const y = b.node({ kind: 'dropout', p: 0.2, unit: 'alpha' }, [x], [64, 256]);
    const run = b.run([y]);
    expect(run.variance(y)).toBeCloseTo(1, 3);
    // 1/(1 + p·α′²), α′ = −1.7581 what dropped entries are set to.
    expect(run.gradient(x)).toBeCloseTo(1 / (1 + 0.2 * 1.7580993 ** 2), 3);
  });

  it('embedding with positions', () => {
    const b = new GraphBuilder();
    const table = b.parameter([1000, 64], normal(0, 0.02));
    const positions = b.parameter([1, 16, 64], normal(0, 0.01));
    const x = b.node({ kind: 'embedding', weight: table }, [b.input([8, 16], 1000)], [8, 16, 64]);
    const p = b.node({ kind: 'parameter', parameter: positions }, [], [1, 16, 64]);
    const y = b.add(x, p);
    const run = b.run([y]);
    expect(run.second(y)).toBeCloseTo(0.0004 + 0.0001, 8);
    // The positions' gradient sums over the samples.
    expect(run.gradient(p)).toBeCloseTo(8, 1);
  });

  it('concatenated parts are normalized each by itself', () => {
    const b = new GraphBuilder();
    const big = b.conv(b.input([8, 32, 16, 16]), 32, 1, { gain2: 100 });
    const small = b.conv(b.input([8, 32, 16, 16]), 32, 1, { gain2: 0.01 });
    const joined = b.node({ kind: 'concatenate', axis: 1, stacked: false }, [big, small], [8, 64, 16, 16]);
    const y = b.norm(joined, 'batch');
    const run = b.run([y]);
    expect(run.second(joined)).toBeCloseTo(50.005, 3);
    // 32 Gaussian weights a channel: E[1/Σw²] is 32/30 of 1/E[Σw²].
    expect((run.gradient(big) / 0.01) * (30 / 32)).toBeCloseTo(1, 2);
    expect((run.gradient(small) / 100) * (30 / 32)).toBeCloseTo(1, 2);
  });

  it('a slice of a concatenation is the part it came from', () => {
    const b = new GraphBuilder();
    const [x, y] = [b.linear(b.input([8, 32]), 32, 4), b.linear(b.input([8, 32]), 32, 1)] as const;
    const joined = b.node({ kind: 'concatenate', axis: 1, stacked: false }, [x, y], [8, 64]);
    const s = b.node({ kind: 'select', slices: [{ axis: 1, start: 0, length: 32, step: 1 }] }, [joined], [8, 32]);
    expect(b.run([s]).second(s)).toBeCloseTo(4, 8);
  });

  it('squeeze and excitation gates with a shared factor', () => {
    const b = new GraphBuilder();
    const x = b.norm(b.conv(b.input([8, 64, 8, 8]), 64, 1), 'batch');
    const s = b.act(b.conv(b.act(b.conv(b.globalAverage(x), 16, 1), 'relu'), 64, 1, { gain2: 1e-6 }), 'sigmoid');
    const y = b.multiply(x, s);
    expect(b.run([y]).second(y)).toBeCloseTo(0.25, 3);
  });

  it('LSTM of zero-bias weights stays small and finite', () => {
    const b = new GraphBuilder();
    const h = 128;
    const std = Math.sqrt(1 / (3 * h));
    const parameters = [
      b.parameter([4 * h, 28], normal(0, std)),
      b.parameter([4 * h, h], normal(0, std)),
      b.parameter([4 * h], constant(0)),
      b.parameter([4 * h], constant(0)),
    ];
    const x = b.input([8, 28, 28]);
    const [y] = b.nodeWith(
      {
        kind: 'recurrent',
        cell: 'lstm',
        hidden: h,
        layers: 1,
        bidirectional: false,
        batchFirst: true,
        single: false,
        dropout: 0,
        parameters,
      },
      [x],
      [
        [8, 28, h],
        [1, 8, h],
        [1, 8, h],
      ],
    ) as [number, number, number];
    const run = b.run([y]);
    expect(run.variance(y)).toBeGreaterThan(0.001);
    expect(run.variance(y)).toBeLessThan(0.1);
    expect(run.gradient(x)).toBeGreaterThan(0);
  });
});
