import { describe, expect, it } from 'vitest';
import type { Operation, Window } from '../../../../src/core/model/index.js';
import { ACTIVATIONS } from '../../../../src/core/propagation/activations/index.js';
import { CheckedGraph } from './gradient-check.js';

function window(kernel: number[], more: Partial<Window> = {}): Window {
  return {
    kernel,
    stride: kernel.map(() => 1),
    padding: kernel.map(() => [0, 0] as const),
    dilation: kernel.map(() => 1),
    ...more,
  };
}

describe('gradients agree with finite differences', () => {
  for (const a of ACTIVATIONS)
    it(`of ${a.name}`, () => {
      const g = new CheckedGraph();
      const x = g.operand([3, 4], (v) => (a.name === 'log1p' || /^(log|r?sqrt)/.test(a.name) ? 0.3 + Math.abs(v) : v));
      g.check(g.apply({ kind: 'activation', name: a.name, constants: {} }, [x], [3, 4]));
    });

  it('of PReLU and its slopes', () => {
    const g = new CheckedGraph();
    const y = g.apply(
      { kind: 'activation', name: 'prelu', constants: {}, learned: g.drawn([3]) },
      [g.operand([2, 3, 4])],
      [2, 3, 4],
    );
    g.check(y);
  });

  it('of a gate', () => {
    const g = new CheckedGraph();
    g.check(g.apply({ kind: 'gate', activation: 'sigmoid', axis: 1 }, [g.operand([2, 6, 2])], [2, 3, 2]));
  });

  const pointwise: [Operation, (v: number) => number][] = [
    [{ kind: 'affine', factor: -2, offset: 1 }, (v) => v],
    [{ kind: 'power', exponent: 2 }, (v) => v],
    [{ kind: 'power', exponent: 3 }, (v) => v],
    [{ kind: 'power', exponent: -0.5 }, (v) => 0.5 + Math.abs(v)],
    [{ kind: 'clamp', low: -0.4, high: 0.8 }, (v) => v],
    [{ kind: 'clamp', low: 0 }, (v) => v],
  ];
  for (const [op, map] of pointwise)
    it(`of ${JSON.stringify(op)}`, () => {
      const g = new CheckedGraph();
      g.check(g.apply(op, [g.operand([3, 5], map)], [3, 5]));
    });

  for (const kind of ['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum'] as const)
    for (const [a, b, out] of [
      [
        [3, 4],
        [3, 4],
        [3, 4],
      ],
      [[2, 3, 4], [4], [2, 3, 4]],
      [
        [2, 1, 4],
        [3, 1],
        [2, 3, 4],
      ],
      [[], [2, 2], [2, 2]],
    ])
      it(`of ${kind} of ${JSON.stringify(a)} and ${JSON.stringify(b)}`, () => {
        const g = new CheckedGraph();
        g.check(g.apply({ kind }, [g.operand(a!), g.operand(b!, (v) => v + Math.sign(v))], out!));
      });

  it('of a value used twice', () => {
    const g = new CheckedGraph();
    const x = g.operand([2, 3]);
    const y = g.apply({ kind: 'multiply' }, [x, x], [2, 3]);
    g.check(g.apply({ kind: 'add' }, [g.apply({ kind: 'add' }, [x, y], [2, 3]), x], [2, 3]));
  });

  it('of where and maskedFill', () => {
    const g = new CheckedGraph();
    const mask = g.constant([3], [1, 0, 1]);
    const x = g.apply({ kind: 'where' }, [mask, g.operand([2, 3]), g.operand([1])], [2, 3]);
    g.check(g.apply({ kind: 'maskedFill', value: 0.3 }, [x, g.constant([2, 1], [0, 1])], [2, 3]));
  });

  const convolutions: [string, number[], number[], number[], Partial<Operation & { kind: 'convolution' }>][] = [
    ['plain', [2, 3, 5, 5], [4, 3, 3, 3], [2, 4, 3, 3], { window: window([3, 3]) }],
    [
      'padded and strided',
      [2, 3, 5, 6],
      [4, 3, 3, 2],
      [2, 4, 3, 3],
      {
        window: window([3, 2], {
          stride: [2, 2],
          padding: [
            [1, 1],
            [0, 1],
          ],
        }),
      },
    ],
    ['dilated', [1, 2, 7, 7], [3, 2, 3, 3], [1, 3, 3, 3], { window: window([3, 3], { dilation: [2, 2] }) }],
    ['grouped', [2, 4, 4, 4], [6, 2, 2, 2], [2, 6, 3, 3], { window: window([2, 2]), groups: 2 }],
    [
      'depthwise',
      [2, 4, 4, 4],
      [4, 1, 3, 3],
      [2, 4, 4, 4],
      {
        window: window([3, 3], {
          padding: [
            [1, 1],
            [1, 1],
          ],
        }),
        groups: 4,
      },
    ],
    ['depthwise with a multiplier', [2, 2, 4, 4], [4, 1, 3, 3], [2, 4, 2, 2], { window: window([3, 3]), groups: 2 }],
    ['of one place', [3, 3, 4, 4], [5, 3, 1, 1], [3, 5, 4, 4], { window: window([1, 1]) }],
    ['of one place, strided', [3, 3, 4, 4], [5, 3, 1, 1], [3, 5, 2, 2], { window: window([1, 1], { stride: [2, 2] }) }],
    ['in one dimension', [2, 3, 7], [4, 3, 3], [2, 4, 5], { window: window([3]) }],
    [
      'over a wide map',
      [1, 2, 2, 70],
      [3, 2, 1, 3],
      [1, 3, 2, 70],
      {
        window: window([1, 3], {
          padding: [
            [0, 0],
            [1, 1],
          ],
        }),
      },
    ],
    [
      'over a wide map, depthwise, reflected',
      [1, 2, 70],
      [2, 1, 3],
      [1, 2, 70],
      { window: window([3], { padding: [[1, 1]] }), groups: 2, paddingMode: 'reflect' },
    ],
    [
      'over a wide map, depthwise, strided',
      [2, 2, 140],
      [2, 1, 3],
      [2, 2, 70],
      { window: window([3], { padding: [[1, 1]], stride: [2] }), groups: 2 },
    ],
    [
      'over a wide map, replicated',
      [1, 2, 70],
      [3, 2, 5],
      [1, 3, 70],
      { window: window([5], { padding: [[2, 2]] }), paddingMode: 'replicate' },
    ],
    ['in three dimensions', [1, 2, 3, 4, 3], [2, 2, 2, 2, 2], [1, 2, 2, 3, 2], { window: window([2, 2, 2]) }],
    [
      'transposed',
      [2, 3, 3, 3],
      [3, 2, 3, 3],
      [2, 2, 7, 7],
      { window: window([3, 3], { stride: [2, 2] }), transposed: true },
    ],
    [
      'transposed, padded',
      [2, 4, 3, 3],
      [4, 1, 4, 4],
      [2, 2, 6, 6],
      {
        window: window([4, 4], {
          stride: [2, 2],
          padding: [
            [1, 1],
            [1, 1],
          ],
        }),
        transposed: true,
        groups: 2,
      },
    ],
    ...(['reflect', 'replicate', 'circular'] as const).map(
      (paddingMode): [string, number[], number[], number[], Partial<Operation & { kind: 'convolution' }>] => [
        `padded by ${paddingMode}`,
        [2, 2, 4, 4],
        [3, 2, 3, 3],
        [2, 3, 4, 4],
        {
          window: window([3, 3], {
            padding: [
              [1, 1],
              [1, 1],
            ],
          }),
          paddingMode,
        },
      ],
    ),
  ];
  for (const [name, x, w, y, more] of convolutions)
    it(`of a convolution ${name}`, () => {
      const g = new CheckedGraph();
      const op: Operation = {
        kind: 'convolution',
        weight: g.drawn(w),
        bias: g.drawn([y[1]!]),
        window: window([1]),
        groups: 1,
        transposed: false,
        paddingMode: 'zeros',
        ...more,
      };
      g.check(g.apply(op, [g.operand(x)], y));
    });

  it('of a convolution with a computed weight', () => {
    const g = new CheckedGraph();
    const op: Operation = {
      kind: 'convolution',
      weight: 'input',
      window: window([2, 2]),
      groups: 1,
      transposed: false,
      paddingMode: 'zeros',
    };
    g.check(g.apply(op, [g.operand([2, 2, 3, 3]), g.operand([3, 2, 2, 2])], [2, 3, 2, 2]));
  });

  it('of linear layers', () => {
    for (const transposed of [false, true]) {
      const g = new CheckedGraph();
      const weight = g.drawn(transposed ? [3, 2] : [2, 3]);
      g.check(g.apply({ kind: 'linear', weight, bias: g.drawn([2]), transposed }, [g.operand([4, 3, 3])], [4, 3, 2]));
    }
  });

  it('of a weight used twice', () => {
    const g = new CheckedGraph();
    const weight = g.drawn([3, 3]);
    const x = g.apply({ kind: 'linear', weight }, [g.operand([2, 3])], [2, 3]);
    g.check(g.apply({ kind: 'linear', weight }, [x], [2, 3]));
  });

  it('of a bilinear layer', () => {
    const g = new CheckedGraph();
    g.check(
      g.apply(
        { kind: 'bilinear', weight: g.drawn([3, 2, 4]), bias: g.drawn([3]) },
        [g.operand([5, 2]), g.operand([5, 4])],
        [5, 3],
      ),
    );
  });

  for (const combine of [undefined, 'sum', 'mean', 'max'] as const)
    it(`of an embedding${combine === undefined ? '' : ` of bags by ${combine}`}`, () => {
      const g = new CheckedGraph();
      const x = g.constant([2, 3], [0, 3, 1, 1, 2, 4]);
      g.check(
        combine === undefined
          ? g.apply({ kind: 'embedding', weight: g.drawn([5, 4]) }, [x], [2, 3, 4])
          : g.apply({ kind: 'embedding', weight: g.drawn([5, 4]), combine }, [x], [2, 4]),
      );
    });

  const norms: [Partial<Operation & { kind: 'normalize' }>, number[], number][] = [
    [{ over: 'batch' }, [3, 2, 2, 2], 2],
    [{ over: 'batch' }, [5, 3], 3],
    [{ over: 'layer', dims: 1 }, [3, 2, 5], 5],
    [{ over: 'layer', dims: 2 }, [3, 2, 5], 10],
    [{ over: 'rms', dims: 1 }, [3, 2, 5], 5],
    [{ over: 'group', groups: 2 }, [3, 4, 3], 4],
    [{ over: 'instance' }, [3, 2, 4], 2],
  ];
  for (const [how, shape, width] of norms)
    it(`of normalization ${JSON.stringify(how)} of ${JSON.stringify(shape)}`, () => {
      const g = new CheckedGraph();
      const scale = how.over === 'layer' && how.dims === 2 ? [2, 5] : [width];
      const op = {
        kind: 'normalize',
        eps: 1e-3,
        ...how,
        weight: g.drawn(scale),
        ...(how.over === 'rms' ? {} : { bias: g.drawn(scale) }),
      } as Operation;
      g.check(g.apply(op, [g.operand(shape)], shape));
    });

  it('of batch normalization in evaluation', () => {
    const g = new CheckedGraph();
    g.training = false;
    g.check(
      g.apply({ kind: 'normalize', over: 'batch', eps: 1e-3, weight: g.drawn([2]) }, [g.operand([3, 2])], [3, 2]),
    );
  });

  it('of unit length', () => {
    const g = new CheckedGraph();
    g.check(g.apply({ kind: 'normalize', over: 'l2', axis: 1, eps: 1e-12 }, [g.operand([2, 4, 3])], [2, 4, 3]));
  });

  for (const log of [false, true])
    it(`of softmax${log ? ' and its logarithm' : ''}`, () => {
      const g = new CheckedGraph();
      g.check(g.apply({ kind: 'softmax', axis: 1, log }, [g.operand([2, 4, 3])], [2, 4, 3]));
    });

  for (const unit of ['entry', 'channel', 'sample', 'alpha'] as const)
    it(`of dropout by ${unit}`, () => {
      const g = new CheckedGraph();
      g.check(g.apply({ kind: 'dropout', p: 0.4, unit }, [g.operand([4, 3, 2])], [4, 3, 2]));
    });

  for (const [a, b, out] of [
    [
      [2, 3, 4],
      [2, 4, 5],
      [2, 3, 5],
    ],
    [
      [2, 2, 3, 4],
      [4, 5],
      [2, 2, 3, 5],
    ],
    [
      [3, 4],
      [2, 4, 5],
      [2, 3, 5],
    ],
    [[4], [4], []],
    [[2, 3, 4], [4], [2, 3]],
    [[4], [2, 4, 3], [2, 3]],
  ])
    it(`of the product of ${JSON.stringify(a)} and ${JSON.stringify(b)}`, () => {
      const g = new CheckedGraph();
      g.check(g.apply({ kind: 'matmul' }, [g.operand(a!), g.operand(b!)], out!));
    });

  const equations: [string, number[][], number[]][] = [
    [
      'bij,bjk->bik',
      [
        [2, 3, 4],
        [2, 4, 5],
      ],
      [2, 3, 5],
    ],
    [
      'ij,kj->ik',
      [
        [3, 4],
        [5, 4],
      ],
      [3, 5],
    ],
    [
      'bhid,bhjd->bhij',
      [
        [2, 2, 3, 4],
        [2, 2, 5, 4],
      ],
      [2, 2, 3, 5],
    ],
    ['ij->ji', [[3, 4]], [4, 3]],
    ['ijk->j', [[3, 4, 2]], [4]],
    ['i,j->ij', [[3], [4]], [3, 4]],
    [
      'ij,jk,kl->il',
      [
        [2, 3],
        [3, 4],
        [4, 2],
      ],
      [2, 2],
    ],
    [
      'ij,ij->',
      [
        [2, 3],
        [2, 3],
      ],
      [],
    ],
    [
      'bn,bnd->bd',
      [
        [2, 3],
        [2, 3, 4],
      ],
      [2, 4],
    ],
  ];
  for (const [equation, operands, out] of equations)
    it(`of einsum ${equation}`, () => {
      const g = new CheckedGraph();
      g.check(
        g.apply(
          { kind: 'einsum', equation },
          operands.map((s) => g.operand(s)),
          out,
        ),
      );
    });

  for (const [name, more] of [
    ['plain', {}],
    ['causal', { causal: true }],
    ['with dropout', { dropout: 0.3 }],
    ['scaled', { scale: 0.3 }],
  ] as const)
    it(`of attention, ${name}`, () => {
      const g = new CheckedGraph();
      const op: Operation = { kind: 'attention', causal: false, dropout: 0, ...more };
      g.check(g.apply(op, [g.operand([2, 4, 3]), g.operand([2, 4, 3]), g.operand([2, 4, 5])], [2, 4, 5]));
    });

  it('of attention with a mask, keys shared by heads', () => {
    const g = new CheckedGraph();
    const op: Operation = { kind: 'attention', causal: false, dropout: 0 };
    const mask = g.constant([3, 4], [1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1]);
    g.check(
      g.apply(op, [g.operand([2, 2, 3, 3]), g.operand([2, 1, 4, 3]), g.operand([2, 1, 4, 2]), mask], [2, 2, 3, 2]),
    );
  });

  for (const reduce of ['max', 'average'] as const) {
    const pools: [string, number[], number[], Partial<Operation & { kind: 'pool' }>][] = [
      ['plain', [2, 2, 4, 4], [2, 2, 2, 2], { window: window([2, 2], { stride: [2, 2] }) }],
      [
        'overlapping, padded',
        [2, 2, 5, 5],
        [2, 2, 3, 3],
        {
          window: window([3, 3], {
            stride: [2, 2],
            padding: [
              [1, 1],
              [1, 1],
            ],
          }),
        },
      ],
      [
        'not counting padding',
        [1, 2, 5, 5],
        [1, 2, 3, 3],
        {
          window: window([3, 3], {
            stride: [2, 2],
            padding: [
              [1, 1],
              [1, 1],
            ],
          }),
          countPadding: false,
        },
      ],
      ['with a rest', [1, 2, 6], [1, 2, 3], { window: window([3], { stride: [2] }), ceil: true }],
    ];
    for (const [name, x, y, more] of pools)
      it(`of ${reduce} pooling, ${name}`, () => {
        const g = new CheckedGraph();
        const op: Operation = { kind: 'pool', reduce, window: window([1]), countPadding: true, ceil: false, ...more };
        g.check(g.apply(op, [g.operand(x)], y));
      });
    it(`of adaptive ${reduce} pooling`, () => {
      const g = new CheckedGraph();
      g.check(g.apply({ kind: 'adaptivePool', reduce, output: [3, 2] }, [g.operand([2, 2, 5, 4])], [2, 2, 3, 2]));
    });
  }

  for (const how of ['mean', 'sum', 'max', 'min', 'variance', 'std', 'norm', 'prod', 'logsumexp'] as const)
    for (const axes of [[2], [0, 2], [0, 1, 2]])
      it(`of ${how} over ${JSON.stringify(axes)}`, () => {
        const g = new CheckedGraph();
        const shape = [2, 3, 4].filter((_, i) => !axes.includes(i));
        g.check(g.apply({ kind: 'reduce', how, axes, keepDims: false }, [g.operand([2, 3, 4])], shape));
      });

  for (const how of ['sum', 'prod'] as const)
    it(`of cumulative ${how}`, () => {
      const g = new CheckedGraph();
      g.check(g.apply({ kind: 'cumulate', how, axis: 1 }, [g.operand([2, 4, 2])], [2, 4, 2]));
    });

  for (const mode of ['nearest', 'bilinear', 'bicubic', 'area'] as const)
    for (const output of [
      [6, 5],
      [2, 3],
    ])
      it(`of resizing by ${mode} to ${JSON.stringify(output)}`, () => {
        const g = new CheckedGraph();
        g.check(g.apply({ kind: 'resize', mode, output }, [g.operand([2, 2, 3, 4])], [2, 2, ...output]));
      });

  it('of arrangements', () => {
    const g = new CheckedGraph();
    const x = g.apply({ kind: 'permute', axes: [2, 0, 1] }, [g.operand([2, 3, 4])], [4, 2, 3]);
    const y = g.apply({ kind: 'reshape' }, [x], [4, 6]);
    const z = g.apply({ kind: 'concatenate', axis: 1, stacked: false }, [y, g.operand([4, 2]), y], [4, 14]);
    g.check(g.apply({ kind: 'concatenate', axis: 0, stacked: true }, [z, z], [2, 4, 14]));
  });

  it('of selections, repetitions and padding', () => {
    const g = new CheckedGraph();
    const x = g.operand([2, 6, 3]);
    const slices = [
      { axis: 1, start: 1, length: 2, step: 2 },
      { axis: 2, start: 0, length: 1, step: 1 },
    ];
    const box = g.apply({ kind: 'select', slices }, [x], [2, 2]);
    const parts = g.nodeWith(
      { kind: 'select' },
      [x],
      [
        [2, 4, 3],
        [2, 2, 3],
      ],
    );
    const some = g.apply({ kind: 'select' }, [x], [2, 4, 3]);
    const wide = g.apply({ kind: 'repeat' }, [parts[1]!], [2, 4, 3]);
    const padded = g.apply(
      {
        kind: 'pad',
        amounts: [
          [1, 0],
          [1, 2],
        ],
        mode: 'reflect',
        value: 0,
      },
      [some],
      [2, 5, 6],
    );
    const filled = g.apply({ kind: 'pad', amounts: [[1, 1]], mode: 'zeros', value: 2 }, [box], [2, 4]);
    g.check(parts[0]!, wide, padded, filled);
  });

  it('of windows laid out and summed back', () => {
    const g = new CheckedGraph();
    const w = window([2, 2], {
      stride: [1, 2],
      padding: [
        [1, 1],
        [0, 0],
      ],
    });
    const x = g.apply({ kind: 'unfold', window: w }, [g.operand([2, 3, 3, 4])], [2, 12, 8]);
    g.check(g.apply({ kind: 'fold', window: w }, [x], [2, 3, 3, 4]));
  });

  for (const cell of ['rnn_tanh', 'rnn_relu', 'lstm', 'gru'] as const)
    for (const how of ['plain', 'deep and both ways', 'projected', 'single'] as const) {
      if (how === 'projected' && cell !== 'lstm') continue;
      it(`of ${cell}, ${how}`, () => {
        const g = new CheckedGraph();
        const gates = { rnn_tanh: 1, rnn_relu: 1, lstm: 4, gru: 3 }[cell];
        const deep = how === 'deep and both ways';
        const [hidden, layers, directions] = [3, deep ? 2 : 1, deep ? 2 : 1];
        const out = how === 'projected' ? 2 : hidden;
        const parameters = Array.from({ length: layers * directions }, (_, i) => [
          g.drawn([gates * hidden, i < directions ? 2 : out * directions]),
          g.drawn([gates * hidden, out]),
          g.drawn([gates * hidden]),
          g.drawn([gates * hidden]),
          ...(how === 'projected' ? [g.drawn([out, hidden])] : []),
        ]).flat();
        const single = how === 'single';
        const op: Operation = {
          kind: 'recurrent',
          cell,
          hidden,
          layers,
          bidirectional: deep,
          batchFirst: deep,
          single,
          dropout: deep ? 0.2 : 0,
          parameters,
          ...(how === 'projected' ? { projection: out } : {}),
        };
        const [samples, steps] = [2, 4];
        const x = g.operand(single ? [samples, 2] : deep ? [samples, steps, 2] : [steps, samples, 2]);
        const states = [g.operand(single ? [samples, out] : [layers * directions, samples, out])];
        if (cell === 'lstm')
          states.push(g.operand(single ? [samples, hidden] : [layers * directions, samples, hidden]));
        const stateShapes = states.map((s) => g.shape(s));
        const sequence = deep ? [samples, steps, out * directions] : [steps, samples, out * directions];
        g.check(...g.nodeWith(op, [x, ...states], single ? stateShapes : [sequence, ...stateShapes]));
      });
    }
});

describe('the size of a weight gradient', () => {
  it('is known from Gram matrices where those are cheaper', () => {
    const g = new CheckedGraph();
    const x = g.operand([2, 8]);
    const weight = g.drawn([9, 8]);
    const y = g.apply({ kind: 'linear', weight }, [x], [2, 9]);
    const entries = g.forward(x, y)[0]!;
    let squares = 0;
    for (let o = 0; o < 9; o++)
      for (let i = 0; i < 8; i++) {
        const own = CheckedGraph.loss(0, o) * entries[i]! + CheckedGraph.loss(0, 9 + o) * entries[8 + i]!;
        squares += own * own;
      }
    expect(g.squares(y).get(weight)).toBeCloseTo(squares, 8);
  });
});
