import type { ParameterId } from '../../../model/index.js';
import type { Tensor } from '../tensor/tensor.js';
import { isUnknown, type RuleContext, type Unknown } from '../types.js';
import type { Cell, Step } from './cells.js';

/** Parameters of one layer and direction, in torch's order. */
export interface DirectionWeights {
  readonly input: ParameterId;
  readonly state: ParameterId;
  readonly biases: readonly ParameterId[];
  readonly projection: ParameterId | undefined;
}

interface Sizes {
  readonly steps: number;
  readonly samples: number;
  readonly inputs: number;
  readonly hidden: number;
  /** Width of what is handed on: the projection's, or `hidden`. */
  readonly outputs: number;
  readonly reversed: boolean;
}

/** What one direction of one layer keeps for its way back. States are (steps+1, samples, width), step 0 the given one. */
export interface DirectionRun extends Sizes {
  readonly gates: Tensor;
  readonly fromState: Tensor;
  readonly states: Tensor;
  readonly cells: Tensor;
  /** Before projection. */
  readonly unprojected: Tensor;
}

interface Drawn {
  readonly input: Tensor;
  readonly state: Tensor;
  readonly biases: readonly Tensor[];
  readonly projection: Tensor | undefined;
}

function draw(w: DirectionWeights, c: RuleContext): Drawn | Unknown {
  const input = c.parameter(w.input);
  if (isUnknown(input)) return input;
  const state = c.parameter(w.state);
  if (isUnknown(state)) return state;
  const biases: Tensor[] = [];
  for (const id of w.biases) {
    const b = c.parameter(id);
    if (isUnknown(b)) return b;
    biases.push(b);
  }
  const projection = w.projection === undefined ? undefined : c.parameter(w.projection);
  return isUnknown(projection) ? projection : { input, state, biases, projection };
}

function release(c: RuleContext, d: Drawn): void {
  c.release(d.input, d.state, ...d.biases, d.projection);
}

function part(t: Tensor, index: number, size: number): Float32Array {
  return t.data.subarray(index * size, (index + 1) * size);
}

function addRows(out: Float32Array, bias: Float32Array, rows: number): void {
  for (let r = 0; r < rows; r++)
    for (let j = 0; j < bias.length; j++) out[r * bias.length + j] = out[r * bias.length + j]! + bias[j]!;
}

function stepAt(run: DirectionRun, cell: Cell, t: number, k: number): Step {
  const { samples, hidden, outputs } = run;
  const [wide, own] = [samples * cell.gates * hidden, samples * hidden];
  return {
    samples,
    hidden,
    x: part(run.gates, t, wide),
    h: part(run.fromState, t, wide),
    before: part(run.states, k, samples * outputs),
    after: part(run.unprojected, t, own),
    cellBefore: part(run.cells, k, own),
    cellAfter: part(run.cells, k + 1, own),
  };
}

/** `x` is (steps, samples, inputs). Results are in the run: state k+1 belongs to the k-th step taken. */
export function runDirection(
  cell: Cell,
  weights: DirectionWeights,
  sizes: Sizes,
  x: Tensor,
  start: { readonly h: Float32Array | undefined; readonly c: Float32Array | undefined },
  c: RuleContext,
): DirectionRun | Unknown {
  const d = draw(weights, c);
  if (isUnknown(d)) return d;
  const { steps, samples, inputs, hidden, outputs, reversed } = sizes;
  const wide = cell.gates * hidden;
  const run: DirectionRun = {
    ...sizes,
    gates: c.keep(c.make([steps, samples, wide])),
    fromState: c.keep(c.make([steps, samples, wide])),
    states: c.keep(c.make([steps + 1, samples, outputs])),
    cells: c.keep(c.make([cell.hasCell ? steps + 1 : 0, samples, hidden])),
    unprojected: c.keep(c.make([steps, samples, hidden])),
  };
  if (start.h !== undefined) run.states.data.set(start.h);
  if (start.c !== undefined) run.cells.data.set(start.c);
  const rows = steps * samples;
  c.kernels.multiply({ a: x.data, b: d.input.data, c: run.gates.data, m: rows, n: wide, k: inputs, transposeB: true });
  if (d.biases[0] !== undefined) addRows(run.gates.data, d.biases[0].data, rows);
  for (let k = 0; k < steps; k++) {
    const t = reversed ? steps - 1 - k : k;
    const step = stepAt(run, cell, t, k);
    c.kernels.multiply({
      a: step.before,
      b: d.state.data,
      c: step.h,
      m: samples,
      n: wide,
      k: outputs,
      transposeB: true,
    });
    if (d.biases[1] !== undefined) addRows(step.h, d.biases[1].data, samples);
    cell.forward(step);
    const next = part(run.states, k + 1, samples * outputs);
    if (d.projection === undefined) next.set(step.after);
    else
      c.kernels.multiply({
        a: step.after,
        b: d.projection.data,
        c: next,
        m: samples,
        n: outputs,
        k: hidden,
        transposeB: true,
      });
  }
  release(c, d);
  return run;
}

