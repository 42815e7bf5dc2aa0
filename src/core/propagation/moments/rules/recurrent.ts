import { isKnown, type Operation } from '../../../model/index.js';
import { activationMoments, activationNamed, activationPair, type Activation } from '../../activations/index.js';
import { mainRole, sizesOf } from '../axes.js';
import { at, axisSize, bit, newKernel, unusedRole, type Axis, type Field } from '../field.js';
import type { Gradient, Rule, RuleContext, Unknown } from '../types.js';
import { floats } from '../floats.js';

type Recurrent = Extract<Operation, { kind: 'recurrent' }>;

/** Second moments of one layer's parameters. */
interface Cell {
  /** Variance of a weight from the input, of one from the state, and second moment of all biases together. */
  readonly input: number;
  readonly state: number;
  readonly bias: number;
  /** Means of the biases by gate: a forget gate's 1. */
  readonly forget: number;
  readonly inputSize: number;
}

/** Second moment and shared parts at one time step: itself, another sample, another step (of either). */
interface Step {
  readonly q: number;
  readonly other: number;
}

function named(name: string): Activation {
  const a = activationNamed(name);
  if (a === undefined) throw new Error(`no activation ${name}`);
  return a;
}
const SIGMOID = named('sigmoid');
const TANH = named('tanh');
const RELU = named('relu');

function square(a: Activation, q: number, mean = 0): number {
  return activationMoments(a, mean, q).second;
}

function shared(a: Activation, q: number, covariance: number, mean = 0): number {
  if (!(q > 0)) return square(a, q, mean);
  const rho = Math.max(-1, Math.min(1, covariance / q));
  // Two terms of Mehler's series and the rest on the third: plenty for these smooth functions.
  const m = activationMoments(a, mean, q);
  if (a.closedPair !== undefined && mean === 0)
    return activationPair(a, { mean, varianceU: q, varianceV: q, covariance: rho * q }).value;
  const constant = m.mean * m.mean;
  const slope = Math.min(m.second - constant, q * m.slopeMean * m.slopeMean);
  return constant + slope * rho + Math.max(0, m.second - constant - slope) * rho ** 3;
}

/** Splits the parameters layer by layer and direction by direction: weights from the input, from the state, biases. */
function cellsOf(op: Recurrent, c: RuleContext): Cell[] | Unknown {
  const directions = op.bidirectional ? 2 : 1;
  const count = op.layers * directions;
  const per = op.parameters.length / count;
  const cells: Cell[] = [];
  for (let i = 0; i < count; i++) {
    const own = op.parameters.slice(Math.round(i * per), Math.round((i + 1) * per));
    let input = 0;
    let state = 0;
    let bias = 0;
    let forget = 0;
    let inputSize = 0;
    let matrices = 0;
    for (const id of own) {
      const p = c.parameter(id);
      if (p === undefined) return { unknown: 'a recurrent weight that is not known' };
      const d = p.distribution;
      if (!isKnown(d))
        return { unknown: d.kind === 'unknown' ? d.reason : 'a recurrent weight is uninitialized memory' };
      if (p.shape.length >= 2) {
        const second = d.std * d.std + d.mean * d.mean;
        if (matrices === 0) {
          input = second;
          inputSize = typeof p.shape[1] === 'number' ? p.shape[1] : 1;
        } else if (matrices === 1) state = second;
        matrices++;
      } else if (d.kind === 'mixture') {
        for (const part of d.parts)
          if (isKnown(part.distribution) && part.distribution.mean > 0) forget += part.distribution.mean;
        bias += d.parts.reduce(
          (s, part) => s + (isKnown(part.distribution) ? part.fraction * part.distribution.std ** 2 : 0),
          0,
        );
      } else bias += d.std * d.std + d.mean * d.mean;
    }
    cells.push({ input, state, bias, forget, inputSize });
  }
  return cells;
}

interface Trace {
  /** Hidden state by step. */
  readonly h: Step[];
  readonly cellState: Step;
  /** E[c²] of an LSTM by step. */
  readonly cells: readonly number[];
  /** Variance of the gates' pre-activations by step. */
  readonly gates: Step[];
}

