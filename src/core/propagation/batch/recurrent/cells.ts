import type { OperationOf } from '../types.js';

export type CellKind = OperationOf<'recurrent'>['cell'];

/**
 * One step for all samples. `x` and `h` are the gates' pre-activations from the input and from the state
 * (samples × gates·hidden, biases included); the gates' values replace `x`.
 */
export interface Step {
  readonly samples: number;
  readonly hidden: number;
  readonly x: Float32Array;
  readonly h: Float32Array;
  /** State before; `c` only for LSTM. */
  readonly before: Float32Array;
  readonly cellBefore: Float32Array;
  readonly after: Float32Array;
  readonly cellAfter: Float32Array;
}

/** Gradients of one step. On entry `after`, `cellAfter`; on return all others. */
export interface StepGradient {
  readonly after: Float32Array;
  readonly cellAfter: Float32Array;
  readonly x: Float32Array;
  readonly h: Float32Array;
  /** What goes back to the state before by ways other than its weight. */
  readonly before: Float32Array;
  readonly cellBefore: Float32Array;
}

export interface Cell {
  readonly gates: number;
  readonly hasCell: boolean;
  forward(s: Step): void;
  backward(s: Step, g: StepGradient): void;
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

function plain(f: (z: number) => number, slope: (y: number) => number): Cell {
  return {
    gates: 1,
    hasCell: false,
    forward({ samples, hidden, x, h, after }) {
      for (let i = 0; i < samples * hidden; i++) after[i] = x[i] = f(x[i]! + h[i]!);
    },
    backward({ samples, hidden, x }, g) {
      for (let i = 0; i < samples * hidden; i++) g.x[i] = g.h[i] = g.after[i]! * slope(x[i]!);
      g.before.fill(0);
    },
  };
}

/** Gates in torch's order: input, forget, candidate, output. */
const lstm: Cell = {
  gates: 4,
  hasCell: true,
  forward({ samples, hidden: n, x, h, cellBefore, after, cellAfter }) {
    for (let b = 0; b < samples; b++)
      for (let j = 0; j < n; j++) {
        const at = b * 4 * n + j;
        const i = (x[at] = sigmoid(x[at]! + h[at]!));
        const f = (x[at + n] = sigmoid(x[at + n]! + h[at + n]!));
        const k = (x[at + 2 * n] = Math.tanh(x[at + 2 * n]! + h[at + 2 * n]!));
        const o = (x[at + 3 * n] = sigmoid(x[at + 3 * n]! + h[at + 3 * n]!));
        const c = (cellAfter[b * n + j] = f * cellBefore[b * n + j]! + i * k);
        after[b * n + j] = o * Math.tanh(c);
      }
  },
  backward({ samples, hidden: n, x, cellBefore, cellAfter }, g) {
    for (let b = 0; b < samples; b++)
      for (let j = 0; j < n; j++) {
        const at = b * 4 * n + j;
        const own = b * n + j;
        const [i, f, k, o] = [x[at]!, x[at + n]!, x[at + 2 * n]!, x[at + 3 * n]!];
        const t = Math.tanh(cellAfter[own]!);
        const gh = g.after[own]!;
        const gc = g.cellAfter[own]! + gh * o * (1 - t * t);
        g.x[at] = g.h[at] = gc * k * i * (1 - i);
        g.x[at + n] = g.h[at + n] = gc * cellBefore[own]! * f * (1 - f);
        g.x[at + 2 * n] = g.h[at + 2 * n] = gc * i * (1 - k * k);
        g.x[at + 3 * n] = g.h[at + 3 * n] = gh * t * o * (1 - o);
        g.cellBefore[own] = gc * f;
        g.before[own] = 0;
      }
  },
};

/** Gates in torch's order: reset, update, candidate; the candidate's part from the state is kept in `h`. */
const gru: Cell = {
  gates: 3,
  hasCell: false,
  forward({ samples, hidden: n, x, h, before, after }) {
    for (let b = 0; b < samples; b++)
      for (let j = 0; j < n; j++) {
        const at = b * 3 * n + j;
        const r = (x[at] = sigmoid(x[at]! + h[at]!));
        const z = (x[at + n] = sigmoid(x[at + n]! + h[at + n]!));
        const k = (x[at + 2 * n] = Math.tanh(x[at + 2 * n]! + r * h[at + 2 * n]!));
        after[b * n + j] = (1 - z) * k + z * before[b * n + j]!;
      }
  },
  backward({ samples, hidden: n, x, h, before }, g) {
    for (let b = 0; b < samples; b++)
      for (let j = 0; j < n; j++) {
        const at = b * 3 * n + j;
        const own = b * n + j;
        const [r, z, k] = [x[at]!, x[at + n]!, x[at + 2 * n]!];
        const gh = g.after[own]!;
        const gk = gh * (1 - z) * (1 - k * k);
        g.x[at + 2 * n] = gk;
        g.h[at + 2 * n] = gk * r;
        g.x[at] = g.h[at] = gk * h[at + 2 * n]! * r * (1 - r);
        g.x[at + n] = g.h[at + n] = gh * (before[own]! - k) * z * (1 - z);
        g.before[own] = gh * z;
      }
  },
};

export const CELLS: Readonly<Record<CellKind, Cell>> = {
  rnn_tanh: plain(Math.tanh, (y) => 1 - y * y),
  rnn_relu: plain(
    (z) => Math.max(0, z),
    (y) => (y > 0 ? 1 : 0),
  ),
  lstm,
  gru,
};
