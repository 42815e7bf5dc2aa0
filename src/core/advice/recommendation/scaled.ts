import type { Recommendation } from '../../model/index.js';
import type { Feeder } from './feeder.js';
import { nextSteps } from './graph-walk.js';
import { currentStd, isConstant, near } from './in-force.js';
import { activationNamed } from '../../propagation/activations/index.js';
import type { Place, Survey } from './place.js';
import { reason } from './reasons.js';
import type { TrueFan } from './sizes.js';
import type { Drift } from './stability.js';
import { sigmaText } from './symbols.js';

/** A weight whose scale matters, and all that its σ and the words for it depend on. */
export interface Case {
  readonly place: Place;
  readonly feeder: Feeder;
  readonly fan: TrueFan;
  /** What makes up for the feeder alone, and what remains of it after sums have had their share. */
  readonly feederGain: number;
  readonly gain: number;
  readonly std: number | undefined;
  readonly current: number | undefined;
  /** How many layers' outputs are added, this one included. */
  readonly terms: number;
  readonly normedStream: boolean;
  /** A factor of 2 that comes in here stays one: only rectifiers, which hand it on, come next. */
  readonly isHarmless: boolean;
  readonly drift: Drift | undefined;
}

/** σ = g/√fan_in, with the gain of what feeds the layer, and its share where outputs are added. */
export function recommendScale(s: Survey, place: Place, drift: Drift | undefined): Recommendation {
  const { fan, feeder, branchEnd: end, distribution } = place;
  const feederGain = 1 / Math.sqrt(feeder.second);
  const terms = s.parallel.get(place.index) ?? 1;
  const branches = end === undefined || end.sumNormed ? 1 : end.branches;
  const gain = feederGain / Math.sqrt(branches * terms);
  const std = fan.fanIn === undefined ? undefined : gain / Math.sqrt(fan.fanIn);
  const current = currentStd(distribution);
  const isHarmless = (feeder.kind === 'data' || feeder.kind === 'norm') && isRectified(s, place);
  const c = { place, feeder, fan, feederGain, gain, std, current, terms, isHarmless, drift };
  const why = reason({ ...c, normedStream: s.normedStream });
  const init = end !== undefined || terms > 1 ? 'scaled_normal' : nameFor(feeder, feederGain, fan);
  if (std === undefined)
    return { init, gain, symbolic: `${sigmaText(gain, 'fan_in')}, fan_in = ${fan.expression}`, satisfied: false, why };
  if (feeder.activation?.activation.name === 'sigmoid' && !place.head)
    return { init: 'normalize', gain, std, satisfied: false, why };
  const zeroEnd = isConstant(distribution) && (end !== undefined || place.head);
  // Where small is right too: a head, or the end of a branch whose stream is normalized.
  const isNormedEnd = end !== undefined && (s.normedStream || end.sumNormed);
  const lenient = place.head || isNormedEnd;
  const largest = std * Math.sqrt(branches);
  const satisfied =
    zeroEnd ||
    near(current, std) ||
    (isHarmless && (near(current, std * Math.SQRT2) || between(current, std, std * Math.SQRT2))) ||
    (lenient && !isConstant(distribution) && current !== undefined && current <= 1.1 * largest);
  return { init, gain, std, satisfied, why, ...(end && { branches }), ...(isNormedEnd && { largest }) };
}

function between(value: number | undefined, low: number, high: number): boolean {
  return value !== undefined && value >= low && value <= high;
}

/** Whatever uses the output rectifies it; a positively homogeneous function hands factors on. */
function isRectified(s: Survey, place: Place): boolean {
  const next = nextSteps(s.wiring, place.node.outputs[0]!);
  return (
    next.length > 0 &&
    next.every(({ operation: op }) => op.kind === 'activation' && activationNamed(op.name)?.homogeneous === true)
  );
}

/** An initializer's usual name, where σ is what it gives. */
function nameFor(feeder: Feeder, gain: number, fan: TrueFan): string {
  const homogeneous = feeder.activation?.activation.homogeneous === true;
  if (homogeneous && gain > 1.2) return 'he_normal';
  if (Math.abs(gain - 1) < 0.03) return 'lecun_normal';
  const name = feeder.activation?.activation.name;
  const uneven =
    fan.fanIn !== undefined &&
    fan.fanOut !== undefined &&
    Math.max(fan.fanIn, fan.fanOut) > 2 * Math.min(fan.fanIn, fan.fanOut);
  return name === 'tanh' && uneven ? 'glorot_normal' : 'scaled_normal';
}