/** Variance of a pre-activation and its part that other samples share. */
function preactivation(cell: Cell, hidden: number, x: Step, h: Step): Step {
  const from = (xs: number, hs: number): number =>
    cell.inputSize * cell.input * xs + hidden * cell.state * hs + cell.bias;
  return { q: from(x.q, h.q), other: from(x.other, h.other) };
}

/** One layer and direction through `steps` steps, from a zero state; inputs at different steps as alike as `x` says of samples. */
function run(op: Recurrent, cell: Cell, x: Step, steps: number, start?: { h: Step; c: Step }): Trace {
  const hidden = op.projection ?? op.hidden;
  let h: Step = start?.h ?? { q: 0, other: 0 };
  let state: Step = start?.c ?? { q: 0, other: 0 };
  const hs: Step[] = [];
  const gates: Step[] = [];
  const cells: number[] = [];
  for (let t = 0; t < steps; t++) {
    const z = preactivation(cell, hidden, x, h);
    gates.push(z);
    if (op.cell === 'lstm') {
      const open = (k: 'q' | 'other', mean = 0): number =>
        k === 'q' ? square(SIGMOID, z.q, mean) : shared(SIGMOID, z.q, z.other, mean);
      const candidate = { q: square(TANH, z.q), other: shared(TANH, z.q, z.other) };
      state = {
        q: open('q', cell.forget) * state.q + open('q') * candidate.q,
        other: open('other', cell.forget) * state.other + open('other') * candidate.other,
      };
      h = { q: open('q') * square(TANH, state.q), other: open('other') * shared(TANH, state.q, state.other) };
    } else if (op.cell === 'gru') {
      const zn: Step = {
        q:
          cell.inputSize * cell.input * x.q +
          cell.bias / 2 +
          square(SIGMOID, z.q) * (hidden * cell.state * h.q + cell.bias / 2),
        other:
          cell.inputSize * cell.input * x.other +
          cell.bias / 2 +
          shared(SIGMOID, z.q, z.other) * (hidden * cell.state * h.other + cell.bias / 2),
      };
      // h′ = (1−u)·n + u·h with u a gate of mean ½.
      const keep = { q: square(SIGMOID, z.q), other: shared(SIGMOID, z.q, z.other) };
      h = {
        q: keep.q * square(TANH, zn.q) + keep.q * h.q,
        other: keep.other * shared(TANH, zn.q, zn.other) + keep.other * h.other,
      };
    } else {
      const f = op.cell === 'rnn_relu' ? RELU : TANH;
      h = { q: square(f, z.q), other: shared(f, z.q, z.other) };
    }
    hs.push(h);
    cells.push(state.q);
  }
  return { h: hs, cellState: state, cells, gates };
}

function mean(steps: readonly Step[], k: 'q' | 'other'): number {
  return steps.reduce((s, x) => s + x[k], 0) / Math.max(1, steps.length);
}

function stepsOf(op: Recurrent, x: Field): { steps: number; timeAxis: number } {
  const timeAxis = op.single ? -1 : x.axes.length === 2 ? 0 : op.batchFirst ? 1 : 0;
  return { timeAxis, steps: op.single ? 1 : axisSize(x.axes[timeAxis] ?? []) };
}

/** E of one layer's output as the next one's input. */
interface Layers {
  readonly inputs: readonly Step[];
  readonly traces: readonly (readonly Trace[])[];
}

