import type { Activation, Constants } from '../activations/index.js';
import { GAUSSIAN } from './marginal.js';

const KNOWN = new WeakMap<Activation, WeakMap<Constants, Float64Array>>();
const SHARED = new WeakSet<Float64Array>();

/**
 * φ′ at the nodes of the standard normal. For an activation that only scales (φ(az) = aφ(z)) these are its slopes under
 * every centred Gaussian, so that all its curves share one array.
 */
export function unitSlopes(activation: Activation, constants: Constants): Float64Array {
  let byConstants = KNOWN.get(activation);
  if (byConstants === undefined) KNOWN.set(activation, (byConstants = new WeakMap()));
  let slopes = byConstants.get(constants);
  if (slopes === undefined) {
    slopes = GAUSSIAN.nodes.map((t) => activation.derivative(t, constants));
    byConstants.set(constants, slopes);
    SHARED.add(slopes);
  }
  return slopes;
}

/** True for an array that `unitSlopes` made: what follows from it is worth keeping. */
export function isShared(slopes: Float64Array): boolean {
  return SHARED.has(slopes);
}
