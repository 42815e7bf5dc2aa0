import { CELLS, type Cell } from '../recurrent/cells.js';
import { backDirection, runDirection, type DirectionRun, type DirectionWeights } from '../recurrent/direction.js';
import { sizeOf, type Tensor } from '../tensor/tensor.js';
import { isUnknown, type OperationOf, type Rule, type RuleContext } from '../types.js';
import { permuted } from './arrange.js';
import { keptUnits } from './dropout.js';

type Recurrent = OperationOf<'recurrent'>;

/** Sizes, and how the tensors lie: sequences are (steps, samples, features) inside. */
interface Layout {
  readonly steps: number;
  readonly samples: number;
  readonly directions: number;
  readonly outputs: number;
  /** Samples come first outside. */
  readonly swapped: boolean;
}

function layoutOf(op: Recurrent, x: readonly number[]): Layout {
  const swapped = op.batchFirst && !op.single && x.length === 3;
  const time = op.single ? 1 : (x[swapped ? 1 : 0] ?? 1);
  const samples = sizeOf(x.slice(0, -1)) / time;
  return {
    steps: time,
    samples,
    directions: op.bidirectional ? 2 : 1,
    outputs: op.projection ?? op.hidden,
    swapped,
  };
}

function weightsOf(op: Recurrent, layer: number, direction: number, l: Layout): DirectionWeights {
  const per = op.parameters.length / (op.layers * l.directions);
  const own = op.parameters.slice((layer * l.directions + direction) * per);
  const count = op.projection === undefined ? per : per - 1;
  return {
    input: own[0]!,
    state: own[1]!,
    biases: own.slice(2, count),
    projection: op.projection === undefined ? undefined : own[per - 1],
  };
}

/** One layer's input, and what its directions made of it. */
interface LayerRun {
  readonly x: Tensor;
  readonly runs: readonly DirectionRun[];
  /** What dropout before this layer multiplied by. */
  readonly kept: Tensor | undefined;
}

/** The states of all directions side by side, by time. */
function joined(c: RuleContext, runs: readonly DirectionRun[], l: Layout): Tensor {
  const width = l.outputs * l.directions;
  const out = c.make([l.steps, l.samples, width]);
  runs.forEach((run, d) => {
    for (let k = 0; k < l.steps; k++)
      for (let b = 0; b < l.samples; b++) {
        const from = ((k + 1) * l.samples + b) * l.outputs;
        const t = run.reversed ? l.steps - 1 - k : k;
        out.data.set(run.states.data.subarray(from, from + l.outputs), (t * l.samples + b) * width + d * l.outputs);
      }
  });
  return out;
}

function swap(c: RuleContext, t: Tensor, l: Layout): Tensor {
  return l.swapped ? permuted(c, t, [1, 0, 2]) : t;
}

/** The given state of one layer and direction. */
function given(t: Tensor | undefined, index: number, size: number): Float32Array | undefined {
  return t?.data.subarray(index * size, (index + 1) * size);
}

function finalStates(c: RuleContext, layers: readonly LayerRun[], l: Layout, cell: Cell, hidden: number): Tensor[] {
  const runs = layers.flatMap((layer) => layer.runs);
  const gather = (of: (run: DirectionRun) => Tensor, width: number): Tensor => {
    const out = c.make([runs.length, l.samples, width]);
    const n = l.samples * width;
    runs.forEach((run, i) => {
      out.data.set(of(run).data.subarray(l.steps * n, (l.steps + 1) * n), i * n);
    });
    return out;
  };
  const h = gather((r) => r.states, l.outputs);
  return cell.hasCell ? [h, gather((r) => r.cells, hidden)] : [h];
}

