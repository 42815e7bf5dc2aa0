import type { Operation } from '../../../../model/index.js';
import type { NativeFunction } from '../../../../python/values/index.js';
import { op, type Family, type Table } from '../kit/define.js';
import { compute } from '../kit/make.js';
import { flag, real } from '../kit/values.js';
import { contentOf } from '../storage/write.js';

type Unit = Extract<Operation, { kind: 'dropout' }>['unit'];

/** Inverted dropout: what is kept is scaled by 1/(1−p). Nothing happens outside training. */
function dropout(name: string, unit: Unit): NativeFunction {
  return op(name, 'input, p=0.5, training=True, inplace=False', (x, a, rt) => {
    const p = real(a.p, 'p', rt);
    if (p < 0 || p > 1) rt.raise('ValueError', `dropout probability has to be between 0 and 1, but got ${String(p)}`);
    if (p === 0 || !flag(a.training, rt, true)) return x;
    return compute(rt, { kind: 'dropout', p, unit }, [x], { shape: x.shape, dtype: x.dtype }, () => contentOf(x));
  });
}

const functions: Table = {
  dropout: dropout('dropout', 'entry'),
  alpha_dropout: dropout('alpha_dropout', 'alpha'),
  feature_alpha_dropout: dropout('feature_alpha_dropout', 'alpha'),
  dropout1d: dropout('dropout1d', 'channel'),
  dropout2d: dropout('dropout2d', 'channel'),
  dropout3d: dropout('dropout3d', 'channel'),
  feature_dropout: dropout('feature_dropout', 'channel'),
};
for (const [name, f] of Object.entries(functions)) functions[`${name}_`] = f;

export const dropoutFamily: Family = { torch: functions, functional: functions };
