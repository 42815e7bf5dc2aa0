import type { Operation } from '../../../model/index.js';
import { activationMoments, activationNamed, activationPair, type Activation } from '../../activations/index.js';

export type Recurrent = Extract<Operation, { kind: 'recurrent' }>;

/** Second moments of one layer's parameters. */
export interface Cell {
  /** Variance of a weight from the input, of one from the state, and second moment of all biases together. */
  readonly input: number;
  readonly state: number;
  readonly bias: number;
  /** Means of the biases by gate: a forget gate's 1. */
  readonly forget: number;
  readonly inputSize: number;
}

/**
 * What pairs of one unit's entries have in common: an entry with itself, with another sample at the same step, with the
 * same sample at a step far away and at the next one, and with another sample at another step. Biases are the same at all
 * steps, and a state hands on what it had: without that, an LSTM's output has too little variance by a half to two thirds.
 */
export interface Step {
  readonly q: number;
  readonly other: number;
  readonly far: number;
  readonly next: number;
  readonly both: number;
}

export const ZERO: Step = { q: 0, other: 0, far: 0, next: 0, both: 0 };

function each(f: (k: keyof Step) => number): Step {
  return { q: f('q'), other: f('other'), far: f('far'), next: f('next'), both: f('both') };
}

function named(name: string): Activation {
  const a = activationNamed(name);
  if (a === undefined) throw new Error(`no activation ${name}`);
  return a;
}
export const SIGMOID = named('sigmoid');
export const TANH = named('tanh');
export const RELU = named('relu');

export function square(a: Activation, q: number, mean = 0): number {
  return activationMoments(a, mean, q).second;
}

/** E[φ(u)φ(v)] for each class of pairs. */
function applied(a: Activation, z: Step, mean = 0): Step {
  if (!(z.q > 0)) return each(() => square(a, z.q, mean));
  const m = activationMoments(a, mean, z.q);
  const constant = m.mean * m.mean;
  const slope = Math.min(m.second - constant, z.q * m.slopeMean * m.slopeMean);
  const pair = (covariance: number): number => {
    const rho = Math.max(-1, Math.min(1, covariance / z.q));
    if (a.closedPair !== undefined && mean === 0)
      return activationPair(a, { mean, varianceU: z.q, varianceV: z.q, covariance: rho * z.q }).value;
    // Two terms of Mehler's series and the rest on the third: plenty for these smooth functions.
    return constant + slope * rho + Math.max(0, m.second - constant - slope) * rho ** 3;
  };
  return { q: m.second, other: pair(z.other), far: pair(z.far), next: pair(z.next), both: pair(z.both) };
}

export interface Trace {
  /** Hidden state by step. */
  readonly h: Step[];
  readonly cellState: Step;
  /** E[c²] of an LSTM by step. */
  readonly cells: readonly number[];
  /** Pre-activations of the gates by step. */
  readonly gates: Step[];
}

/** From one step to the next, how much of what neighbours share beyond far ones is left. */
export function decay({ q, far, next }: Step): number {
  return q > far ? Math.max(0, Math.min(0.999, (next - far) / (q - far))) : 0;
}

/**
 * E[s·n′] of a state s with what will be added to it next, n′: the state is a sum of earlier n's, each weakened by `kept`
 * for each step since, and of each a share `added` went in.
 */
class Memory {
  private far = 0;
  private near = 0;
  private both = 0;

  /** `at`: of the same sample, of the same one but for what only neighbours share, of another. */
  get at(): Step {
    const { far, near, both } = this;
    return { q: far + near, next: far + near, far, other: both, both };
  }

  /** A step on. `left`: by how much what neighbours share weakens. */
  step(kept: number, added: number, n: Step, left: number): void {
    this.far = kept * this.far + added * n.far;
    this.near = kept * left * this.near + added * (n.next - n.far);
    this.both = kept * this.both + added * n.both;
  }
}

/** Decay of a sum of the input's part and the state's. */
function decayOf(fromInput: number, x: Step, fromState: number, h: Step): number {
  const [a, b] = [fromInput * (x.next - x.far), fromState * (h.next - h.far)];
  return a + b > 0 ? (a * decay(x) + b * decay(h)) / (a + b) : 0;
}

/** One layer and direction through the steps of its input, from a zero state. */
export function run(op: Recurrent, cell: Cell, input: readonly Step[], start?: { h: Step; c: Step }): Trace {
  const [fromInput, fromState] = [cell.inputSize * cell.input, (op.projection ?? op.hidden) * cell.state];
  let h = start?.h ?? ZERO;
  let state = start?.c ?? ZERO;
  const memory = new Memory();
  const hs: Step[] = [];
  const gates: Step[] = [];
  const cells: number[] = [];
  for (const x of input) {
    const before = h;
    const z = each((k) => fromInput * x[k] + fromState * before[k] + cell.bias);
    gates.push(z);
    const gate = op.cell === 'lstm' || op.cell === 'gru' ? applied(SIGMOID, z) : ZERO;
    const left = decayOf(fromInput, x, fromState, before);
    if (op.cell === 'lstm') {
      const forget = cell.forget === 0 ? gate : applied(SIGMOID, z, cell.forget);
      const [kept, added] = [activationMoments(SIGMOID, cell.forget, z.q).mean, 0.5];
      const candidate = applied(TANH, z);
      const shared = memory.at;
      const old = state;
      const sum = each((k) => forget[k] * old[k] + gate[k] * candidate[k] + 2 * kept * added * shared[k]);
      state = { ...sum, next: kept * old.q + added * shared.next };
      memory.step(kept, added, candidate, left);
      const output = applied(TANH, state);
      h = each((k) => gate[k] * output[k]);
    } else if (op.cell === 'gru') {
      // h′ = (1−u)·n + u·h with u a gate of mean ½, and a reset gate on what the state gives n.
      const half = cell.bias / 2;
      const n = applied(
        TANH,
        each((k) => fromInput * x[k] + half + gate[k] * (fromState * before[k] + half)),
      );
      const shared = memory.at;
      const sum = each((k) => gate[k] * (n[k] + before[k]) + 2 * (0.5 - gate[k]) * shared[k]);
      h = { ...sum, next: 0.5 * before.q + 0.5 * shared.next };
      memory.step(0.5, 0.5, n, left);
    } else h = applied(op.cell === 'rnn_relu' ? RELU : TANH, z);
    hs.push(h);
    cells.push(state.q);
  }
  return { h: hs, cellState: state, cells, gates };
}