/** Gradients that arrive: `sequence` by time (steps, samples, outputs), and at the last state. */
export interface Arriving {
  readonly sequence: Tensor;
  readonly last: { readonly h: Float32Array | undefined; readonly c: Float32Array | undefined };
}

/** Gives the parameters their gradients; returns the input's (added to `toInput`) and those of the given state. */
export function backDirection(
  cell: Cell,
  weights: DirectionWeights,
  run: DirectionRun,
  x: Tensor,
  arriving: Arriving,
  toInput: Tensor | undefined,
  c: RuleContext,
): { readonly h: Tensor; readonly c: Tensor } {
  const { steps, samples, inputs, hidden, outputs, reversed } = run;
  const state = { h: c.make([samples, outputs]), c: c.make([samples, hidden]) };
  const d = draw(weights, c);
  if (isUnknown(d)) return state;
  const wide = cell.gates * hidden;
  const [gx, gh] = [c.make([steps, samples, wide]), c.make([steps, samples, wide])];
  const [gy, direct, cellBefore] = [c.make([samples, hidden]), c.make([samples, hidden]), c.make([samples, hidden])];
  const gp = d.projection === undefined ? undefined : c.make(d.projection.shape);
  if (arriving.last.h !== undefined) state.h.data.set(arriving.last.h);
  if (arriving.last.c !== undefined) state.c.data.set(arriving.last.c);
  for (let k = steps - 1; k >= 0; k--) {
    const t = reversed ? steps - 1 - k : k;
    const step = stepAt(run, cell, t, k);
    const incoming = part(arriving.sequence, t, samples * outputs);
    for (let i = 0; i < incoming.length; i++) state.h.data[i] = state.h.data[i]! + incoming[i]!;
    if (d.projection === undefined || gp === undefined) gy.data.set(state.h.data);
    else {
      c.kernels.multiply({ a: state.h.data, b: d.projection.data, c: gy.data, m: samples, n: hidden, k: outputs });
      c.kernels.multiply({
        a: state.h.data,
        b: step.after,
        c: gp.data,
        m: outputs,
        n: hidden,
        k: samples,
        transposeA: true,
        beta: 1,
      });
    }
    const own = { x: part(gx, t, samples * wide), h: part(gh, t, samples * wide) };
    cell.backward(step, {
      ...own,
      after: gy.data,
      cellAfter: state.c.data,
      before: direct.data,
      cellBefore: cellBefore.data,
    });
    c.kernels.multiply({ a: own.h, b: d.state.data, c: state.h.data, m: samples, n: outputs, k: wide });
    // Only cells without a projection have another way back to the state.
    if (d.projection === undefined) c.kernels.addScaled(state.h.data, direct.data, 1);
    if (cell.hasCell) state.c.data.set(cellBefore.data);
  }
  const rows = steps * samples;
  if (toInput !== undefined)
    c.kernels.multiply({ a: gx.data, b: d.input.data, c: toInput.data, m: rows, n: inputs, k: wide, beta: 1 });
  giveWeights(c, weights, run, x, { gx, gh, gp }, wide);
  release(c, d);
  c.release(gx, gh, gy, direct, cellBefore);
  return state;
}

function giveWeights(
  c: RuleContext,
  weights: DirectionWeights,
  run: DirectionRun,
  x: Tensor,
  g: { readonly gx: Tensor; readonly gh: Tensor; readonly gp: Tensor | undefined },
  wide: number,
): void {
  const { steps, samples, inputs, outputs, reversed } = run;
  const [wi, wh] = [c.make([wide, inputs]), c.make([wide, outputs])];
  c.kernels.multiply({
    a: g.gx.data,
    b: x.data,
    c: wi.data,
    m: wide,
    n: inputs,
    k: steps * samples,
    transposeA: true,
  });
  for (let k = 0; k < steps; k++)
    c.kernels.multiply({
      a: part(g.gh, reversed ? steps - 1 - k : k, samples * wide),
      b: part(run.states, k, samples * outputs),
      c: wh.data,
      m: wide,
      n: outputs,
      k: samples,
      transposeA: true,
      beta: 1,
    });
  c.giveGradient(weights.input, wi);
  c.giveGradient(weights.state, wh);
  weights.biases.forEach((id, i) => {
    const from = (i === 0 ? g.gx : g.gh).data;
    const b = c.make([wide]);
    for (let r = 0; r < steps * samples; r++)
      for (let j = 0; j < wide; j++) b.data[j] = b.data[j]! + from[r * wide + j]!;
    c.giveGradient(id, b);
  });
  if (weights.projection !== undefined && g.gp !== undefined) c.giveGradient(weights.projection, g.gp);
}
