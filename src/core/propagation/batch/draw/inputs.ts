import type { InputStatistics } from '../../../model/index.js';
import type { Kernels } from '../../kernels/types.js';
import type { Tensor } from '../tensor/tensor.js';
import type { OperationOf } from '../types.js';

/** iid N(0,1) unless told otherwise; integers are uniform over their range. */
export function fillInput(k: Kernels, op: OperationOf<'input'>, t: Tensor, given: InputStatistics | undefined): void {
  if (op.range !== undefined) {
    k.uniform(t.data, 0, op.range);
    const last = op.range - 1;
    for (let i = 0; i < t.data.length; i++) t.data[i] = Math.min(last, Math.floor(t.data[i]!));
    return;
  }
  if (given !== undefined && 'oneHot' in given) {
    const width = t.shape.at(-1) ?? 1;
    const rows = t.data.length / Math.max(1, width);
    const places = k.allocate(Math.max(1, rows));
    k.uniform(places, 0, width);
    for (let r = 0; r < rows; r++) t.data[r * width + Math.min(width - 1, Math.floor(places[r]!))] = given.value ?? 1;
    k.free(places);
    return;
  }
  const { mean, variance } = given === undefined || 'tokens' in given ? { mean: 0, variance: 1 } : given;
  k.normal(t.data, mean, Math.sqrt(variance));
}
