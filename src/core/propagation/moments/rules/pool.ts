import type { Window } from '../../../model/index.js';
import { sizesOf } from '../axes.js';
import type { Field } from '../field.js';
import type { OperationOf, Rule, RuleContext } from '../types.js';
import { averagedField, averagedGradient, averageMaps } from './average-pool.js';
import { adaptiveWindow, poolShape, type PoolShape } from './pool-shape.js';

type Pooling = OperationOf<'pool' | 'adaptivePool'>;

/** The largest entry is picked by the engine, which knows what function of which source is pooled. */
const average: Rule<'pool' | 'adaptivePool'> = {
  forward(op, [x], c) {
    if (x === undefined || op.reduce !== 'average') return { unknown: 'no input' };
    return [averagedField(x, shapeOf(op, x, c), averageMaps(op, c))];
  },
  backward(op, [x], _, [g], c) {
    if (g === undefined || x === undefined || op.reduce !== 'average') return [undefined];
    return [averagedGradient(g, x, shapeOf(op, x, c), averageMaps(op, c))];
  },
};

export const pool: Rule<'pool'> = average;
export const adaptivePool: Rule<'adaptivePool'> = average;

/** A pooling's window on its own input. */
export function shapeOf(op: Pooling, x: Field, c: RuleContext): PoolShape {
  const inSizes = sizesOf(c.inputShapes[0] ?? []);
  const countPadding = op.kind === 'pool' && op.reduce === 'average' && op.countPadding;
  return poolShape(x, windowOf(op, inSizes), countPadding, inSizes, sizesOf(c.outputShapes[0] ?? []));
}

export function windowOf(op: Pooling, inSizes: readonly number[]): Window {
  return op.kind === 'pool' ? op.window : adaptiveWindow(inSizes, op.output);
}
