import type { Value } from '../../../../python/values/index.js';
import type { Table } from '../kit/define.js';
import { fanFunctions } from './fans.js';
import { plain } from './plain.js';
import { scaledByFans } from './scaled.js';
import { structured } from './structured.js';

export { randomMethods } from './methods.js';

const initializers: Table = { ...plain, ...scaledByFans, ...structured };

/** Names from before the underscore, which torch keeps with a warning. */
const OLD_NAMES = [
  'uniform',
  'normal',
  'constant',
  'eye',
  'dirac',
  'xavier_uniform',
  'xavier_normal',
  'kaiming_uniform',
  'kaiming_normal',
  'orthogonal',
  'sparse',
];

/** torch.nn.init. */
export const initFunctions: Record<string, Value> = {
  ...initializers,
  ...Object.fromEntries(OLD_NAMES.map((name) => [name, initializers[`${name}_`]!])),
  ...fanFunctions,
};
