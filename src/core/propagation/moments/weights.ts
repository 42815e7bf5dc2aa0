import { isKnown, type Distribution, type ParameterId, type Weight } from '../../model/index.js';
import { at, type Field } from './field.js';
import { unknown, type RuleContext, type Unknown } from './types.js';

/** Mean and variance of one weight, and how much Σw² over n weights fluctuates. */
export interface WeightMoments {
  readonly mean: number;
  readonly variance: number;
  /** Relative variance of w²: kurtosis − 1. 0 where the rows have fixed length (orthogonal). */
  readonly squareSpread: number;
  /** Passes its input through, scaled by this. */
  readonly passes?: number | undefined;
}

function squareSpread(d: Distribution): number {
  switch (d.kind) {
    case 'uniform':
      return 0.8;
    case 'truncatedNormal':
      return d.scale > 0 && (d.high - d.location) / d.scale < 3 ? 1.35 : 2;
    case 'orthogonal':
    case 'constant':
    case 'identity':
    case 'dirac':
      return 0;
    default:
      return 2;
  }
}

/** Moments of a layer's weight; one that forward computes is the node's last input. */
export function weightMoments(c: RuleContext, id: Weight, inputs: readonly Field[] = []): WeightMoments | Unknown {
  if (id === 'input') {
    const field = inputs[inputs.length - 1];
    if (field === undefined) return unknown('a computed weight is not known');
    const unit = Math.pow(2, field.scale);
    return {
      mean: field.mean * Math.sqrt(unit),
      variance: Math.max(0, at(field.kernel, 0) - field.mean * field.mean) * unit,
      squareSpread: 2,
    };
  }
  const p = c.parameter(id);
  if (p === undefined) return unknown('a weight that is not known');
  const d = p.distribution;
  if (d.kind === 'uninitialized') return unknown('a weight is uninitialized memory');
  if (!isKnown(d)) return unknown(`a weight's distribution is not known: ${d.reason}`);
  return {
    mean: d.mean,
    variance: d.std * d.std,
    squareSpread: squareSpread(d),
    passes: d.kind === 'identity' ? d.value : d.kind === 'dirac' ? 1 : undefined,
  };
}

/** Mean and variance of a bias; a missing one is zero. */
export function biasMoments(c: RuleContext, id: ParameterId | undefined): { mean: number; variance: number } | Unknown {
  if (id === undefined) return { mean: 0, variance: 0 };
  const w = weightMoments(c, id);
  return 'unknown' in w ? w : { mean: w.mean, variance: w.variance };
}
