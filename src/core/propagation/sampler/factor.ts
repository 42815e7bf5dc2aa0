import type { Kernels } from '../kernels/index.js';
import type { Frame } from './frame.js';
import { pivotedFactor } from './pivoted.js';
import { Workspace } from './workspace.js';

/** values = lower·frame. */
export interface Factor {
  readonly frame: Frame;
  /** rows×rank; lower triangular where `triangular`. Stands in the workspace until the next factor of that name. */
  readonly lower: Float64Array;
  readonly triangular: boolean;
  /** What was allocated for it. */
  readonly owned: readonly (Float32Array | Float64Array)[];
}

export interface FactorOptions {
  readonly name: string;
  /** The frame may have no more rows than this. Default: no limit. */
  readonly mostRank?: number;
  /** Squared norms that the rows had before something was subtracted: what is left far below them is rounding. */
  readonly reference?: Float64Array | undefined;
  /** Receives the Gram matrix (rows×rows). */
  readonly gram: Float64Array;
}

/** Below this ratio of a pivot to its diagonal entry, a Gram matrix summed in single precision is summed anew. */
const LEAST_SINGLE = 1e-2;
/** Below this one, an inverse applied in single precision would show: the frame is then formed in doubles. */
const LEAST_DOUBLE = 1e-6;
/** Rows of which less than this share is left after a subtraction count as zero. */
const NEGLIGIBLE = 1e-12;

/** An orthonormal frame for the rows of `values` (rows×length), and the rows in terms of it. */
export function factorize(
  kernels: Kernels,
  values: Float32Array,
  rows: number,
  length: number,
  options: FactorOptions,
): Factor {
  const workspace = Workspace.of(kernels);
  const { name, reference, gram, mostRank = rows } = options;
  const lower = workspace.doubles(`${name}.lower`, rows * rows);
  const isLost = (i: number): boolean => reference !== undefined && gram[i * rows + i]! <= NEGLIGIBLE * reference[i]!;
  const attempt = (precision: 'single' | 'double', least: number): boolean => {
    kernels.gram(values, rows, length, gram, precision);
    if (mostRank < rows) return false;
    for (let i = 0; i < rows; i++) if (isLost(i)) return false;
    lower.set(gram.subarray(0, rows * rows));
    return kernels.cholesky(lower, rows, least) > least;
  };
  if (attempt('single', LEAST_SINGLE) || attempt('double', LEAST_DOUBLE)) {
    const transform = kernels.allocateDoubles(rows * rows);
    kernels.invertLower(lower, rows, transform);
    const frame = { rank: rows, length, base: values, rows, transform };
    return { frame, lower, triangular: true, owned: [transform] };
  }
  const pivoted = pivotedFactor({ gram, values, rows, length, mostRank, isLost, lower });
  const base = kernels.reserve(pivoted.rank * length);
  pivoted.form(base);
  const frame = { rank: pivoted.rank, length, base, rows: pivoted.rank, transform: undefined };
  return { frame, lower, triangular: false, owned: [base] };
}
