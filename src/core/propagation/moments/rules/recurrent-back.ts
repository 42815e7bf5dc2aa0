import { activationMoments } from '../../activations/index.js';
import { floats } from '../floats.js';
import { RELU, SIGMOID, square, TANH, type Cell, type Recurrent, type Trace } from './recurrent-steps.js';

/** Gradients of one unit at all steps. */
export interface Steps {
  /** E[g²] by step. */
  readonly squares: Float64Array;
  /** E[g·g′] of a step and the next one, by the earlier one's number. */
  readonly next: Float64Array;
  /** By step: E[g·g′] of two steps far apart is the product of theirs. */
  readonly far: Float64Array;
  /** By how much what a step and the next one share beyond that weakens with each further step between the two. */
  readonly left: number;
}

export function reversed({ squares, next, far, left }: Steps): Steps {
  const n = squares.length;
  const back = next.map((_, t) => (t < n - 1 ? next[n - 2 - t]! : 0));
  return { squares: squares.slice().reverse(), next: back, far: far.slice().reverse(), left };
}

/**
 * From gradients at a layer's outputs to those at its inputs, through time. What a step hands back to the one before is part
 * of what gets to the layer below at both: their gradients have the same sign more often than not, and add up there.
 */
export function backThrough(op: Recurrent, cell: Cell, trace: Trace, incoming: Steps): Steps {
  const n = incoming.squares.length;
  const [squares, next, far] = [floats(n), floats(n), floats(n)];
  const fan = op.hidden * cell.input;
  const walk = op.cell === 'lstm' ? lstm : op.cell === 'gru' ? gru : plain;
  const left = walk(op, cell, trace, incoming, (t, square, shared, lasting) => {
    squares[t] = fan * square;
    next[t] = t < n - 1 ? fan * shared : 0;
    far[t] = Math.sqrt(fan) * lasting;
  });
  return { squares, next, far, left };
}

/**
 * Takes, by step from the last to the first, Σ E[δ²] over a unit's gates, Σ E[δ·δ′] with the next step's, and what with
 * that of a step far away is the product of both.
 */
type Visit = (t: number, square: number, shared: number, lasting: number) => void;
type Walk = (op: Recurrent, cell: Cell, trace: Trace, incoming: Steps, visit: Visit) => number;

/** E[s·g] of the gradient s that the next step hands back with the one that comes in here. */
class Along {
  private near = 0;
  /** What the handed back one has in common with steps far away. */
  lasting = 0;

  private variance = 0;
  private covariance = 0;

  constructor(private readonly incoming: Steps) {}

  /** `square`: E[s²]; `shared`: E[s·s′] with the next step's. */
  note(square: number, shared: number): void {
    this.variance += square - this.lasting ** 2;
    this.covariance += shared - this.lasting ** 2;
  }

  /** How alike two neighbours are beyond what all steps share. */
  get left(): number {
    return this.variance > 0 ? Math.max(0, Math.min(0.999, this.covariance / this.variance)) : 0;
  }

  /** `kept`: how much of s the step before hands on; `added`: how much of what comes in becomes part of it. */
  step(t: number, kept: number, added: number): number {
    const { next, far, left } = this.incoming;
    const own = far[t]!;
    const following = far[t + 1];
    if (following !== undefined) this.near = added * (next[t]! - own * following) + kept * left * this.near;
    const sum = this.near + this.lasting * own;
    this.lasting = kept * this.lasting + added * own;
    return sum;
  }
}

const lstm: Walk = (op, cell, trace, incoming, visit) => {
  const fromDelta = op.hidden * cell.state;
  let fromState = 0;
  /** E[c̄²] of the cell state's gradient c̄ at the next step, and how much of it its forget gate lets through. */
  let after = 0;
  let kept = 0.5;
  let keptSquare = 0;
  const shares = new Along(incoming);
  for (let t = incoming.squares.length - 1; t >= 0; t--) {
    const z = trace.gates[t]?.q ?? 0;
    const state = trace.cells[t] ?? 0;
    const gate = square(SIGMOID, z);
    const slope = activationMoments(SIGMOID, 0, z).slopeSecond;
    const [candidate, output] = [activationMoments(TANH, 0, z), activationMoments(TANH, 0, state)];
    const g = incoming.squares[t]! + fromState;
    // Gates are ½ on average.
    const outwards = 0.5 * output.slopeMean;
    const along = shares.step(t, kept, outwards);
    const c = keptSquare * after + g * gate * output.slopeSecond + 2 * kept * outwards * along;
    const shared = kept * after + outwards * along;
    const sum =
      g * slope * square(TANH, state) +
      c * gate * candidate.slopeSecond +
      c * slope * (square(TANH, z) + (trace.cells[t - 1] ?? 0));
    visit(t, sum, 0.25 * candidate.slopeMean ** 2 * shared, 0.5 * candidate.slopeMean * shares.lasting);
    shares.note(c, shared);
    fromState = fromDelta * sum;
    after = c;
    keptSquare = square(SIGMOID, z, cell.forget);
    kept = activationMoments(SIGMOID, cell.forget, z).mean;
  }
  return shares.left;
};

const gru: Walk = (op, cell, trace, incoming, visit) => {
  const fromDelta = op.hidden * cell.state;
  let fromState = 0;
  let after = 0;
  let keptSquare = 0;
  const shares = new Along(incoming);
  for (let t = incoming.squares.length - 1; t >= 0; t--) {
    const z = trace.gates[t]?.q ?? 0;
    const before = trace.h[t - 1]?.q ?? 0;
    const gate = square(SIGMOID, z);
    const slope = activationMoments(SIGMOID, 0, z).slopeSecond;
    const candidate = activationMoments(TANH, 0, z);
    const along = shares.step(t, 0.5, 1);
    const g = incoming.squares[t]! + fromState + keptSquare * after + along;
    const shared = 0.5 * after + along;
    const n = g * gate * candidate.slopeSecond;
    const update = g * slope * (square(TANH, z) + before);
    const reset = n * slope * fromDelta * before;
    visit(t, n + update + reset, 0.25 * candidate.slopeMean ** 2 * shared, 0.5 * candidate.slopeMean * shares.lasting);
    shares.note(g, shared);
    fromState = fromDelta * (n * gate + update + reset);
    after = g;
    keptSquare = gate;
  }
  return shares.left;
};

const plain: Walk = (op, cell, trace, incoming, visit) => {
  const f = op.cell === 'rnn_relu' ? RELU : TANH;
  let fromState = 0;
  for (let t = incoming.squares.length - 1; t >= 0; t--) {
    const moments = activationMoments(f, 0, trace.gates[t]?.q ?? 0);
    const delta = (incoming.squares[t]! + fromState) * moments.slopeSecond;
    visit(t, delta, (incoming.next[t] ?? 0) * moments.slopeMean ** 2, incoming.far[t]! * moments.slopeMean);
    fromState = op.hidden * cell.state * delta;
  }
  return incoming.left;
};