export const recurrent: Rule<'recurrent'> = {
  reads: 'nothing',
  forward(op, [given0, h0, c0], c) {
    if (given0 === undefined) return { unknown: 'no input' };
    const l = layoutOf(op, given0.shape);
    const cell = CELLS[op.cell];
    const layers: LayerRun[] = [];
    const first = c.make([l.steps, l.samples, given0.shape.at(-1) ?? 1]);
    const swapped = swap(c, given0, l);
    first.data.set(swapped.data.subarray(0, first.data.length));
    if (swapped !== given0) c.release(swapped);
    let x = c.keep(first);
    let kept: Tensor | undefined;
    for (let layer = 0; layer < op.layers; layer++) {
      const runs: DirectionRun[] = [];
      for (let d = 0; d < l.directions; d++) {
        const index = layer * l.directions + d;
        const run = runDirection(
          cell,
          weightsOf(op, layer, d, l),
          { ...l, inputs: x.shape.at(-1) ?? 1, hidden: op.hidden, reversed: d === 1 },
          x,
          { h: given(h0, index, l.samples * l.outputs), c: given(c0, index, l.samples * op.hidden) },
          c,
        );
        if (isUnknown(run)) return run;
        runs.push(run);
      }
      layers.push({ x, runs, kept });
      if (layer + 1 === op.layers) break;
      x = c.keep(joined(c, runs, l));
      kept = dropped(op, x, c);
    }
    c.memo = layers;
    const states = finalStates(c, layers, l, cell, op.hidden);
    const all = op.single ? states : [outside(c, joined(c, layers.at(-1)!.runs, l), l), ...states];
    return all.map((t, i) => ({ shape: c.outputShapes[i] ?? t.shape, data: t.data }));
  },
  backward(op, { inputs: [given0, h0, c0], gradients }, c) {
    if (given0 === undefined) return [];
    const l = layoutOf(op, given0.shape);
    const cell = CELLS[op.cell];
    const layers = c.memo as readonly LayerRun[];
    const [sequence, gh, gc] = op.single ? [undefined, ...gradients] : gradients;
    const [toH, toC] = [h0 && c.make(h0.shape), c0 && c.make(c0.shape)];
    let g = c.make([l.steps, l.samples, l.outputs * l.directions]);
    if (sequence !== undefined) {
      const lined = { shape: l.swapped ? sequence.shape : g.shape, data: sequence.data };
      const inside = swap(c, lined, l);
      g.data.set(inside.data.subarray(0, g.data.length));
      if (inside !== lined) c.release(inside);
    }
    for (let layer = op.layers - 1; layer >= 0; layer--) {
      const { x, runs, kept } = layers[layer]!;
      const below = layer > 0 || c.wants(0) ? c.make(x.shape) : undefined;
      runs.forEach((run, d) => {
        const index = layer * l.directions + d;
        const part = directionOf(c, g, d, l);
        const state = backDirection(
          cell,
          weightsOf(op, layer, d, l),
          run,
          x,
          {
            sequence: part,
            last: { h: given(gh, index, l.samples * l.outputs), c: given(gc, index, l.samples * op.hidden) },
          },
          below,
          c,
        );
        toH?.data.set(state.h.data.subarray(0, l.samples * l.outputs), index * l.samples * l.outputs);
        toC?.data.set(state.c.data.subarray(0, l.samples * op.hidden), index * l.samples * op.hidden);
        c.release(part, state.h, state.c);
      });
      c.release(g);
      if (below === undefined) return [undefined, toH, toC];
      if (kept !== undefined) c.kernels.multiplyElements(below.data, kept.data, below.data);
      g = below;
    }
    const out = outside(c, g, l);
    return [{ shape: given0.shape, data: out.data }, toH, toC];
  },
};

/** Dropout on what one layer hands to the next, in place. */
function dropped(op: Recurrent, x: Tensor, c: RuleContext): Tensor | undefined {
  if (!c.training || op.dropout === 0) return undefined;
  const kept = c.keep(keptUnits(c, sizeOf(x.shape), op.dropout));
  for (let i = 0; i < kept.data.length; i++) kept.data[i] = kept.data[i]! / (1 - op.dropout);
  c.kernels.multiplyElements(x.data, kept.data, x.data);
  return kept;
}

/** A sequence as it lies outside; the one inside is given up. */
function outside(c: RuleContext, t: Tensor, l: Layout): Tensor {
  if (!l.swapped) return t;
  const out = permuted(c, t, [1, 0, 2]);
  c.release(t);
  return out;
}

function directionOf(c: RuleContext, g: Tensor, d: number, l: Layout): Tensor {
  const out = c.make([l.steps, l.samples, l.outputs]);
  const width = l.outputs * l.directions;
  for (let r = 0; r < l.steps * l.samples; r++)
    out.data.set(g.data.subarray(r * width + d * l.outputs, r * width + (d + 1) * l.outputs), r * l.outputs);
  return out;
}