function runLayers(op: Recurrent, x: Field, cells: readonly Cell[], c: RuleContext, initial: readonly Field[]): Layers {
  const unit = Math.pow(2, Math.max(-1000, Math.min(1000, x.scale)));
  const { steps } = stepsOf(op, x);
  const sample = bit(0);
  let input: Step = { q: at(x.kernel, 0) * unit, other: at(x.kernel, sample) * unit };
  const inputs: Step[] = [];
  const traces: Trace[][] = [];
  const directions = op.bidirectional ? 2 : 1;
  const state = (f: Field | undefined): Step | undefined =>
    f === undefined
      ? undefined
      : { q: at(f.kernel, 0) * Math.pow(2, f.scale), other: at(f.kernel, sample) * Math.pow(2, f.scale) };
  const h0 = state(initial[0]);
  const c0 = state(initial[1]);
  const start = h0 === undefined ? undefined : { h: h0, c: c0 ?? { q: 0, other: 0 } };
  for (let l = 0; l < op.layers; l++) {
    inputs.push(input);
    const layer: Trace[] = [];
    for (let d = 0; d < directions; d++)
      layer.push(run(op, cells[l * directions + d]!, input, Math.max(1, steps), start));
    traces.push(layer);
    const keep = c.training && l + 1 < op.layers ? 1 / (1 - Math.min(0.999, op.dropout)) : 1;
    const all = layer.flatMap((t) => t.h);
    input = { q: mean(all, 'q') * keep, other: mean(all, 'other') };
  }
  return { inputs, traces };
}

/**
 * Recurrent layers: the mean-field recursion through time. Gates, candidate and state are taken as independent;
 * later steps reuse the weights, which the recursion treats as fresh ones (exact for forward variance at large width).
 */
export const recurrent: Rule<'recurrent'> = {
  forward(op, [x, ...initial], c) {
    if (x === undefined) return { unknown: 'no input' };
    const cells = cellsOf(op, c);
    if ('unknown' in cells) return cells;
    c.note('recurrent weights taken as fresh at every step');
    const { traces } = runLayers(op, x, cells, c, initial);
    const top = traces[traces.length - 1] ?? [];
    const { timeAxis, steps } = stepsOf(op, x);
    const features = mainRole(x.axes[x.axes.length - 1]);
    const time = timeAxis < 0 ? 0 : bit(mainRole(x.axes[timeAxis]));
    const sample = bit(0);
    const moment = (q: number, other: number, axes: readonly Axis[], feature: number): Field => {
      // Another step shares with this one what it remembers of it: neighbouring steps much, far ones only what samples share too.
      const memory = memoryShare(op, steps);
      return {
        mean: 0,
        scale: 0,
        axes,
        kernel: newKernel((m) =>
          m & bit(feature) ? 0 : m & sample ? other : m & time ? other + memory * (q - other) : q,
        ),
      };
    };
    const all = top.flatMap((t) => t.h);
    const last = top.map((t) => t.h[t.h.length - 1]!);
    return c.outputShapes.map((shape, k) => {
      const sizes = sizesOf(shape);
      const seq = k === 0 && !op.single;
      const rank = sizes.length;
      const kept = seq ? x.axes.slice(0, -1) : x.axes.slice(0, -1).filter((_, i) => i !== timeAxis);
      const role = unusedRole(kept, features);
      const own: Axis[] =
        seq || kept.length + 1 === rank
          ? [...kept, [{ role, size: sizes[rank - 1] ?? 1 }]]
          : [[{ role: 3, size: sizes[0] ?? 1 }], ...kept, [{ role, size: sizes[rank - 1] ?? 1 }]];
      const axes = own.length === rank ? own : own.slice(own.length - rank);
      if (k === 2 || (op.single && k === 1)) {
        const states = top.map((t) => t.cellState);
        return moment(mean(states, 'q'), mean(states, 'other'), axes, role);
      }
      const source = seq ? all : last;
      return moment(mean(source, 'q'), mean(source, 'other'), axes, role);
    });
  },
  /** Backpropagation through time with the same independence; gradients at the last state enter at the last step. */
  backward(op, [x], _, grads, c) {
    if (x === undefined) return [undefined];
    const cells = cellsOf(op, c);
    if ('unknown' in cells) return [undefined];
    const { traces } = runLayers(op, x, cells, c, []);
    const { steps, timeAxis } = stepsOf(op, x);
    const [sequence, lastState] = op.single ? [undefined, grads[0]] : [grads[0], grads[1]];
    const unitOf = (g: Gradient | undefined): number =>
      g === undefined ? 0 : at(g.kernel, 0) * Math.pow(2, Math.max(-1000, Math.min(1000, g.scale)));
    const directions = op.bidirectional ? 2 : 1;
    let perStep = floats(Math.max(1, steps)).fill(unitOf(sequence));
    const n = perStep.length;
    // The last state's gradient belongs to the top layer; with several layers its tensor holds them all alike.
    perStep[n - 1] = perStep[n - 1]! + unitOf(lastState);
    for (let l = op.layers - 1; l >= 0; l--) {
      const below = floats(n);
      for (let d = 0; d < directions; d++) {
        const trace = traces[l]?.[d];
        const cell = cells[l * directions + d];
        if (trace === undefined || cell === undefined) continue;
        const delta = throughTime(op, cell, trace, perStep);
        const gates = op.cell === 'lstm' ? 4 : op.cell === 'gru' ? 3 : 1;
        for (let t = 0; t < n; t++) below[t] = below[t]! + gates * op.hidden * cell.input * delta[t]!;
      }
      const keep = c.training && l > 0 ? 1 / (1 - Math.min(0.999, op.dropout)) : 1;
      perStep = below.map((g) => g * keep);
    }
    const q = perStep.reduce((s, g) => s + g, 0) / n;
    const features = bit(mainRole(x.axes[x.axes.length - 1]));
    const time = timeAxis < 0 ? 0 : bit(mainRole(x.axes[timeAxis]));
    return [{ mean: 0, scale: 0, axes: x.axes, kernel: newKernel((m) => (m & (features | time | 1) ? 0 : q)) }];
  },
};

