import { alignedTo } from '../axes.js';
import { at, atScale, newKernel, type Field } from '../field.js';

/** x − mean(x) over some axes, where `mean` is that mean: E[(x−m)(x′−m′)] = K − K_m, since E[x·m′] = E[m·m′]. */
export function centredBy(x: Field, mean: Field): Field {
  const m = atScale(alignedTo(mean, x.axes), x.scale);
  return {
    ...x,
    mean: 0,
    kernel: newKernel((k) => at(x.kernel, k) - at(m.kernel, k)),
    free: undefined,
    pieces: undefined,
  };
}
