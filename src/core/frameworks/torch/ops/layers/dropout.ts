import type { Operation } from '../../../../model/index.js';
import { op, type Family, type Table } from '../kit/define.js';
import { compute } from '../kit/make.js';
import { flag, real } from '../kit/values.js';
import { settle } from '../pointwise/activations.js';
import { distributionOf } from '../storage/write.js';

type Unit = Extract<Operation, { kind: 'dropout' }>['unit'];

const dropout = (
  name: string,
  unit: Unit,
  training: 'True' | 'False' = 'True',
  flagName = 'training',
): Table[string] => {
  const signature = `input, p=0.5, ${flagName}=${training}, inplace=False`;
  return op(name, signature, (x, args, rt) => {
    const a = args as Readonly<Record<string, (typeof args)[keyof typeof args]>>;
    const p = real(a['p'] ?? 0.5, 'p', rt);
    if (p < 0 || p > 1)
      rt.raise('ValueError', `dropout probability has to be between 0 and 1, but got ${rt.repr(a['p'] ?? p)}`);
    if (p === 0 || !flag(a[flagName] ?? true, rt, true)) return x;
    const y = compute(rt, { kind: 'dropout', p, unit }, [x], { shape: x.shape, dtype: x.dtype }, () => ({
      distribution: distributionOf(x),
    }));
    return settle(y, x, name, a['inplace'] ?? false, rt);
  });
};

export const dropouts: Family = {
  functional: {
    dropout: dropout('dropout', 'entry'),
    dropout1d: dropout('dropout1d', 'channel'),
    dropout2d: dropout('dropout2d', 'channel'),
    dropout3d: dropout('dropout3d', 'channel'),
    alpha_dropout: dropout('alpha_dropout', 'alpha', 'False'),
    feature_alpha_dropout: dropout('feature_alpha_dropout', 'alpha', 'False'),
  },
  torch: {
    dropout: dropout('dropout', 'entry', 'True', 'train'),
    feature_dropout: dropout('feature_dropout', 'channel', 'True', 'train'),
    alpha_dropout: dropout('alpha_dropout', 'alpha', 'True', 'train'),
    feature_alpha_dropout: dropout('feature_alpha_dropout', 'alpha', 'True', 'train'),
  },
};
