interface Request {
  readonly gram: Float64Array;
  readonly values: Float32Array;
  readonly rows: number;
  readonly length: number;
  readonly mostRank: number;
  /** Is row i nothing but rounding? */
  readonly isLost: (i: number) => boolean;
  /** Receives rows×rank: each row in terms of the frame. */
  readonly lower: Float64Array;
}

export interface PivotedFactor {
  readonly rank: number;
  /** Writes the frame, rank×length. */
  readonly form: (out: Float32Array) => void;
}

/** Pivots of the equilibrated matrix below this are rounding of its doubles. */
const LEAST_PIVOT = 1e-13;
const CHUNK = 256;

/**
 * Cholesky with diagonal pivoting on the Gram matrix scaled to a unit diagonal, which also tells its rank; the frame is
 * formed row by row in doubles. For batches whose rows nearly coincide, and for more rows than dimensions.
 */
export function pivotedFactor(request: Request): PivotedFactor {
  const { gram, values, rows, length, mostRank, isLost, lower } = request;
  const norms = Float64Array.from({ length: rows }, (_, i) => (isLost(i) ? 0 : Math.sqrt(gram[i * rows + i]!)));
  const order = [...norms.keys()].filter((i) => norms[i]! > 0 && Number.isFinite(norms[i]!));
  const left = Float64Array.from({ length: rows }, () => 1);
  // Row i of the factor, in units of the row's norm.
  const factor = Array.from({ length: rows }, () => new Float64Array(rows));
  let rank = 0;
  for (; rank < Math.min(mostRank, order.length); rank++) {
    let best = rank;
    for (let p = rank + 1; p < order.length; p++) if (left[order[p]!]! > left[order[best]!]!) best = p;
    const pivot = order[best]!;
    if (left[pivot]! < LEAST_PIVOT) break;
    [order[rank], order[best]] = [pivot, order[rank]!];
    const diagonal = Math.sqrt(left[pivot]!);
    const pivotRow = factor[pivot]!;
    pivotRow[rank] = diagonal;
    for (let p = rank + 1; p < order.length; p++) {
      const i = order[p]!;
      const row = factor[i]!;
      let sum = gram[i * rows + pivot]! / (norms[i]! * norms[pivot]!);
      for (let j = 0; j < rank; j++) sum -= row[j]! * pivotRow[j]!;
      row[rank] = sum / diagonal;
      left[i] = left[i]! - row[rank]! ** 2;
    }
  }
  for (let i = 0; i < rows; i++) for (let j = 0; j < rank; j++) lower[i * rank + j] = norms[i]! * factor[i]![j]!;
  const form = (out: Float32Array): void => {
    const block = new Float64Array(rank * CHUNK);
    for (let from = 0; from < length; from += CHUNK) {
      const width = Math.min(CHUNK, length - from);
      for (let r = 0; r < rank; r++) {
        const source = order[r]!;
        const row = factor[source]!;
        const scale = 1 / norms[source]!;
        for (let c = 0; c < width; c++) block[r * CHUNK + c] = values[source * length + from + c]! * scale;
        for (let j = 0; j < r; j++) {
          const weight = row[j]!;
          for (let c = 0; c < width; c++) block[r * CHUNK + c] = block[r * CHUNK + c]! - weight * block[j * CHUNK + c]!;
        }
        const inverse = 1 / row[r]!;
        for (let c = 0; c < width; c++) {
          const value = block[r * CHUNK + c]! * inverse;
          block[r * CHUNK + c] = value;
          out[r * length + from + c] = value;
        }
      }
    }
  };
  return { rank, form };
}
