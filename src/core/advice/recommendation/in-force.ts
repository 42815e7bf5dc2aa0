import { isKnown, type Distribution } from '../../model/index.js';

/** Standard deviation in force; undefined when it is not known. */
export function currentStd(d: Distribution | undefined): number | undefined {
  return d !== undefined && isKnown(d) ? d.std : undefined;
}

export function isConstant(d: Distribution | undefined): boolean {
  return d?.kind === 'constant' || (d !== undefined && isKnown(d) && d.std === 0);
}

export function near(current: number | undefined, wanted: number): boolean {
  return current !== undefined && Math.abs(current / wanted - 1) <= 0.1;
}
