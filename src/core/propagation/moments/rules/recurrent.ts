import { isKnown } from '../../../model/index.js';
import { mainRole, sizesOf } from '../axes.js';
import { at, axisSize, bit, newKernel, unusedRole, type Axis, type Field } from '../field.js';
import type { Gradient, Rule, RuleContext, Unknown } from '../types.js';
import { floats } from '../floats.js';
import { levels, nearOf } from '../near.js';
import { backThrough, reversed, type Steps } from './recurrent-back.js';
import { decay, run, ZERO, type Cell, type Recurrent, type Step, type Trace } from './recurrent-steps.js';

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

/** The average over steps. */
function mean(steps: readonly Step[]): Step {
  const of = (k: keyof Step): number => steps.reduce((s, x) => s + x[k], 0) / Math.max(1, steps.length);
  return { q: of('q'), other: of('other'), far: of('far'), next: of('next'), both: of('both') };
}

/** A tensor's second moments. */
function stepOf(x: Field, { time, sample, timeAxis }: Roles): Step {
  const unit = Math.pow(2, Math.max(-1000, Math.min(1000, x.scale)));
  const of = (mask: number): number => at(x.kernel, mask) * unit;
  const { far, next } = neighbours(x, time, timeAxis);
  return { q: of(0), other: of(sample), far: far * unit, next: next * unit, both: of(sample | time) };
}

/** What steps far apart share, what a step and the next one do, and how that weakens with further steps between. */
function neighbours(x: Field, time: number, timeAxis: number): { far: number; next: number; left: number } {
  const average = at(x.kernel, time);
  const lags = x.near?.lags[timeAxis];
  if (x.near === undefined || lags === undefined || bit(x.near.role) !== time)
    return { far: average, next: average, left: 0 };
  const { far, excess } = levels(x, x.near.role, 0);
  const [first = 0, second = 0] = [lags[1], lags[2]];
  const left = first > 0 ? Math.max(0, Math.min(0.999, second / first)) : 0;
  return { far, next: far + excess * x.near.share * first, left };
}

/** The same as neighbours of a tensor: `next` of two steps that follow each other, of entries with E[x²] = `q`. */
function nearSteps(
  x: Field,
  timeAxis: number,
  { q, far, next, left }: { q: number; far: number; next: number; left: number },
) {
  if (timeAxis < 0 || !(q > far)) return undefined;
  const first = (next - far) / (q - far);
  const lags = Float64Array.from({ length: 13 }, (_, lag) => (lag === 0 ? 1 : first * left ** (lag - 1)));
  return nearOf(
    mainRole(x.axes[timeAxis]),
    1,
    x.axes.map((_, i) => (i === timeAxis ? lags : undefined)),
  );
}

function stepsOf(op: Recurrent, x: Field): { steps: number; timeAxis: number } {
  const timeAxis = op.single ? -1 : x.axes.length === 2 ? 0 : op.batchFirst ? 1 : 0;
  return { timeAxis, steps: op.single ? 1 : axisSize(x.axes[timeAxis] ?? []) };
}

/** Bits of the roles that tell steps and samples apart; 0 where there is no such axis. */
interface Roles {
  readonly time: number;
  readonly sample: number;
  readonly timeAxis: number;
}

function rolesIn(x: Field, timeAxis: number): Roles {
  const roleOf = (axis: number): number => bit(mainRole(x.axes[axis]));
  if (timeAxis < 0) return { time: 0, sample: x.axes.length < 2 ? 0 : roleOf(0), timeAxis };
  const sample = x.axes.length < 3 ? 0 : roleOf(timeAxis === 0 ? 1 : 0);
  return { time: roleOf(timeAxis), sample, timeAxis };
}

/** By layer and direction, in its own order of steps. */
type Traces = readonly (readonly Trace[])[];

