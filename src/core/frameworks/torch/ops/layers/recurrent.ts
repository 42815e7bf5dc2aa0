import type { Operation } from '../../../../model/index.js';
import { Tuple, type Runtime, type Value } from '../../../../python/values/index.js';
import { torchState } from '../../context.js';
import type { Size, Tensor } from '../../tensor.js';
import { isWeight } from '../../trace.js';
import { op, tensorArgument, type Family } from '../kit/define.js';
import { computeMany, type Outcome } from '../kit/make.js';
import { hasRank, sameSize, shapeText, symbol, times, type Shape, type Sizes } from '../kit/sizes.js';
import { flag, integer, itemsOf, real, tensorOf } from '../kit/values.js';
import { distributionOf } from '../storage/write.js';

type Recurrent = Extract<Operation, { kind: 'recurrent' }>;
type Cell = Recurrent['cell'];

const CELLS: Readonly<Record<string, readonly [cell: Cell, name: string]>> = {
  rnn_tanh: ['rnn_tanh', 'RNN'],
  rnn_relu: ['rnn_relu', 'RNN'],
  lstm: ['lstm', 'LSTM'],
  gru: ['gru', 'GRU'],
};

/** What is known of a recurrent layer before its input's sizes are looked at. */
interface Layer {
  readonly cell: Cell;
  /** Class that the user calls. */
  readonly name: string;
  readonly hidden: number;
  /** 0: none. */
  readonly projection: number;
  readonly layers: number;
  readonly bidirectional: boolean;
  readonly batchFirst: boolean;
  readonly single: boolean;
}

/** Tensors of an initial state: (h, c) for LSTM, h for the others. What isn't known is left out. */
function initialState(hx: Value, rt: Runtime): Tensor[] {
  if (hx === null) return [];
  const one = tensorOf(hx);
  if (one) return [one];
  return (itemsOf(hx, rt) ?? []).flatMap((v) => tensorOf(v) ?? []);
}

/** What a layer starts from anyway. */
function isZero(t: Tensor): boolean {
  if (t.value !== null || isWeight(t)) return false;
  const d = distributionOf(t);
  return d.kind === 'constant' && d.mean === 0;
}

function checkInput(rt: Runtime, layer: Layer, x: Sizes, within: Size | undefined): void {
  const [low, high] = layer.single ? [1, 2] : [2, 3];
  if (x.length !== low && x.length !== high)
    rt.raise(
      'ValueError',
      `${layer.name}: Expected input to be ${String(low)}D or ${String(high)}D, got ${String(x.length)}D instead`,
    );
  const last = x.at(-1);
  if (last === undefined || within === undefined || sameSize(last, within) !== false) return;
  rt.raise(
    'RuntimeError',
    layer.single
      ? `input has inconsistent input_size: got ${symbol(last)} expected ${symbol(within)}`
      : `input.size(-1) must be equal to input_size. Expected ${symbol(within)}, got ${symbol(last)}`,
  );
}

/** Shapes of the states that follow from the input's: that of h, then that of c. */
function stateShapes(layer: Layer, x: Sizes): Sizes[] {
  const batch = layer.single ? x.slice(0, -1) : x.length === 2 ? [] : [x[layer.batchFirst ? 0 : 1]!];
  const lead = layer.single ? [] : [layer.layers * (layer.bidirectional ? 2 : 1)];
  const h: Sizes = [...lead, ...batch, layer.projection || layer.hidden];
  return layer.cell === 'lstm' ? [h, [...lead, ...batch, layer.hidden]] : [h];
}

function checkStates(rt: Runtime, layer: Layer, x: Sizes, given: readonly Tensor[]): void {
  const expected = stateShapes(layer, x);
  const shapes = given.map((t) => t.shape).filter(hasRank);
  if (layer.single) {
    for (const [i, s] of shapes.entries()) checkCellState(rt, layer, x, s, i);
    return;
  }
  if (shapes.some((s) => s.length !== x.length)) {
    const got = shapes.map((s) => `${String(s.length)}-D`);
    const start = `For ${x.length === 3 ? 'batched 3-D' : 'unbatched 2-D'} input, hx`;
    const rank = `should also be ${String(x.length)}-D but got`;
    rt.raise(
      'RuntimeError',
      layer.cell === 'lstm'
        ? `${start} and cx ${rank} (${got.join(', ')}) tensors`
        : `${start} ${rank} ${got.join(', ')} tensor`,
    );
  }
  for (const [i, s] of shapes.entries()) {
    const own = expected[i];
    if (!own?.some((n, k) => sameSize(n, s[k]!) === false)) continue;
    const which = layer.cell === 'lstm' ? `hidden[${String(i)}]` : 'hidden';
    rt.raise('RuntimeError', `Expected ${which} size (${own.map(symbol).join(', ')}), got ${shapeText(s)}`);
  }
}