/** How much of the variance two steps share, on average over pairs: a gate of mean ½ halves it per step. */
function memoryShare(op: Recurrent, steps: number): number {
  if (steps <= 1 || op.cell === 'rnn_tanh' || op.cell === 'rnn_relu') return 0;
  let sum = 0;
  for (let lag = 1; lag < steps; lag++) sum += (steps - lag) * Math.pow(0.5, lag);
  return (2 * sum) / (steps * (steps - 1));
}

/** Average second moment of the gradient at one gate's pre-activation, by step. */
function throughTime(op: Recurrent, cell: Cell, trace: Trace, incoming: Float64Array): Float64Array {
  const n = incoming.length;
  const delta = floats(n);
  const hidden = op.hidden;
  let fromState = 0;
  let fromCell = 0;
  for (let t = n - 1; t >= 0; t--) {
    const z = trace.gates[t]?.q ?? 0;
    const before = trace.h[t - 1]?.q ?? 0;
    const gh = incoming[t]! + fromState;
    if (op.cell === 'lstm') {
      const sigma2 = square(SIGMOID, z);
      const slope = activationMoments(SIGMOID, 0, z).slopeSecond;
      const cellNow = trace.cells[t] ?? 0;
      const tanhSlope = activationMoments(TANH, 0, cellNow).slopeSecond;
      const gc = fromCell + gh * sigma2 * tanhSlope;
      const output = gh * slope * square(TANH, cellNow);
      const candidate = gc * sigma2 * activationMoments(TANH, 0, z).slopeSecond;
      const inputGate = gc * slope * square(TANH, z);
      const forgetGate = gc * slope * (trace.cells[t - 1] ?? 0);
      delta[t] = (output + candidate + inputGate + forgetGate) / 4;
      fromCell = gc * square(SIGMOID, z, cell.forget);
      fromState = 4 * hidden * cell.state * delta[t]!;
    } else if (op.cell === 'gru') {
      const keep = square(SIGMOID, z);
      const slope = activationMoments(SIGMOID, 0, z).slopeSecond;
      const n1 = gh * keep * activationMoments(TANH, 0, z).slopeSecond;
      const update = gh * slope * (square(TANH, z) + before);
      const reset = n1 * slope * hidden * cell.state * before;
      delta[t] = (n1 + update + reset) / 3;
      fromState = gh * keep + hidden * cell.state * (n1 * keep + update + reset);
    } else {
      const f = op.cell === 'rnn_relu' ? RELU : TANH;
      delta[t] = gh * activationMoments(f, 0, z).slopeSecond;
      fromState = hidden * cell.state * delta[t]!;
    }
  }
  return delta;
}