function runLayers(op: Recurrent, x: Field, cells: readonly Cell[], c: RuleContext, initial: readonly Field[]): Traces {
  const { steps, timeAxis } = stepsOf(op, x);
  const n = Math.max(1, steps);
  let input: readonly Step[] = new Array<Step>(n).fill(stepOf(x, rolesIn(x, timeAxis)));
  const traces: Trace[][] = [];
  const directions = op.bidirectional ? 2 : 1;
  // A given state has one step only.
  const [h0, c0] = initial.map((f) => stepOf(f, { time: 0, sample: bit(mainRole(f.axes.at(-2))), timeAxis: -1 }));
  const start = h0 === undefined ? undefined : { h: h0, c: c0 ?? ZERO };
  for (let l = 0; l < op.layers; l++) {
    const [first, second] = [input, input.slice().reverse()];
    const layer: Trace[] = [];
    for (let d = 0; d < directions; d++)
      layer.push(run(op, cells[l * directions + d]!, d === 0 ? first : second, start));
    traces.push(layer);
    const keep = c.training && l + 1 < op.layers ? 1 / (1 - Math.min(0.999, op.dropout)) : 1;
    input = input.map((_, t) => {
      const all = mean(layer.map(({ h }, d) => h[d === 0 ? t : n - 1 - t]!));
      return { ...all, q: all.q * keep };
    });
  }
  return traces;
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
    const traces = runLayers(op, x, cells, c, initial);
    const top = traces[traces.length - 1] ?? [];
    const { timeAxis, steps } = stepsOf(op, x);
    const features = mainRole(x.axes[x.axes.length - 1]);
    const { time, sample } = rolesIn(x, timeAxis);
    const moment = (states: readonly Step[], axes: readonly Axis[], feature: number): Field => {
      const { q, other, far, next, both } = mean(states);
      // Neighbouring steps share more than far ones.
      const apart = far + memoryShare(decay({ q, other, far, next, both }), steps) * (q - far);
      return {
        mean: 0,
        scale: 0,
        axes,
        kernel: newKernel((m) =>
          m & bit(feature) ? 0 : m & sample ? (m & time ? both : other) : m & time ? apart : q,
        ),
        near:
          axes.length === x.axes.length && time !== 0
            ? nearSteps(x, timeAxis, { q, far, next, left: decay({ q, other, far, next, both }) })
            : undefined,
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
        return moment(
          top.map((t) => t.cellState),
          axes,
          role,
        );
      }
      return moment(seq ? all : last, axes, role);
    });
  },
  /** Backpropagation through time with the same independence; gradients at the last state enter at the last step. */
  backward(op, [x], _, grads, c) {
    if (x === undefined) return [undefined];
    const cells = cellsOf(op, c);
    if ('unknown' in cells) return [undefined];
    const traces = runLayers(op, x, cells, c, []);
    const { steps, timeAxis } = stepsOf(op, x);
    const [sequence, lastState] = op.single ? [undefined, grads[0]] : [grads[0], grads[1]];
    const directions = op.bidirectional ? 2 : 1;
    let steady = incomingSteps(sequence, Math.max(1, steps), timeAxis);
    const n = steady.squares.length;
    for (let l = op.layers - 1; l >= 0; l--) {
      const [squares, next, far] = [floats(n), floats(n), floats(n)];
      let left = 0;
      for (let d = 0; d < directions; d++) {
        const trace = traces[l]?.[d];
        const cell = cells[l * directions + d];
        if (trace === undefined || cell === undefined) continue;
        const own = d === 0 ? steady : reversed(steady);
        // The last state's gradient belongs to the top layer; with several layers its tensor holds them all alike.
        const entering = l === op.layers - 1 ? withLast(own, unitOf(lastState)) : own;
        const through = backThrough(op, cell, trace, entering);
        const below = d === 0 ? through : reversed(through);
        for (let t = 0; t < n; t++) {
          squares[t] = squares[t]! + below.squares[t]!;
          next[t] = next[t]! + below.next[t]!;
          far[t] = Math.hypot(far[t]!, below.far[t]!);
        }
        left = Math.max(left, below.left);
      }
      const keep = c.training && l > 0 ? 1 / (1 - Math.min(0.999, op.dropout)) : 1;
      steady = { squares: squares.map((g) => g * keep), next, far, left };
    }
    return [gradientOf(steady, x, timeAxis)];
  },
};

function unitOf(g: Gradient | undefined): number {
  return g === undefined ? 0 : at(g.kernel, 0) * Math.pow(2, Math.max(-1000, Math.min(1000, g.scale)));
}

function withLast(steps: Steps, square: number): Steps {
  const squares = steps.squares.slice();
  squares[squares.length - 1]! += square;
  return { ...steps, squares };
}

/** Gradients at the outputs of all steps. */
function incomingSteps(sequence: Gradient | undefined, n: number, timeAxis: number): Steps {
  const profile = sequence?.profiles?.[timeAxis];
  const squares = floats(n).fill(unitOf(sequence));
  if (profile?.length === n) for (let t = 0; t < n; t++) squares[t] = squares[t]! * profile[t]!;
  const time = timeAxis < 0 ? 0 : bit(mainRole(sequence?.axes[timeAxis]));
  if (sequence === undefined || time === 0) return { squares, next: floats(n), far: floats(n), left: 0 };
  const { far, next, left } = neighbours(sequence, time, timeAxis);
  const unit = Math.pow(2, Math.max(-1000, Math.min(1000, sequence.scale)));
  return { squares, next: floats(n).fill(next * unit), far: floats(n).fill(Math.sqrt(Math.max(0, far * unit))), left };
}

/** The gradient of the whole input: large where the gradient of the output came in, and alike at neighbouring steps. */
function gradientOf({ squares, next, far, left }: Steps, x: Field, timeAxis: number): Gradient {
  const n = squares.length;
  const q = squares.reduce((sum, g) => sum + g, 0) / n;
  const features = bit(mainRole(x.axes[x.axes.length - 1]));
  const { time, sample } = rolesIn(x, timeAxis);
  const lasting = far.reduce((sum, g) => sum + g, 0) / n;
  // Pairs by their distance, of which there are fewer the farther they are apart.
  const beyond = n > 1 ? next.reduce((sum, g) => sum + g, 0) / (n - 1) - lasting ** 2 : 0;
  const apart = lasting ** 2 + (left > 0 ? (beyond * memoryShare(left, n)) / left : 0);
  const profile = q > 0 ? squares.map((g) => g / q) : undefined;
  return {
    mean: 0,
    scale: 0,
    axes: x.axes,
    kernel: newKernel((m) => (m & (features | sample) ? 0 : m & time ? apart : q)),
    near: nearSteps(x, timeAxis, { q, far: lasting ** 2, next: lasting ** 2 + beyond, left }),
    profiles: timeAxis < 0 || n < 2 ? undefined : x.axes.map((_, i) => (i === timeAxis ? profile : undefined)),
  };
}

/** How much two steps share beyond far ones, on average over pairs, when it decays so from step to step. */
function memoryShare(left: number, steps: number): number {
  if (steps <= 1 || left === 0) return 0;
  let sum = 0;
  for (let lag = 1, share = left; lag < steps && share > 1e-12; lag++, share *= left) sum += (steps - lag) * share;
  return (2 * sum) / (steps * (steps - 1));
}