function checkCellState(rt: Runtime, layer: Layer, x: Sizes, state: Sizes, index: number): void {
  if (state.length !== 1 && state.length !== 2) {
    const which = layer.cell === 'lstm' ? `hx[${String(index)}]` : 'hidden';
    rt.raise('ValueError', `${layer.name}: Expected ${which} to be 1D or 2D, got ${String(state.length)}D instead`);
  }
  const which = `hidden${String(index)}`;
  const [rows, batch] = [state[0]!, x[0]!];
  if (x.length === 2 && state.length === 2 && sameSize(rows, batch) === false)
    rt.raise('RuntimeError', `Input batch size ${symbol(batch)} doesn't match ${which} batch size ${symbol(rows)}`);
  const size = state.at(-1)!;
  if (sameSize(size, layer.hidden) === false)
    rt.raise(
      'RuntimeError',
      `${which} has inconsistent hidden_size: got ${symbol(size)}, expected ${String(layer.hidden)}`,
    );
}

function outcomes(layer: Layer, x: Shape): Outcome[] {
  if (!hasRank(x))
    return new Array<Outcome>((layer.cell === 'lstm' ? 2 : 1) + (layer.single ? 0 : 1)).fill({ shape: x.as('…') });
  const states = stateShapes(layer, x).map((shape) => ({ shape }));
  if (layer.single) return states;
  const width = times(layer.projection || layer.hidden, layer.bidirectional ? 2 : 1);
  return [{ shape: [...x.slice(0, -1), width] }, ...states];
}

function operationOf(layer: Layer, weights: readonly Tensor[], dropout: number): Operation {
  const { tracer } = torchState();
  if (!weights.every(isWeight))
    return { kind: 'opaque', name: layer.name, reason: 'a recurrent layer whose weights are computed' };
  const { cell, hidden, projection, layers, bidirectional, batchFirst, single } = layer;
  const parameters = tracer.active ? weights.map((w) => tracer.parameterId(w)) : [];
  const own = {
    kind: 'recurrent',
    cell,
    hidden,
    layers,
    bidirectional,
    batchFirst,
    single,
    dropout,
    parameters,
  } as const;
  return projection > 0 ? { ...own, projection } : own;
}

/**
 * A whole recurrent layer, or one step of a cell. `parameters` are in torch's order: layer by layer and direction by
 * direction, each with its weights from the input and from the state, then its biases. The result is what torch's
 * layer returns: (output, (h, c)) or (output, h); of a cell (h, c) or h.
 */
const recurrent = op(
  '_recurrent',
  'input, hx, cell, hidden, layers=1, bidirectional=False, batch_first=False, single=False, dropout=0.0, proj_size=0, parameters=()',
  (x, a, rt) => {
    const single = flag(a.single, rt);
    const [cell, name] =
      (typeof a.cell === 'string' ? CELLS[a.cell.toLowerCase()] : undefined) ??
      rt.raise('ValueError', `Unknown nonlinearity: ${rt.str(a.cell)}`);
    const layer: Layer = {
      cell,
      name: single ? `${name}Cell` : name,
      hidden: integer(a.hidden, 'hidden_size', rt),
      projection: integer(a.proj_size, 'proj_size', rt),
      layers: integer(a.layers, 'num_layers', rt),
      bidirectional: flag(a.bidirectional, rt),
      batchFirst: flag(a.batch_first, rt),
      single,
    };
    const weights = (itemsOf(a.parameters, rt) ?? []).map((p) => tensorArgument(p, name, 'parameters', rt));
    const given = initialState(a.hx, rt);
    if (hasRank(x.shape)) {
      const first = weights[0]?.shape;
      checkInput(rt, layer, x.shape, first !== undefined && hasRank(first) ? first[1] : undefined);
      checkStates(rt, layer, x.shape, given);
    }
    const states = given.every(isZero) ? [] : given;
    const operation = operationOf(layer, weights, real(a.dropout, 'dropout', rt));
    const results = computeMany(rt, operation, [x, ...states], outcomes(layer, x.shape));
    const last = single ? results : results.slice(1);
    const state: Value = cell === 'lstm' ? new Tuple(last) : last[0]!;
    return single ? state : new Tuple([results[0]!, state]);
  },
);

export const recurrentFamily: Family = { torch: { _recurrent: recurrent } };
