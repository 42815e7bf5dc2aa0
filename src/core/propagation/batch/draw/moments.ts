import { isKnown, type Distribution } from '../../../model/index.js';

/** E[w²] of one entry. */
export function secondMoment(d: Distribution): number | undefined {
  return isKnown(d) ? d.mean * d.mean + d.std * d.std : undefined;
}
